// Bytes of a preset's networks, for info and card.
#pragma once

#include "engine/kernels/network.h"
#include "engine/preset/preset.h"

namespace gruve {

/// Bytes of the parameters of all networks of an integer preset, by kind.
inline ParameterBytes bytes_by_kind(const Preset& preset) {
    ParameterBytes bytes = parameter_bytes(preset.model);
    if (const Preset* first = preset.first_stage()) {
        const ParameterBytes more = bytes_by_kind(*first);
        bytes.weights += more.weights;
        bytes.biases += more.biases;
        bytes.multipliers += more.multipliers;
        bytes.tables += more.tables;
        bytes.scalars += more.scalars;
    }
    return bytes;
}

/// Bytes that the networks of an integer preset take in memory. Throws like Network's constructor.
inline std::size_t resident_bytes(const Preset& preset, Resident layout) {
    const std::size_t bytes = Network(preset.model, layout).resident_bytes();
    return preset.first_stage() ? bytes + resident_bytes(*preset.first_stage(), layout) : bytes;
}

}  // namespace gruve

// Log-mel energies of one frame: the keyword spotter's front end. The same class makes the training features.
#pragma once

#include <memory>
#include <span>

#include "engine/preset/preset.h"

namespace gruve {

/// Features of one frame. Sized at construction; extract() is real-time safe.
class LogMel {
public:
    /// rate_hz 8000..192000. Throws std::invalid_argument otherwise or where `config` is out of range.
    LogMel(const LogMelConfig& config, double rate_hz);
    ~LogMel();
    LogMel(LogMel&&) noexcept;
    LogMel& operator=(LogMel&&) noexcept;

    int window() const;  // samples per frame
    int hop() const;     // samples between frames
    int bands() const;

    /// frame: window() samples, full scale ±1 → features: bands() floats, (dB + offset)/scale. Band powers are power per band
    /// (not per bin), so features do not depend on the rate. Bands above the Nyquist frequency get the floor.
    /// Where config.rise_s is above 0, dB counts from noise floors that each call moves on: call once a hop, in order.
    void extract(std::span<const float> frame, std::span<float> features) noexcept;
    /// Forgets the noise floors.
    void reset() noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace gruve

// Log-mel energies of one frame: the keyword spotter's front end. Training computes its features with the same class.
#pragma once

#include <memory>
#include <span>

#include "engine/preset/preset.h"

namespace gruve {

/// Features of one frame. Only the constructor allocates; everything else is real-time safe. Not thread-safe.
class LogMel {
public:
    /// rate_hz: 8000..192000. Throws std::invalid_argument if it or `config` is out of range.
    LogMel(const LogMelConfig& config, double rate_hz);
    ~LogMel();
    LogMel(LogMel&&) noexcept;
    LogMel& operator=(LogMel&&) noexcept;

    int window() const;  // samples per frame
    int hop() const;     // samples between frames
    int bands() const;

    /// frame: window() samples, full scale ±1 → features: bands() floats, (dB + offset)/scale. Powers are per band, not
    /// per bin, so that features do not depend on the rate. Bands above the Nyquist frequency get the floor. If
    /// config.rise_s is above 0, dB are relative to noise floors, which each call updates: call it once per hop, in
    /// order.
    void extract(std::span<const float> frame, std::span<float> features) noexcept;
    /// Forgets the noise floors.
    void reset() noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace gruve

// Test sounds that are the same at any rate.
#pragma once

#include <cmath>
#include <complex>
#include <cstdint>
#include <numbers>
#include <random>
#include <vector>

namespace gruve::tiny {

inline std::vector<float> tone(double hz, double amplitude, double rate_hz, double seconds) {
    std::vector<float> samples(static_cast<std::size_t>(seconds * rate_hz));
    for (std::size_t i = 0; i < samples.size(); ++i) {
        samples[i] =
            static_cast<float>(amplitude * std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / rate_hz));
    }
    return samples;
}

/// Noise as a sum of sines with random frequencies between low_hz and high_hz and random phases: the same sound at
/// every rate.
inline std::vector<float> band_noise(double low_hz, double high_hz, double rms, double rate_hz, double seconds,
                                     std::uint64_t seed, int sines = 300) {
    std::mt19937_64 random(seed);
    std::vector<float> samples(static_cast<std::size_t>(seconds * rate_hz));
    const auto unit = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
    for (int s = 0; s < sines; ++s) {
        const double hz = low_hz + (s + unit()) * (high_hz - low_hz) / sines;
        std::complex<double> phasor = std::polar(rms * std::sqrt(2.0 / sines), 2 * std::numbers::pi * unit());
        const std::complex<double> step = std::polar(1.0, 2 * std::numbers::pi * hz / rate_hz);
        for (float& x : samples) {
            x += static_cast<float>(phasor.imag());
            // Written out, because operator* would check for infinities at every sample.
            phasor = {phasor.real() * step.real() - phasor.imag() * step.imag(),
                      phasor.real() * step.imag() + phasor.imag() * step.real()};
        }
    }
    return samples;
}

inline std::vector<float> white_noise(std::size_t count, double rms, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<float> samples(count);
    for (float& x : samples)
        x = static_cast<float>(rms * std::sqrt(3.0) * (static_cast<double>(random() >> 11) * 0x1p-52 - 1.0));
    return samples;
}

/// Bursts of tones and noise with digital silence between them, which make gains and posteriors change.
inline std::vector<float> lively(double rate_hz, double seconds, std::uint64_t seed) {
    std::vector<float> samples = white_noise(static_cast<std::size_t>(seconds * rate_hz), 0.05, seed);
    const std::vector<float> whistle = tone(700, 0.3, rate_hz, seconds);
    const std::size_t third = static_cast<std::size_t>(0.15 * rate_hz);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const std::size_t part = i / third % 3;
        if (part == 1) samples[i] += whistle[i];
        if (part == 2) samples[i] = 0;
    }
    return samples;
}

}  // namespace gruve::tiny

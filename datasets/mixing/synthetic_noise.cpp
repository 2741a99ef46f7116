#include "datasets/mixing/synthetic_noise.h"

#include <cmath>
#include <numbers>

#include "datasets/support/random.h"

namespace gruve {
namespace {

constexpr double kTau = 2.0 * std::numbers::pi;

/// White noise through a one-pole filter. pole: 0 gives white noise, nearly 1 gives brown noise.
void add_filtered(std::vector<float>& out, double pole, double gain, std::mt19937_64& random) {
    double state = 0.0;
    for (float& sample : out) {
        state = pole * state + uniform(random, -1.0, 1.0);
        sample += static_cast<float>(gain * state);
    }
}

/// Pink noise, −3 dB an octave: a sum of one-pole filters whose corners lie an octave and a half apart (after Voss).
void add_pink(std::vector<float>& out, int rate_hz, std::mt19937_64& random) {
    for (double corner = 20.0; corner < 0.5 * rate_hz; corner *= 2.83) {
        const double pole = std::exp(-kTau * corner / rate_hz);
        add_filtered(out, pole, std::sqrt((1.0 - pole * pole)), random);
    }
}

/// Mains hum or a motor: a fundamental with decaying harmonics, a little jitter and a little hiss.
void add_hum(std::vector<float>& out, int rate_hz, std::mt19937_64& random) {
    const double pitch = chance(random, 0.5) ? (chance(random, 0.5) ? 50.0 : 60.0) : uniform(random, 40.0, 240.0);
    const double fall = uniform(random, 0.5, 1.5);
    std::vector<double> gains, phases;
    for (int k = 1; k <= 16 && k * pitch < 0.45 * rate_hz; ++k) {
        gains.push_back(uniform(random, 0.2, 1.0) / std::pow(k, fall));
        phases.push_back(uniform(random, 0.0, kTau));
    }
    double phase = 0.0, drift = 0.0;
    for (float& sample : out) {
        drift = 0.9995 * drift + 1e-5 * uniform(random, -1.0, 1.0);
        phase += kTau * pitch / rate_hz * (1.0 + drift);
        double sum = 0.03 * uniform(random, -1.0, 1.0);
        for (std::size_t k = 0; k < gains.size(); ++k)
            sum += gains[k] * std::sin(static_cast<double>(k + 1) * phase + phases[k]);
        sample += static_cast<float>(sum);
    }
}

/// A fan: coloured noise, modulated at the rate of the blades.
void add_fan(std::vector<float>& out, int rate_hz, std::mt19937_64& random) {
    add_filtered(out, uniform(random, 0.5, 0.97), 1.0, random);
    const double turn_hz = std::exp(uniform(random, std::log(0.5), std::log(25.0)));
    const double depth = uniform(random, 0.3, 0.95);
    const double start = uniform(random, 0.0, kTau);
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] *= static_cast<float>(1.0 + depth * std::sin(start + kTau * turn_hz * static_cast<double>(i) / rate_hz));
}

/// Rain: short decaying clicks at random times over a soft hiss.
void add_rain(std::vector<float>& out, int rate_hz, std::mt19937_64& random) {
    add_filtered(out, 0.3, 0.02, random);
    const double drops_per_second = std::exp(uniform(random, std::log(15.0), std::log(400.0)));
    double envelope = 0.0, state = 0.0;
    const double decay = std::exp(-1.0 / (uniform(random, 0.001, 0.008) * rate_hz));
    const double colour = uniform(random, 0.0, 0.8);
    for (float& sample : out) {
        if (chance(random, drops_per_second / rate_hz)) envelope += std::pow(uniform(random), 2.0);
        state = colour * state + envelope * uniform(random, -1.0, 1.0);
        envelope *= decay;
        sample += static_cast<float>(state);
    }
}

}  // namespace

const char* name_of(NoiseKind kind) {
    switch (kind) {
        case NoiseKind::white:
            return "white";
        case NoiseKind::pink:
            return "pink";
        case NoiseKind::brown:
            return "brown";
        case NoiseKind::hum:
            return "hum";
        case NoiseKind::fan:
            return "fan";
        case NoiseKind::rain:
            return "rain";
    }
    return "";
}

std::vector<float> synthetic_noise(NoiseKind kind, int count, int rate_hz, std::mt19937_64& random) {
    std::vector<float> out(static_cast<std::size_t>(count));
    switch (kind) {
        case NoiseKind::white:
            add_filtered(out, 0.0, 1.0, random);
            break;
        case NoiseKind::pink:
            add_pink(out, rate_hz, random);
            break;
        case NoiseKind::brown:
            add_filtered(out, std::exp(-kTau * uniform(random, 10.0, 80.0) / rate_hz), 1.0, random);
            break;
        case NoiseKind::hum:
            add_hum(out, rate_hz, random);
            break;
        case NoiseKind::fan:
            add_fan(out, rate_hz, random);
            break;
        case NoiseKind::rain:
            add_rain(out, rate_hz, random);
            break;
    }
    double power = 0.0;
    for (const float sample : out) power += static_cast<double>(sample) * sample;
    if (power > 0.0) {
        const float gain = static_cast<float>(std::sqrt(count / power));
        for (float& sample : out) sample *= gain;
    }
    return out;
}

}  // namespace gruve

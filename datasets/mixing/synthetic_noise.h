// Synthetic noises: for variety in training, and for the starter set.
#pragma once

#include <random>
#include <vector>

namespace gruve {

enum class NoiseKind { white, pink, brown, hum, fan, rain };
inline constexpr NoiseKind noise_kinds[] = {NoiseKind::white, NoiseKind::pink, NoiseKind::brown,
                                            NoiseKind::hum,   NoiseKind::fan,  NoiseKind::rain};
const char* name_of(NoiseKind);

/// `count` samples with an RMS of 1. Pitch, colour, modulation and density are random.
std::vector<float> synthetic_noise(NoiseKind, int count, int rate_hz, std::mt19937_64& random);

}  // namespace gruve

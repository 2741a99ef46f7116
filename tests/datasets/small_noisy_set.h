// A small set of speech and noise in a temporary folder.
#pragma once

#include <string>
#include <vector>

#include "datasets/layouts/noisy_speech.h"
#include "datasets/mixing/synthetic_noise.h"
#include "tests/datasets/temporary_folder.h"

namespace gruve::test {

inline double power(const std::vector<float>& samples) {
    double sum = 0;
    for (const float sample : samples) sum += static_cast<double>(sample) * sample;
    return sum / static_cast<double>(samples.size());
}

/// Four speakers with two clips each (sines, each speaker with its own pitch), and four noises.
inline void make_small_set(const TemporaryFolder& folder) {
    std::mt19937_64 random(5);
    for (int s = 0; s < 4; ++s)
        for (int n = 0; n < 2; ++n)
            folder.wav("speech/s" + std::to_string(s) + "/" + std::to_string(n) + ".wav",
                       sine(200 + 50 * s, 0.6 + 0.2 * n));
    for (int n = 0; n < 4; ++n) {
        std::vector<float> noise = synthetic_noise(NoiseKind::pink, n == 0 ? 4000 : 32000, 16000, random);
        for (float& sample : noise) sample *= 0.05f;
        folder.wav("noise/n" + std::to_string(n) + ".wav", noise);
    }
}

inline NoisySpeech read_small_set(const TemporaryFolder& folder, int rate_hz = 16000) {
    return read_noisy_speech(folder / "speech", folder / "noise", rate_hz, 1);
}

}  // namespace gruve::test

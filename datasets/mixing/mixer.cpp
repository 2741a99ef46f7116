#include "datasets/mixing/mixer.h"

#include <algorithm>
#include <cmath>

#include "datasets/support/random.h"

namespace gruve {

double rms(std::span<const float> samples) {
    double power = 0.0;
    for (const float sample : samples) power += static_cast<double>(sample) * static_cast<double>(sample);
    return std::sqrt(power / static_cast<double>(std::max<std::size_t>(samples.size(), 1)));
}

double gain_of_db(double db) { return std::pow(10.0, db / 20.0); }
float float_gain_of_db(double db) { return static_cast<float>(gain_of_db(db)); }

void scale(std::span<float> samples, double gain) {
    for (float& sample : samples) sample = static_cast<float>(static_cast<double>(sample) * gain);
}

void add_noise(std::span<float> to, const SharedSamples& noise, double level_rms, std::mt19937_64& random) {
    const std::size_t start = uniform_index(random, noise.size());
    const auto for_each_piece = [&](auto&& take) {
        std::size_t at = 0;
        for (std::size_t from = start; at < to.size(); from = 0) {
            const std::size_t count = std::min(noise.size() - from, to.size() - at);
            take(to.subspan(at, count), noise.part(from, from + count));
            at += count;
        }
    };
    double power = 0;
    for_each_piece([&](std::span<float>, std::span<const float> piece) {
        for (const float x : piece) power += static_cast<double>(x) * static_cast<double>(x);
    });
    if (power <= 0) return;
    const float gain = static_cast<float>(level_rms / std::sqrt(power / static_cast<double>(to.size())));
    for_each_piece(
        [&](std::span<float> piece_of_to, std::span<const float> piece) { add_scaled(piece_of_to, piece, gain); });
}

void add_white_noise(std::span<float> to, double level_rms, std::mt19937_64& random) {
    for (float& x : to) x += static_cast<float>(level_rms * std::sqrt(3.0) * uniform(random, -1.0, 1.0));
}

}  // namespace gruve

#include "offline_search/tasks/words/augmentation.h"

#include <algorithm>
#include <cmath>

#include "datasets/mixing/mixer.h"
#include "datasets/support/random.h"

namespace gruve {

void shift_bands(Matrix& features, double lowest, double highest) {
    const Matrix before = features;
    const auto last = static_cast<double>(features.rows() - 1);
    for (Eigen::Index b = 0; b < features.rows(); ++b) {
        const double at = static_cast<double>(b);
        const double place = std::clamp(at + lowest + (highest - lowest) * at / std::max(1.0, last), 0.0, last);
        const auto low = static_cast<Eigen::Index>(place), high = std::min<Eigen::Index>(low + 1, features.rows() - 1);
        const auto share = static_cast<float>(place - static_cast<double>(low));
        features.row(b) = (1.0f - share) * before.row(low) + share * before.row(high);
    }
}

// The place in the sound at time t is first · t + rise · t² / 2, with rise = (last − first) / duration.
double Speed::time_of(double place, double length) const {
    const double rise = (last - first) / duration(length);
    return 2 * place / (first + std::sqrt(std::max(0.0, first * first + 2 * rise * place)));
}

/// Catmull-Rom interpolation. It is accurate enough in the lower half of the band, where speech has its energy, and a
/// hundred times faster than a windowed sinc.
std::vector<float> change_speed(std::span<const float> in, const Speed& speed) {
    const double duration = speed.duration(static_cast<double>(in.size())),
                 half_rise = 0.5 * (speed.last - speed.first) / std::max(1.0, duration);
    const auto count = static_cast<std::size_t>(duration);
    std::vector<float> out(count);
    const auto at = [&](std::ptrdiff_t i) { return in[static_cast<std::size_t>(i)]; };
    const auto at_edge = [&](std::ptrdiff_t i) { return at(std::clamp<std::ptrdiff_t>(i, 0, std::ssize(in) - 1)); };
    for (std::size_t i = 0; i < count; ++i) {
        const double position = static_cast<double>(i) * (speed.first + half_rise * static_cast<double>(i));
        const auto k = static_cast<std::ptrdiff_t>(position);
        const float x = static_cast<float>(position - static_cast<double>(k));
        const bool inside = k >= 1 && k + 2 < std::ssize(in);
        const float a = inside ? at(k - 1) : at_edge(k - 1), b = inside ? at(k) : at_edge(k),
                    c = inside ? at(k + 1) : at_edge(k + 1), d = inside ? at(k + 2) : at_edge(k + 2);
        out[i] = b + 0.5f * x * (c - a + x * (2.0f * a - 5.0f * b + 4.0f * c - d + x * (3.0f * (b - c) + d - a)));
    }
    return out;
}

void add_noise_floor(std::span<float> out, std::mt19937_64& random) {
    const double level_rms = static_cast<double>(float_gain_of_db(uniform(random, -100.0, -60.0)));
    const float peak = static_cast<float>(level_rms * std::sqrt(3.0));  // of uniformly distributed amplitudes
    for (std::size_t i = 0; i < out.size(); i += 2) {
        const std::uint64_t bits = random();
        out[i] += peak * (static_cast<float>(bits >> 40) * 0x1p-23f - 1.0f);
        if (i + 1 < out.size()) out[i + 1] += peak * (static_cast<float>((bits >> 8) & 0xffffff) * 0x1p-23f - 1.0f);
    }
}

void add_room(std::span<float> samples, int rate_hz, std::mt19937_64& random) {
    constexpr int echoes = 24;
    struct Echo {
        std::size_t delay;
        double gain;
    };
    std::vector<Echo> room(echoes);
    const double length_s = uniform(random, 0.1, 0.5), first_s = uniform(random, 0.002, 0.01);
    double power = 0;
    for (Echo& echo : room) {
        const double place = uniform(random);
        echo.delay = static_cast<std::size_t>((first_s + place * length_s) * rate_hz);
        echo.gain = normal(random) * static_cast<double>(float_gain_of_db(-60.0 * place));
        power += echo.gain * echo.gain;
    }
    const double scale = static_cast<double>(float_gain_of_db(uniform(random, -15.0, -3.0))) / std::sqrt(power);
    const std::vector<float> dry(samples.begin(), samples.end());
    for (const Echo& echo : room) {
        const auto gain = static_cast<float>(scale * echo.gain);
        for (std::size_t i = echo.delay; i < samples.size(); ++i) samples[i] += gain * dry[i - echo.delay];
    }
}

std::vector<float> alter_recording(std::span<const float> recording, std::size_t samples,
                                   const std::vector<Sound>& noises, std::mt19937_64& random) {
    const double speed = uniform(random, 0.88, 1.12);
    const std::vector<float> word = change_speed(recording, {speed, speed});
    std::vector<float> out(samples);
    const auto slack = static_cast<double>(std::ssize(out) - std::ssize(word));
    const auto offset = static_cast<std::ptrdiff_t>(uniform(random) * slack);
    for (std::ptrdiff_t i = std::max<std::ptrdiff_t>(0, -offset); i < std::ssize(word) && i + offset < std::ssize(out);
         ++i) {
        out[static_cast<std::size_t>(i + offset)] = word[static_cast<std::size_t>(i)];
    }
    const float gain = float_gain_of_db(uniform(random, -15.0, 6.0));
    for (float& x : out) x *= gain;
    if (!noises.empty() && chance(random, 0.5)) {
        const double snr_db = uniform(random, 0.0, 25.0), word_rms = static_cast<double>(gain) * rms(word);
        add_noise(out, noises[uniform_index(random, noises.size())].samples,
                  word_rms * static_cast<double>(float_gain_of_db(-snr_db)), random);
    }
    add_noise_floor(out, random);
    return out;
}

std::vector<float> draw_noise(const std::vector<Sound>& noises, std::size_t samples, std::mt19937_64& random) {
    std::vector<float> out(samples);
    const auto level_rms = static_cast<double>(float_gain_of_db(uniform(random, -70.0, -15.0)));
    add_noise(out, noises[uniform_index(random, noises.size())].samples, level_rms, random);
    add_noise_floor(out, random);
    return out;
}

void alter_colour(Matrix& features, float db, std::mt19937_64& random) {
    const auto bands = features.rows();
    const double tilt = uniform(random, -6.0, 6.0), bump = uniform(random, -6.0, 6.0);
    const double centre = uniform(random), width = uniform(random, 0.1, 0.3);
    for (Eigen::Index b = 0; b < bands; ++b) {
        const double place = (static_cast<double>(b) + 0.5) / static_cast<double>(bands),
                     distance = (place - centre) / width;
        features.row(b).array() +=
            db * static_cast<float>(tilt * (place - 0.5) + bump * std::exp(-distance * distance));
    }
    const double shift = uniform(random, -2.0, 2.0);
    shift_bands(features, shift, shift);
    const float mean = features.mean();
    if (chance(random, 0.5)) {
        const auto count = static_cast<Eigen::Index>(uniform_index(random, static_cast<std::size_t>(bands / 6 + 1)));
        features
            .middleRows(static_cast<Eigen::Index>(uniform_index(random, static_cast<std::size_t>(bands - count + 1))),
                        count)
            .setConstant(mean);
    }
}

void alter_features(Matrix& features, float db, std::mt19937_64& random) {
    alter_colour(features, db, random);
    const auto steps = features.cols();
    if (chance(random, 0.5)) {
        const float mean = features.mean();
        const auto count = static_cast<Eigen::Index>(uniform_index(random, static_cast<std::size_t>(steps / 10 + 1)));
        features
            .middleCols(static_cast<Eigen::Index>(uniform_index(random, static_cast<std::size_t>(steps - count + 1))),
                        count)
            .setConstant(mean);
    }
}

}  // namespace gruve

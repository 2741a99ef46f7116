#include "datasets/mixing/mixture.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

#include "datasets/audio/resample.h"
#include "datasets/mixing/mixer.h"
#include "datasets/mixing/synthetic_noise.h"
#include "datasets/support/data_error.h"
#include "datasets/support/random.h"

namespace gruve {
namespace {

using Samples = std::vector<float>;

/// A random recording of the split, by its weight.
const Recording& pick(const std::vector<Recording>& recordings, const Weights* known, Split split,
                      std::mt19937_64& random) {
    std::optional<Weights> made;
    const Weights& weights = known ? *known : made.emplace(recordings);
    const auto s = static_cast<std::size_t>(split);
    if (weights.total[s] <= 0.0)
        throw DataError("the " + std::string(name_of(split)) + " split has no recordings to mix");
    double left = uniform(random) * weights.total[s];
    std::size_t i = 0;
    for (; i + 1 < weights.index[s].size(); ++i) {
        left -= weights.weight[s][i];
        if (left < 0.0) break;
    }
    return recordings[weights.index[s][i]];
}

/// Clips of one speaker, from a random point of a random clip on, with pauses of up to `longest_pause` seconds between
/// clips.
Samples speech_excerpt(const NoisySpeech& set, Split split, std::mt19937_64& random, std::size_t count,
                       double longest_pause) {
    const Recording& first = pick(set.speech, set.speech_weights.get(), split, random);
    const auto [begin, end] =
        std::equal_range(set.speech.begin(), set.speech.end(), first,
                         [](const Recording& a, const Recording& b) { return a.group < b.group; });
    Samples out;
    const Recording* clip = &first;
    std::size_t start = 0;
    if (first.audio.samples.size() > count) start = uniform_index(random, first.audio.samples.size() - count + 1);
    while (out.size() < count) {
        const Excerpt spoken = clip->audio.samples.part(start, start + count - out.size());
        out.insert(out.end(), spoken.begin(), spoken.end());
        out.resize(out.size() + static_cast<std::size_t>(uniform(random) * longest_pause * set.rate_hz));
        start = 0;
        clip = &*(begin + static_cast<std::ptrdiff_t>(uniform_index(random, static_cast<std::size_t>(end - begin))));
    }
    out.resize(count);
    return out;
}

/// A random recording from a random point on. A recording that is too short is looped with a 10 ms cross-fade.
Samples noise_excerpt(const NoisySpeech& set, Split split, std::mt19937_64& random, std::size_t count) {
    const SharedSamples& samples = pick(set.noise, set.noise_weights.get(), split, random).audio.samples;
    Samples out(count);
    if (samples.size() >= count) {
        const std::size_t start = uniform_index(random, samples.size() - count + 1);
        std::ranges::copy(samples.part(start, start + count), out.begin());
        return out;
    }
    const Excerpt source = samples.all();
    const std::size_t fade = std::min(static_cast<std::size_t>(set.rate_hz / 100), source.size() / 4);
    const std::size_t period = source.size() - fade;
    const std::size_t start = uniform_index(random, period);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = (start + i) % period;
        const float in = at < fade ? static_cast<float>(at) / static_cast<float>(fade) : 1.0f;
        out[i] = in * source[at] + (at < fade ? (1.0f - in) * source[period + at] : 0.0f);
    }
    return out;
}

/// Draws again, up to 20 times, while the excerpt is digital silence.
template <class Draw>
Samples audible(const Draw& draw) {
    Samples samples = draw();
    for (int attempt = 0; attempt < 20 && rms(samples) < 1e-5; ++attempt) samples = draw();
    return samples;
}

/// A random second-order filter of a few dB, as in the training of RNNoise (Valin 2018, section 4).
void random_eq(Samples& samples, std::mt19937_64& random) {
    const double b1 = uniform(random, -0.375, 0.375), b2 = uniform(random, -0.375, 0.375);
    const double a1 = uniform(random, -0.375, 0.375), a2 = uniform(random, -0.375, 0.375);
    double x1 = 0.0, x2 = 0.0, y1 = 0.0, y2 = 0.0;
    for (float& sample : samples) {
        const double x = sample;
        const double y = x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
        x2 = x1, x1 = x, y2 = y1, y1 = y;
        sample = static_cast<float>(y);
    }
}

/// Draws enough samples to play them 0.01·percent times as fast, with the pitch changed accordingly.
template <class Draw>
Samples at_random_speed(std::mt19937_64& random, int slowest_percent, int fastest_percent, std::size_t count,
                        const Draw& draw) {
    const int percent = slowest_percent + static_cast<int>(uniform_index(
                                              random, static_cast<std::size_t>(fastest_percent - slowest_percent + 1)));
    Samples samples = resample(draw(count * static_cast<std::size_t>(percent) / 100 + 2), percent, 100);
    samples.resize(count);
    return samples;
}

/// Convolves samples with the impulse response of a room. The length stays the same.
Samples in_room(const Samples& samples, const std::vector<float>& room) {
    Samples out(samples.size());
    for (std::size_t k = 0; k < std::min(room.size(), samples.size()); ++k) {
        const float tap = room[k];
        for (std::size_t i = k; i < out.size(); ++i) out[i] += tap * samples[i - k];
    }
    return out;
}

/// Moves the level from one random point within ±range_db to the next, in straight lines of 0.1 … 1.2 s. Three in ten
/// are steps of a fiftieth of that.
void move_level(Samples& samples, std::mt19937_64& random, int rate_hz, double range_db) {
    double from = uniform(random, -range_db, range_db);
    for (std::size_t at = 0; at < samples.size();) {
        const auto length = static_cast<std::size_t>(uniform(random, 0.1, 1.2) * rate_hz);
        const double to = uniform(random, -range_db, range_db);
        const std::size_t ramp = std::max<std::size_t>(1, chance(random, 0.3) ? length / 50 : length);
        const std::size_t end = std::min(at + length, samples.size());
        for (std::size_t i = 0; at < end; ++i, ++at) {
            const double way = std::min(1.0, static_cast<double>(i) / static_cast<double>(ramp));
            samples[at] *= float_gain_of_db(from + (to - from) * way);
        }
        from = to;
    }
}

Samples random_noise(const NoisySpeech& set, std::mt19937_64& random, std::size_t count,
                     const MixtureVariety& variety) {
    constexpr double synthetic = 0.20;
    const double kind = uniform(random);
    if (kind < synthetic)
        return synthetic_noise(noise_kinds[uniform_index(random, std::size(noise_kinds))], static_cast<int>(count),
                               set.rate_hz, random);
    if (kind < synthetic + variety.babble) {
        Samples babble(count);
        const std::size_t voices = 3 + uniform_index(random, static_cast<std::size_t>(variety.most_voices - 2));
        for (std::size_t v = 0; v < voices; ++v) {
            const Samples voice = audible([&] { return speech_excerpt(set, Split::train, random, count, 0.3); });
            add_scaled(babble, voice, gain_of_db(uniform(random, -6.0, 6.0)) / std::max(rms(voice), 1e-5));
        }
        return babble;
    }
    return audible([&] {
        return at_random_speed(random, 80, 125, count,
                               [&](std::size_t n) { return noise_excerpt(set, Split::train, random, n); });
    });
}

/// Adds noise at this SNR. If the sum would clip, turns down speech and noise together.
Mixture mix(Samples clean, const Samples& noise, double snr_db) {
    Mixture mixture;
    mixture.snr_db = static_cast<float>(snr_db);
    mixture.noisy = clean;
    mixture.clean = std::move(clean);
    add_scaled(mixture.noisy, noise, rms(mixture.clean) / std::max(rms(noise), 1e-9) * gain_of_db(-snr_db));
    float peak = 0.0f;
    for (const float sample : mixture.noisy) peak = std::max(peak, std::abs(sample));
    for (const float sample : mixture.clean) peak = std::max(peak, std::abs(sample));
    if (peak > 0.99f) {
        scale(mixture.clean, 0.99 / peak);
        scale(mixture.noisy, 0.99 / peak);
    }
    return mixture;
}

std::size_t length_of(double seconds, int rate_hz) { return static_cast<std::size_t>(std::lround(seconds * rate_hz)); }

}  // namespace

Mixture fixed_mixture(const NoisySpeech& set, Split split, int index, const std::vector<float>& snrs_db,
                      double seconds) {
    const std::size_t count = length_of(seconds, set.rate_hz);
    std::mt19937_64 random(hash_of(name_of(split), static_cast<std::uint64_t>(index) + 1));
    Samples clean = audible([&] { return speech_excerpt(set, split, random, count, 0.3); });
    const Samples noise = audible([&] { return noise_excerpt(set, split, random, count); });
    scale(clean, gain_of_db(-26.0) / std::max(rms(clean), 1e-5));
    return mix(std::move(clean), noise, snrs_db[static_cast<std::size_t>(index) % snrs_db.size()]);
}

Mixture random_mixture(const NoisySpeech& set, std::mt19937_64& random, double seconds, const MixtureVariety& variety) {
    const std::size_t count = length_of(seconds, set.rate_hz);
    const double longest_pause = chance(random, 0.2) ? 1.5 : 0.3;
    Samples clean = audible([&] {
        return at_random_speed(random, 85, 115, count, [&](std::size_t n) {
            return speech_excerpt(set, Split::train, random, n, longest_pause);
        });
    });
    if (!set.rooms.empty() && chance(random, variety.rooms))
        clean = in_room(clean, set.rooms[uniform_index(random, set.rooms.size())]);
    random_eq(clean, random);
    if (variety.speech_moves > 0 && chance(random, variety.speech_moves)) move_level(clean, random, set.rate_hz, 4);
    scale(clean, gain_of_db(uniform(random, -38.0, -16.0)) / std::max(rms(clean), 1e-5));

    Samples noise = random_noise(set, random, count, variety);
    if (chance(random, variety.second_noise)) {
        const double gain = gain_of_db(uniform(random, -10.0, 0.0));
        add_scaled(noise, random_noise(set, random, count, variety), gain);
    }
    random_eq(noise, random);
    if (variety.noise_moves > 0 && chance(random, variety.noise_moves)) move_level(noise, random, set.rate_hz, 6);
    Mixture mixture = mix(std::move(clean), noise, uniform(random, -10.0, variety.highest_snr_db));

    // Recorders gate. Without a noise floor, the pauses of clean speech would be digital silence, which no microphone
    // gives.
    const double floor = rms(mixture.clean) * gain_of_db(uniform(random, -70.0, -45.0));
    for (float& sample : mixture.noisy) sample += static_cast<float>(floor * uniform(random, -1.7, 1.7));
    return mixture;
}

}  // namespace gruve

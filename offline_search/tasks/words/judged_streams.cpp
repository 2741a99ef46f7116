#include "offline_search/tasks/words/judged_streams.h"

#include <algorithm>

#include "datasets/mixing/mixer.h"
#include "datasets/support/random.h"

namespace gruve {
namespace {

constexpr double start_s = 2.0;  // longer than the warm-up of any preset
constexpr std::size_t words_of_a_stream = 60;
constexpr double noise_db = -40.0, clean_db = -25.0, clean_noise_db = -80.0, negative_snr_db = 5.0;

using Recordings = std::vector<const WordRecording*>;

Recordings of_split(const WordRecordings& recordings, Split split, bool other) {
    Recordings found;
    for (const WordRecording& recording : recordings.clips)
        if (recording.split == split && recordings.is_other(recording.label) == other) found.push_back(&recording);
    return found;
}

void append(std::vector<float>& out, std::span<const float> samples, double gain) {
    for (const float x : samples) out.push_back(static_cast<float>(gain) * x);
}

/// The gain that brings `spoken` to a level of `db` dBFS; 0 for silence.
double gain_to(double db, std::span<const float> spoken) {
    const double level_rms = rms(spoken);
    return level_rms > 0 ? gain_of_db(db) / level_rms : 0.0;
}

/// One noise recording after another, beginning with a random one; white noise without recordings.
void add_noises(std::vector<float>& out, const std::vector<Sound>& noises, double db, std::mt19937_64& random) {
    if (noises.empty()) return add_white_noise(out, gain_of_db(db), random);
    std::size_t at = 0;
    for (std::size_t next = uniform_index(random, noises.size()); at < out.size(); next = (next + 1) % noises.size()) {
        if (noises[next].samples.empty()) break;
        const Excerpt samples = noises[next].samples.all();
        const std::size_t count = std::min(samples.size(), out.size() - at);
        add_scaled(std::span(out).subspan(at, count), samples.span().first(count),
                   static_cast<float>(gain_to(db, samples)));
        at += count;
    }
}

}  // namespace

std::vector<JudgedStream> word_streams(const WordRecordings& recordings, Split split, std::optional<double> snr_db,
                                       std::uint64_t seed) {
    std::mt19937_64 random(hash_of("words", seed));
    Recordings words = of_split(recordings, split, false);
    const Recordings others = of_split(recordings, split, true);
    shuffle(words, random);
    const double rate = recordings.rate_hz, level_db = snr_db ? noise_db + *snr_db : clean_db;
    const auto pause = [&](JudgedStream& stream, double seconds) {
        stream.samples.resize(stream.samples.size() + static_cast<std::size_t>(seconds * rate));
    };

    std::vector<JudgedStream> streams;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i % words_of_a_stream == 0) {
            streams.emplace_back();
            pause(streams.back(), start_s);
        }
        JudgedStream& stream = streams.back();
        const WordRecording& word = *words[i];
        const double at_s = static_cast<double>(stream.samples.size()) / rate;
        stream.words.push_back(
            {word.label, at_s + static_cast<double>(word.begin) / rate, at_s + static_cast<double>(word.end) / rate});
        append(stream.samples, word.samples.all(), gain_to(level_db, word.samples.part(word.begin, word.end)));
        pause(stream, uniform(random, 1.0, 2.0));
        if (i % 2 == 1 && !others.empty()) {
            const auto& speech = others[uniform_index(random, others.size())]->samples;
            const std::size_t length =
                std::min(speech.size(), static_cast<std::size_t>(uniform(random, 0.8, 2.0) * rate));
            const std::size_t from = uniform_index(random, speech.size() - length + 1);
            const Excerpt piece = speech.part(from, from + length);
            append(stream.samples, piece, gain_to(level_db, piece));
            pause(stream, uniform(random, 0.5, 1.0));
        }
    }
    for (JudgedStream& stream : streams) {
        if (snr_db)
            add_noises(stream.samples, recordings.noises_of(split), noise_db, random);
        else
            add_white_noise(stream.samples, gain_of_db(clean_noise_db), random);
    }
    return streams;
}

std::vector<JudgedStream> negative_streams(const WordRecordings& recordings, Split split, std::uint64_t seed) {
    std::mt19937_64 random(hash_of("negatives", seed));
    const Recordings others = of_split(recordings, split, true);
    const auto& noises = recordings.noises_of(split);
    const auto quiet = [&](double seconds) {
        std::vector<float> samples(static_cast<std::size_t>(seconds * recordings.rate_hz));
        add_white_noise(samples, gain_of_db(clean_noise_db), random);
        return samples;
    };
    std::vector<JudgedStream> streams;
    if (!others.empty()) {
        JudgedStream speech{quiet(start_s), {}}, noisy{quiet(start_s), {}};
        for (const WordRecording* recording : others) {
            const Excerpt samples = recording->samples.all();
            const auto spoken = samples.span().subspan(recording->begin, recording->end - recording->begin);
            append(speech.samples, samples, 1.0);
            append(noisy.samples, samples, gain_to(noise_db + negative_snr_db, spoken));
        }
        add_noises(noisy.samples, noises, noise_db, random);
        streams.push_back(std::move(speech));
        streams.push_back(std::move(noisy));
    }
    JudgedStream noise{quiet(start_s), {}};
    for (const auto& audio : noises) append(noise.samples, audio.samples.all(), 1.0);
    if (!noises.empty()) streams.push_back(std::move(noise));
    return streams;
}

}  // namespace gruve

#include "offline_search/tasks/words/drawn_streams.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "datasets/audio/audio_file.h"
#include "datasets/mixing/mixer.h"
#include "datasets/support/data_error.h"
#include "datasets/support/random.h"
#include "offline_search/tasks/words/augmentation.h"

namespace gruve {
namespace {

constexpr double length_s = 8.0;
// Around the end of a word: when its label begins, when the label ends, and when "other" begins again.
constexpr double early_s = 0.1, heard_s = 0.3, over_s = 0.9;
constexpr double least_snr_db = -8.0, most_snr_db = 22.0;

template <class Recording>
const Recording& any_of(const std::vector<const Recording*>& recordings, std::mt19937_64& random) {
    return *recordings[uniform_index(random, recordings.size())];
}

/// A mean speed of 0.8 … 1.25. The beginning is up to 15 % slower or faster than the middle.
Speed any_speed(std::mt19937_64& random) {
    const double mean = std::exp(uniform(random, std::log(0.8), std::log(1.25))), bend = uniform(random, -0.15, 0.15);
    return {mean * (1 - bend), mean * (1 + bend)};
}

/// Fades the first and the last `length` samples in and out.
void fade(std::span<float> samples, std::size_t length) {
    length = std::min(length, samples.size() / 2);
    for (std::size_t i = 0; i < length; ++i) {
        const float gain = static_cast<float>(i) / static_cast<float>(length);
        samples[i] *= gain;
        samples[samples.size() - 1 - i] *= gain;
    }
}

}  // namespace

/// A stretch that is filled with sounds from its beginning to its end.
struct DrawnStreams::Scene {
    std::vector<float> speech;
    std::vector<int> labels;
    std::size_t at = 0;  // where the next sound begins
    double rate_hz, hop_s;
    float gain;

    std::size_t samples(double seconds) const { return static_cast<std::size_t>(seconds * rate_hz); }

    /// Adds the sound at a level that varies by ±3 dB. Returns false if the sound doesn't fit.
    bool add(std::vector<float> sound, std::mt19937_64& random) {
        if (at + sound.size() > speech.size()) return false;
        const float own = gain * float_gain_of_db(uniform(random, -3.0, 3.0));
        fade(sound, samples(0.005));
        for (std::size_t i = 0; i < sound.size(); ++i) speech[at + i] += own * sound[i];
        at += sound.size();
        return true;
    }

    /// Labels the steps from `from_s` to `to_s`. The time of a step is the time at which its frame is complete.
    void set_labels(double from_s, double to_s, int label) {
        for (auto t = static_cast<std::size_t>(std::max(0.0, from_s / hop_s));
             t < labels.size() && static_cast<double>(t + 1) * hop_s < to_s; ++t)
            labels[t] = label;
    }
};

DrawnStreams::DrawnStreams(std::shared_ptr<const WordRecordings> recordings, const LogMelSequence& log_mel, Split split)
    : recordings_(std::move(recordings)), log_mel_(log_mel), split_(split) {
    for (const WordRecording& recording : recordings_->clips) {
        if (recording.split != split_) continue;
        if (recordings_->is_other(recording.label))
            others_.own.push_back(&recording.samples);
        else
            words_[recording.label].push_back(&recording);
    }
    for (const auto& noise : recordings_->noises_of(split_)) noises_.own.push_back(&noise.samples);
    if (split_ == Split::train) {
        for (const auto& speech : recordings_->more_speech) others_.more.push_back(&speech.samples);
        for (const auto& noise : recordings_->more_noise) noises_.more.push_back(&noise.samples);
    }
    if (words_.empty())
        throw DataError("the " + std::string(name_of(split_)) +
                        " split has other speech, but no word: too few speakers to make streams of");
}

const DrawnStreams::Sound& DrawnStreams::Sounds::any(std::mt19937_64& random) const {
    return any_of(more.empty() || (!own.empty() && chance(random, 0.5)) ? own : more, random);
}

int DrawnStreams::steps() const { return static_cast<int>(length_s * recordings_->rate_hz) / log_mel_.hop(); }

void DrawnStreams::place(Scene& scene, const WordRecording& word, std::mt19937_64& random) const {
    const Speed speed = any_speed(random);
    // In 40 % of the cases keep up to a second around the word, whose room sound and hiss begin and end with the
    // recording.
    const bool whole = chance(random, 0.4);
    const std::size_t before = std::min(word.begin, scene.samples(whole ? 1.0 : uniform(random, 0.0, 0.1)));
    const std::size_t after = scene.samples(whole ? 1.0 : uniform(random, 0.02, 0.15));
    const Excerpt sound = word.samples.part(word.begin - before, word.end + after);
    const auto heard_at_s = [&, at = scene.at](std::size_t place) {
        return (static_cast<double>(at) +
                speed.time_of(static_cast<double>(place), static_cast<double>(sound.size()))) /
               scene.rate_hz;
    };
    if (!scene.add(change_speed(sound, speed), random)) {
        scene.at = scene.speech.size();
        return;
    }
    const double end_s = heard_at_s(before + word.end - word.begin);
    scene.set_labels(heard_at_s(before + (word.end - word.begin) / 2), end_s + over_s, any_label);
    scene.set_labels(end_s - early_s, end_s + heard_s, word.label);
}

const WordRecording& DrawnStreams::any_word(std::mt19937_64& random) const {
    return any_of(std::next(words_.begin(), static_cast<std::ptrdiff_t>(uniform_index(random, words_.size())))->second,
                  random);
}

/// Part of a word: its beginning (in 60 % of the cases) or its end. Neither is enough to recognise the word.
void DrawnStreams::place_fragment(Scene& scene, std::mt19937_64& random) const {
    const WordRecording& word = any_word(random);
    const auto length =
        static_cast<std::size_t>(uniform(random, 0.2, 0.5) * static_cast<double>(word.end - word.begin));
    const std::size_t begin = chance(random, 0.6) ? word.begin : word.end - length;
    scene.add(change_speed(word.samples.part(begin, begin + length), any_speed(random)), random);
}

/// Other speech. Half of the time it consists of syllables of several sentences, because a few sentences must represent
/// everything that people say.
void DrawnStreams::place_other_speech(Scene& scene, std::mt19937_64& random) const {
    const bool syllables = chance(random, 0.5);
    const std::size_t pieces = syllables ? 2 + uniform_index(random, 5) : 1;
    for (std::size_t i = 0; i < pieces; ++i) {
        const auto& samples = others_.any(random);
        const std::size_t length =
            std::min(samples.size(), scene.samples(syllables ? uniform(random, 0.15, 0.6) : uniform(random, 0.4, 3.0)));
        const std::size_t begin = uniform_index(random, samples.size() - length + 1);
        std::vector<float> sound = change_speed(samples.part(begin, begin + length), any_speed(random));
        if (chance(random, 0.2)) std::ranges::reverse(sound);
        scene.add(std::move(sound), random);
    }
}

void DrawnStreams::fill_with_speech(Scene& scene, bool with_words, std::mt19937_64& random) const {
    while (scene.at < scene.speech.size()) {
        const double kind = uniform(random);
        if (kind < 0.5 && with_words)
            place(scene, any_word(random), random);
        else if (kind < 0.65)
            place_fragment(scene, random);
        else if (kind < 0.9 && !others_.empty())
            place_other_speech(scene, random);
        scene.at += scene.samples(chance(random, 0.2) ? uniform(random, 0.6, 2.0) : uniform(random, 0.0, 0.6));
    }
}

/// Several noises one after another: the tracked noise floor meets another noise, as it does in hours of listening.
/// speech_rms: level of the speech, 0 without any.
void DrawnStreams::add_noises(Scene& scene, double speech_rms, std::mt19937_64& random) const {
    const double noise_rms =
        speech_rms > 0 ? speech_rms * static_cast<double>(float_gain_of_db(-uniform(random, least_snr_db, most_snr_db)))
                       : static_cast<double>(float_gain_of_db(uniform(random, -70.0, -10.0)));
    for (std::size_t from = 0, length = 0; from < scene.speech.size(); from += length) {
        length = std::min(scene.speech.size() - from, scene.samples(uniform(random, 1.0, length_s)));
        const auto piece = std::span(scene.speech).subspan(from, length);
        const double own_rms = noise_rms * static_cast<double>(float_gain_of_db(uniform(random, -4.0, 4.0)));
        add_noise(piece, noises_.any(random), own_rms, random);
        if (chance(random, 0.3)) add_noise(piece, noises_.any(random), 0.5 * own_rms, random);
    }
}

StreamExample DrawnStreams::draw(std::mt19937_64& random) const {
    const int rate_hz = recordings_->rate_hz;
    Scene scene{std::vector<float>(static_cast<std::size_t>(length_s * rate_hz)),
                std::vector<int>(static_cast<std::size_t>(steps()), 0),
                0,
                static_cast<double>(rate_hz),
                static_cast<double>(log_mel_.hop()) / rate_hz,
                float_gain_of_db(uniform(random, -20.0, 6.0))};
    const bool with_words = chance(random, 0.7), with_speech = with_words || chance(random, 0.7);
    scene.at = scene.samples(uniform(random, 0.0, 0.5));
    if (with_speech) fill_with_speech(scene, with_words, random);
    if (chance(random, 0.4)) add_room(scene.speech, rate_hz, random);

    const double speech_rms = 1.5 * rms(scene.speech);  // speech fills about half of the time
    if (!noises_.empty() && chance(random, 0.8)) add_noises(scene, speech_rms, random);
    if (!others_.empty() && chance(random, 0.1)) {
        const Sound& voice = others_.any(random);
        const double voice_rms =
            speech_rms > 0 ? speech_rms * static_cast<double>(float_gain_of_db(-uniform(random, 5.0, 20.0))) : 0.05;
        add_noise(scene.speech, voice, voice_rms, random);
    }
    add_noise_floor(scene.speech, random);

    StreamExample example{log_mel_(scene.speech), std::move(scene.labels)};
    const float db = 1.0f / log_mel_.config().scale_db;
    alter_colour(example.features, db, random);
    const double highest = uniform(random, -1.5, 1.5), lowest = uniform(random, -1.5, 1.5);
    shift_bands(example.features, lowest, highest);
    // White noise of up to 2 dB over the features, so that no step occurs twice.
    const double blur = uniform(random, 0.0, 2.0) / static_cast<double>(log_mel_.config().scale_db);
    add_white_noise({example.features.data(), static_cast<std::size_t>(example.features.size())}, blur, random);
    return example;
}

}  // namespace gruve

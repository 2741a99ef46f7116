#include "tests/benchmarks/wake_words/benchmark_streams.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "datasets/mixing/mixer.h"
#include "datasets/support/hash.h"
#include "datasets/support/random.h"

namespace gruve::benchmarks {
namespace {

constexpr double frame_s = 0.032;  // Picovoice's 512 samples at 16 kHz
constexpr double piece_s = 8.0;    // about the mean length of their sentences
constexpr double speech_share = 0.2;
constexpr std::size_t words_of_a_stream = 5;

/// A stretch of a recording of speech.
struct Piece {
    std::size_t source = 0, begin = 0, length = 0;
};

/// All pieces in random order, then all again in another order.
class Deck {
public:
    Deck(const std::vector<Sound>& speech, std::size_t length, std::mt19937_64& random) : random_(random) {
        for (std::size_t source = 0; source < speech.size(); ++source)
            for (std::size_t at = 0; at < speech[source].samples.size(); at += length)
                pieces_.push_back({source, at, std::min(length, speech[source].samples.size() - at)});
        next_ = pieces_.size();
    }
    bool empty() const { return pieces_.empty(); }
    const Piece& draw() {
        if (next_ == pieces_.size()) shuffle(pieces_, random_), next_ = 0;
        return pieces_[next_++];
    }

private:
    std::mt19937_64& random_;
    std::vector<Piece> pieces_;
    std::size_t next_ = 0;
};

float peak(std::span<const float> samples) {
    float most = 0;
    for (const float x : samples) most = std::max(most, std::abs(x));
    return most;
}

}  // namespace

double loudest_power(std::span<const float> samples, int rate_hz) {
    const std::size_t frame = std::min(static_cast<std::size_t>(frame_s * rate_hz), samples.size());
    double most = 0;
    for (std::size_t at = 0; frame > 0 && at + frame <= samples.size(); at += frame) {
        const double level = rms(samples.subspan(at, frame));
        most = std::max(most, level * level);
    }
    return most;
}

BenchmarkStreams::BenchmarkStreams(BenchmarkSounds sounds, double hours, double snr_db, std::uint64_t seed)
    : sounds_(std::move(sounds)), gain_(gain_of_db(snr_db)), seed_(seed) {
    std::mt19937_64 random(hash_of("benchmark", seed));
    std::vector<std::size_t> order(sounds_.words.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    shuffle(order, random);
    const auto piece = static_cast<std::size_t>(piece_s * sounds_.rate_hz);
    const double gap = hours * 3600 * sounds_.rate_hz / static_cast<double>(order.size() + 1);
    Deck deck(sounds_.speech, piece, random);
    double planned = 0;  // samples between words, so far
    const auto background = [&](std::vector<Part>& plan, double until) {
        while (planned < until) {
            Part part{Part::Kind::silence, 0, 0, piece};
            if (chance(random, speech_share) && !deck.empty()) {
                const Piece& drawn = deck.draw();
                part = {Part::Kind::speech, drawn.source, drawn.begin, drawn.length};
                speech_s_ += static_cast<double>(drawn.length) / sounds_.rate_hz;
            }
            planned += static_cast<double>(part.length);
            plan.push_back(part);
        }
    };
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (i % words_of_a_stream == 0) plans_.emplace_back();
        background(plans_.back(), gap * static_cast<double>(i + 1));
        plans_.back().push_back({Part::Kind::word, order[i], 0, sounds_.words[order[i]].samples.size()});
    }
    background(plans_.back(), gap * static_cast<double>(order.size() + 1));
}

SharedSamples BenchmarkStreams::samples_of(const Part& part) const {
    return part.kind == Part::Kind::word ? sounds_.words[part.source].samples : sounds_.speech[part.source].samples;
}

std::vector<float> BenchmarkStreams::noise_of(std::size_t length, std::uint64_t seed) const {
    std::mt19937_64 random(seed);
    std::vector<float> noise(length);
    std::vector<std::size_t> order(sounds_.noise.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    for (std::size_t at = 0, next = order.size(); at < length;) {
        if (next == order.size()) shuffle(order, random), next = 0;
        const Excerpt recording = sounds_.noise[order[next++]].samples.part(0, length - at);
        const float loudest = peak(recording.span());
        if (loudest > 0) add_scaled(std::span(noise).subspan(at, recording.size()), recording.span(), 1 / loudest);
        at += std::max<std::size_t>(1, recording.size());
    }
    return noise;
}

JudgedStream BenchmarkStreams::stream(int index) const {
    const std::vector<Part>& plan = plans_[static_cast<std::size_t>(index)];
    std::size_t length = 0;
    for (const Part& part : plan) length += part.length;
    JudgedStream stream{noise_of(length, hash_of("noise", seed_ + static_cast<std::uint64_t>(index))), {}};
    std::size_t at = 0;
    for (const Part& part : plan) {
        const std::span<float> under = std::span(stream.samples).subspan(at, part.length);
        if (part.kind != Part::Kind::silence) {
            const Excerpt speech = samples_of(part).part(part.begin, part.begin + part.length);
            const double power = loudest_power(speech.span(), rate_hz());
            const double level = gain_ * std::sqrt(loudest_power(under, rate_hz()));
            if (power > 0) add_scaled(under, speech.span(), level / std::sqrt(power));
        }
        if (part.kind == Part::Kind::word)
            stream.words.push_back({sounds_.words[part.source].label, static_cast<double>(at) / rate_hz(),
                                    static_cast<double>(at + part.length) / rate_hz()});
        at += part.length;
    }
    if (const float loudest = peak(stream.samples); loudest > 0) scale(stream.samples, 1 / loudest);
    return stream;
}

}  // namespace gruve::benchmarks

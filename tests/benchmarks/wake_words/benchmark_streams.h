// Streams like those of wake-word-benchmark by Picovoice (its mixer.py): clips of wake words far apart, some other
// speech between them, noise under all.
#pragma once

#include <cstdint>
#include <vector>

#include "offline_search/tasks/words/judged_streams.h"

namespace gruve::benchmarks {

/// A recording of a wake word. Silence around the word belongs to the clip.
struct WordClip {
    int label = 0;
    SharedSamples samples;
};

/// All at one rate. Neither clips nor noise may be missing.
struct BenchmarkSounds {
    int rate_hz = 0;
    std::vector<WordClip> words;
    std::vector<Sound> speech, noise;
};

/// Levels are those of a part's loudest 32 ms. A part of speech, a word or a piece of other speech, is `snr_db` louder
/// than the noise under it. Each recording of noise has its largest sample at full scale, and so has each stream.
class BenchmarkStreams {
public:
    /// Every word occurs once, at equal distances, in random order. Between the words, each stretch of 8 s holds
    /// other speech with a probability of a fifth. All other speech is heard before any is heard again.
    /// Same seed, same streams.
    BenchmarkStreams(BenchmarkSounds, double hours, double snr_db, std::uint64_t seed);

    int count() const { return static_cast<int>(plans_.size()); }
    /// Mixes one stream: five words, some minutes for most numbers of hours. A word lasts as long as its clip. Any
    /// thread may call it.
    JudgedStream stream(int index) const;

    int rate_hz() const { return sounds_.rate_hz; }
    double speech_s() const { return speech_s_; }  // other speech in all streams

private:
    struct Part {
        enum class Kind { silence, word, speech } kind = Kind::silence;
        std::size_t source = 0, begin = 0, length = 0;  // which clip or recording, and which of its samples
    };
    SharedSamples samples_of(const Part&) const;
    std::vector<float> noise_of(std::size_t length, std::uint64_t seed) const;

    BenchmarkSounds sounds_;
    double gain_;  // of the loudest frames' levels
    std::uint64_t seed_;
    double speech_s_ = 0;
    std::vector<std::vector<Part>> plans_;  // of each stream
};

/// The mean square of the loudest 32 ms; of all samples if there are fewer. 0 without samples.
double loudest_power(std::span<const float> samples, int rate_hz);

}  // namespace gruve::benchmarks

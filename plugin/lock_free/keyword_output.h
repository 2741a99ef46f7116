// What a keyword preset reports beside its notes: the word whose note sounds now, and a log of the last detections.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

#include "engine/streaming/keyword_spotter.h"

namespace gruve::plugin {

struct LoggedDetection {
    int label = 0;
    float score = 0.0f;
    double seconds = 0.0;      // of audio since the plugin was created
    std::uint64_t preset = 0;  // LoadedPreset::number of the preset that detected it, whose labels name the word
};

/// One writer, the audio thread, and any number of readers.
class KeywordOutput {
public:
    static constexpr std::uint32_t kept = 128;

    /// Audio thread. start, length: of the detection's note, in samples of the plugin's output.
    void add(const Detection& detection, std::uint64_t preset, std::int64_t start, std::int64_t length,
             double rate_hz) noexcept {
        const std::uint32_t number = count_.load(std::memory_order_relaxed);
        Entry& entry = entries_[number % kept];
        entry.label.store(detection.label, std::memory_order_relaxed);
        entry.score.store(detection.score, std::memory_order_relaxed);
        entry.seconds.store(static_cast<double>(start) / rate_hz, std::memory_order_relaxed);
        entry.preset.store(preset, std::memory_order_relaxed);
        count_.store(number + 1, std::memory_order_release);
        word_.store(detection.label + 1, std::memory_order_relaxed);
        until_ = start + length;
    }
    /// Audio thread, after each block. now: index of the next output sample.
    void advance(std::int64_t now) noexcept {
        if (now >= until_) word_.store(0, std::memory_order_relaxed);
    }
    /// Ends the word that sounds.
    void silence() noexcept { word_.store(0, std::memory_order_relaxed); }

    /// 1 + the label of the word whose note sounds, or 0.
    int word() const noexcept { return word_.load(std::memory_order_relaxed); }
    /// Detections since the plugin was created.
    std::uint32_t count() const noexcept { return count_.load(std::memory_order_acquire); }
    /// This preset's detections among the last kept / 2, oldest first. Reads only half of the ring, so that the writer
    /// doesn't overwrite an entry while it is read. Allocates.
    std::vector<LoggedDetection> last(std::uint64_t preset) const {
        const std::uint32_t end = count();
        std::vector<LoggedDetection> read;
        for (std::uint32_t i = end - std::min(end, kept / 2); i != end; ++i) {
            const Entry& entry = entries_[i % kept];
            if (entry.preset.load(std::memory_order_relaxed) == preset)
                read.push_back({entry.label.load(std::memory_order_relaxed),
                                entry.score.load(std::memory_order_relaxed),
                                entry.seconds.load(std::memory_order_relaxed), preset});
        }
        return read;
    }

private:
    struct Entry {
        std::atomic<int> label{0};
        std::atomic<float> score{0.0f};
        std::atomic<double> seconds{0.0};
        std::atomic<std::uint64_t> preset{0};
    };
    std::array<Entry, kept> entries_{};
    std::atomic<std::uint32_t> count_{0};
    std::atomic<int> word_{0};
    std::int64_t until_ = 0;
};

}  // namespace gruve::plugin

// A peak level with a slow fall, for the editor.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstddef>

namespace gruve::plugin {

/// One writer, the audio thread, and any number of readers.
class LevelMeter {
public:
    static constexpr int max_channels = 2;
    static constexpr double fall_db_per_s = 20.0;

    /// Audio thread. audio: channels × samples. factor: how much the shown peak falls over these samples, from
    /// falling().
    void add(const float* const* audio, int channels, int samples, float factor) noexcept {
        for (int c = 0; c < channels; ++c) {
            float peak = 0.0f;
            for (int i = 0; i < samples; ++i) peak = std::max(peak, std::abs(audio[c][i]));  // ignores NaN
            auto& shown = peaks_[static_cast<std::size_t>(c)];
            shown.store(std::max(peak, factor * shown.load(std::memory_order_relaxed)), std::memory_order_relaxed);
        }
        channels_.store(channels, std::memory_order_relaxed);
    }
    /// The factor by which the shown peak falls in this time.
    static float falling(double seconds) noexcept {
        return static_cast<float>(std::pow(10.0, -fall_db_per_s * seconds / 20.0));
    }

    int channels() const noexcept { return channels_.load(std::memory_order_relaxed); }
    /// Linear; 1 is full scale.
    float peak(int channel) const noexcept {
        return peaks_[static_cast<std::size_t>(channel)].load(std::memory_order_relaxed);
    }

private:
    std::array<std::atomic<float>, max_channels> peaks_{};
    std::atomic<int> channels_{0};
};

}  // namespace gruve::plugin

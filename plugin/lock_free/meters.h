// The values that the audio thread shows in the editor: gain per band, or posterior per word.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <span>

namespace gruve::plugin {

/// One writer, the audio thread, and any number of readers. A reader may see values of two neighbouring blocks.
class Meters {
public:
    static constexpr int max_values = 128;

    /// Audio thread. Values after the first max_values are dropped.
    void publish(std::span<const float> values) noexcept {
        const int n = std::min(max_values, static_cast<int>(values.size()));
        for (int i = 0; i < n; ++i)
            values_[static_cast<std::size_t>(i)].store(values[static_cast<std::size_t>(i)], std::memory_order_relaxed);
        count_.store(n, std::memory_order_release);
    }
    int count() const noexcept { return count_.load(std::memory_order_acquire); }
    float value(int i) const noexcept { return values_[static_cast<std::size_t>(i)].load(std::memory_order_relaxed); }

private:
    std::array<std::atomic<float>, max_values> values_{};
    std::atomic<int> count_{0};
};

}  // namespace gruve::plugin

// The most recent audio, written by the audio thread. Others read it to warm a new slot or to draw a spectrogram.
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace gruve::plugin {

/// One ring buffer per channel, without a lock: one writer and any number of readers. A reader that falls behind by
/// more than half of the ring may see newer samples among the older ones, and never anything else.
class RecentAudio {
public:
    RecentAudio() = default;
    /// samples: the most that a reader may ask for. Allocates.
    RecentAudio(int channels, int samples)
        : channels_{static_cast<std::size_t>(channels)},
          size_{std::bit_ceil(static_cast<std::size_t>(2 * samples))},
          rings_{std::make_unique<std::atomic<float>[]>(channels_ * size_)} {}

    /// Audio thread. input: channels × samples.
    void write(const float* const* input, int samples) noexcept {
        const auto end = end_.load(std::memory_order_relaxed);
        for (std::size_t c = 0; c < channels_; ++c)
            for (std::size_t i = 0; i < static_cast<std::size_t>(samples); ++i)
                rings_[c * size_ + ((end + i) & (size_ - 1))].store(input[c][i], std::memory_order_relaxed);
        end_.store(end + static_cast<std::uint64_t>(samples), std::memory_order_release);
    }

    /// Samples written so far.
    std::uint64_t end() const noexcept { return end_.load(std::memory_order_acquire); }
    /// Samples [end − samples, end) of one channel; fewer if fewer were ever written. Allocates.
    std::vector<float> read(int channel, std::uint64_t end, int samples) const {
        const auto n = std::min(end, static_cast<std::uint64_t>(samples));
        std::vector<float> out(static_cast<std::size_t>(n));
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = rings_[static_cast<std::size_t>(channel) * size_ + ((end - n + i) & (size_ - 1))].load(
                std::memory_order_relaxed);
        return out;
    }

private:
    std::size_t channels_ = 0, size_ = 0;
    std::unique_ptr<std::atomic<float>[]> rings_;
    std::atomic<std::uint64_t> end_{0};
};

}  // namespace gruve::plugin

// The last input samples, for every signal path that is delayed by the plugin's latency.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace gruve::plugin {

/// One ring buffer per channel. The constructor allocates; write() and read() are real-time safe and copy samples bit
/// for bit.
class History {
public:
    History() = default;
    /// Room for at least max_delay + max_block samples of each channel, zero at first.
    History(int channels, int max_delay, int max_block)
        : size_{std::bit_ceil(static_cast<std::size_t>(max_delay + max_block))},
          rings_(static_cast<std::size_t>(channels), std::vector<float>(size_, 0.0f)) {}

    /// input: channels × samples.
    void write(const float* const* input, int samples) noexcept {
        for (std::size_t c = 0; c < rings_.size(); ++c)
            for (std::size_t i = 0; i < static_cast<std::size_t>(samples); ++i)
                rings_[c][(end_ + i) & (size_ - 1)] = input[c][i];
        end_ += static_cast<std::size_t>(samples);
    }

    /// Reads the `samples` samples that end `delay` samples before the last written one. delay ≤ max_delay, samples ≤
    /// max_block.
    void read(int channel, int delay, float* output, int samples) const noexcept {
        const auto& ring = rings_[static_cast<std::size_t>(channel)];
        const std::size_t start = end_ - static_cast<std::size_t>(delay + samples);
        for (std::size_t i = 0; i < static_cast<std::size_t>(samples); ++i) output[i] = ring[(start + i) & (size_ - 1)];
    }

private:
    std::size_t size_ = 0, end_ = 0;
    std::vector<std::vector<float>> rings_;
};

}  // namespace gruve::plugin

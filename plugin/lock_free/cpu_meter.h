// The CPU load of a slot, block by block.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>

namespace gruve::plugin {

struct CpuLoad {
    double now = 0, median = 0, peak = 0;  // processing time as a share of the block's duration; now: the last block
    double median_us = 0;                  // processing time of a block, µs
};

/// One writer, the audio thread, and any number of readers. Covers the last `blocks` blocks.
class CpuMeter {
public:
    static constexpr std::size_t blocks = 256;

    /// Audio thread: processing a block that lasts block_s took `seconds`. Real-time safe.
    void add(double seconds, double block_s) noexcept {
        const auto at = count_.load(std::memory_order_relaxed);
        shares_[at % blocks].store(static_cast<float>(seconds / block_s), std::memory_order_relaxed);
        times_[at % blocks].store(static_cast<float>(seconds), std::memory_order_relaxed);
        count_.store(at + 1, std::memory_order_release);
    }

    /// All zero before the first block. Sorts, so not for the audio thread.
    CpuLoad load() const {
        const std::size_t n = std::min(blocks, count_.load(std::memory_order_acquire));
        if (n == 0) return {};
        std::array<float, blocks> shares{}, times{};
        for (std::size_t i = 0; i < n; ++i) {
            shares[i] = shares_[i].load(std::memory_order_relaxed);
            times[i] = times_[i].load(std::memory_order_relaxed);
        }
        const float now =
            shares_[(count_.load(std::memory_order_relaxed) - 1) % blocks].load(std::memory_order_relaxed);
        std::sort(shares.begin(), shares.begin() + n);
        std::sort(times.begin(), times.begin() + n);
        return {now, shares[n / 2], shares[n - 1], 1e6 * times[n / 2]};
    }

private:
    std::array<std::atomic<float>, blocks> shares_{}, times_{};
    std::atomic<std::size_t> count_{0};
};

}  // namespace gruve::plugin

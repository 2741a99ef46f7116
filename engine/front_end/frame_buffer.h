// Cuts a stream of any block sizes into overlapping frames.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "engine/support/without_tiny.h"

namespace gruve {

/// Gives the last `window` samples each time `hop` new ones have arrived. Samples before the stream are zeros. Only the
/// constructor allocates.
///
///     while (!block.empty()) {
///         block = block.subspan(buffer.push(block));
///         if (buffer.full()) { use(buffer.frame()); buffer.advance(); }
///     }
class FrameBuffer {
public:
    /// 1 ≤ hop ≤ window.
    FrameBuffer(int window, int hop)
        : hop_(static_cast<std::size_t>(hop)),
          samples_(static_cast<std::size_t>(window)),
          end_(samples_.size() - hop_) {}

    /// Non-finite samples become 0. Others are limited to ±10⁴ (80 dB over full scale), so that powers stay finite.
    /// Those below 10⁻²⁰ become 0, so that no denormal numbers arise.
    static float accepted(float x) noexcept {
        return std::isfinite(x) ? without_tiny(std::clamp(x, -1e4f, 1e4f)) : 0.0f;
    }

    /// Takes samples up to the end of the next frame, as accepted() changes them, and returns their number.
    std::size_t push(std::span<const float> block) noexcept {
        const std::size_t count = std::min(block.size(), samples_.size() - end_);
        float* out = samples_.data() + end_;
        for (std::size_t i = 0; i < count; ++i) out[i] = accepted(block[i]);
        end_ += count;
        return count;
    }

    /// Whether a frame is complete. The caller uses it, then calls advance().
    bool full() const noexcept { return end_ == samples_.size(); }
    /// window samples, oldest first.
    std::span<const float> frame() const noexcept { return samples_; }
    /// Number of new samples in the incomplete frame, 0..hop.
    std::size_t filled() const noexcept { return end_ + hop_ - samples_.size(); }

    void advance() noexcept {
        std::copy(samples_.begin() + static_cast<std::ptrdiff_t>(hop_), samples_.end(), samples_.begin());
        end_ -= hop_;
    }
    void reset() noexcept {
        std::fill(samples_.begin(), samples_.end(), 0.0f);
        end_ = samples_.size() - hop_;
    }

private:
    std::size_t hop_;
    std::vector<float> samples_;
    std::size_t end_;  // one past the newest sample
};

}  // namespace gruve

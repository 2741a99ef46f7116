// A constant delay of one channel.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace gruve {

/// Gives back what went in `delay` samples ago; zeros first. Allocates when it is made, never afterwards.
class DelayLine {
public:
    explicit DelayLine(std::size_t delay) : past_(delay) {}

    /// In place: new samples in, older ones out. Real-time safe.
    void process(std::span<float> samples) noexcept {
        if (past_.empty()) return;
        for (float& sample : samples) {
            std::swap(sample, past_[at_]);
            at_ = at_ + 1 == past_.size() ? 0 : at_ + 1;
        }
    }
    /// Forgets everything. Real-time safe.
    void reset() noexcept { std::fill(past_.begin(), past_.end(), 0.0f); }

private:
    std::vector<float> past_;
    std::size_t at_ = 0;
};

}  // namespace gruve

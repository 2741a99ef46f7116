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
        while (!samples.empty()) {
            const auto part = samples.first(std::min(samples.size(), past_.size() - at_));
            std::swap_ranges(part.begin(), part.end(), past_.begin() + static_cast<std::ptrdiff_t>(at_));
            at_ = (at_ + part.size()) % past_.size();
            samples = samples.subspan(part.size());
        }
    }
    /// Forgets everything, as if only `value` had gone in. Real-time safe.
    void reset(float value = 0.0f) noexcept { std::fill(past_.begin(), past_.end(), value); }

private:
    std::vector<float> past_;
    std::size_t at_ = 0;
};

}  // namespace gruve

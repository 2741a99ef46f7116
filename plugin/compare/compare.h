// Makes the one signal that is heard from the two slots: A, or B matched in loudness to A, or the difference of both.
#pragma once

#include <array>
#include <atomic>
#include <cmath>

#include "engine/support/real_time.h"
#include "plugin/compare/crossfade.h"
#include "plugin/compare/loudness.h"
#include "plugin/slots/stream_format.h"

namespace gruve::plugin {

struct CompareSettings {
    std::size_t slot = 0;          // the slot that is heard: 0 for A, 1 for B
    bool match = false;            // turn B up or down until it is as loud as A
    bool difference = false;       // hear A − B instead
    float difference_gain = 1.0f;  // linear
};

/// Works sample by sample, so that every block size gives the same output. Real-time safe.
class Compare {
public:
    static constexpr double largest_offset_db = 12.0;

    /// channels: 1..2. fade_samples: length of the crossfades, at least 1.
    void prepare(double rate_hz, int channels, int fade_samples, const CompareSettings& at_first) noexcept;
    /// a, b: channels × samples (≤ max_chunk). Leaves the output in `a` and changes `b`.
    void process(float* const* a, float* const* b, int samples, const CompareSettings&) noexcept GRUVE_REAL_TIME;
    /// The gain in dB that makes B as loud as A, measured over the last ten seconds, within ±largest_offset_db. Any
    /// thread.
    double offset_db() const noexcept { return offset_db_.load(std::memory_order_relaxed); }

private:
    void measure() noexcept;

    /// A one-pole smoother with a time constant of 20 ms. It reaches its target exactly.
    struct Smoothed {
        float value = 1.0f, rate = 1.0f;
        float operator()(float target) noexcept {
            value = std::abs(target - value) < 1e-6f ? target : value + rate * (target - value);
            return value;
        }
    };

    std::array<Loudness, 2> loudness_;
    Smoothed match_, gain_;
    Crossfade select_, difference_;  // A to B, and that to their difference
    std::array<std::array<float, max_chunk>, Loudness::max_channels> difference_of_{};
    int channels_ = 0;
    float wanted_ = 1.0f;  // linear gain that makes B as loud as A
    std::atomic<double> offset_db_{0.0};
};

}  // namespace gruve::plugin

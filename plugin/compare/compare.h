// From the two slots to what is heard: B matched in loudness to A, A or B, or the difference between them.
#pragma once

#include <array>
#include <atomic>
#include <cmath>

#include "engine/support/real_time.h"
#include "plugin/compare/dry_wet.h"
#include "plugin/compare/loudness.h"

namespace gruve::plugin {

struct CompareSettings {
    std::size_t slot = 0;     // 0 A, 1 B
    bool match = false;       // turns B up or down until it is as loud as A
    bool difference = false;  // A − B instead of either
    float difference_gain = 1.0f;
};

/// Sample by sample, so that any block size gives the same. Real-time safe.
class Compare {
public:
    static constexpr double largest_offset_db = 12.0;

    /// Crossfades take `fade_samples`.
    void prepare(double rate_hz, int channels, int fade_samples, const CompareSettings& at_first) noexcept;
    /// a, b: channels × samples (≤ max_chunk), changed; what is heard is left in `a`.
    void process(float* const* a, float* const* b, int samples, const CompareSettings&) noexcept GRUVE_REAL_TIME;
    /// Any thread: what B would be turned up by, in dB, so that it is as loud as A. Measured over the last ten seconds.
    double offset_db() const noexcept { return offset_db_.load(std::memory_order_relaxed); }

private:
    void measure() noexcept;

    /// Goes to its target with a time constant of 20 ms and stays there exactly.
    struct Smoothed {
        float value = 1.0f, rate = 1.0f;
        float operator()(float target) noexcept {
            value = std::abs(target - value) < 1e-6f ? target : value + rate * (target - value);
            return value;
        }
    };

    std::array<Loudness, 2> loudness_;
    Smoothed match_, gain_;
    DryWetMix select_, difference_;
    std::array<std::array<float, max_chunk>, Loudness::max_channels> difference_of_{};
    int channels_ = 0;
    float wanted_ = 1.0f;  // gain of B
    std::atomic<double> offset_db_{0.0};
};

}  // namespace gruve::plugin

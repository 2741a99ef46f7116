// The dry signal, aligned with the wet one, and the ramp between the two.
#pragma once

#include <algorithm>
#include <array>
#include <utility>

#include "engine/support/real_time.h"
#include "plugin/slots/history.h"
#include "plugin/slots/slot.h"

namespace gruve::plugin {

/// Delays bit for bit. Another delay is reached by a crossfade.
class DryDelay {
public:
    DryDelay() = default;
    DryDelay(int channels, int max_delay, int delay, int fade_samples)
        : history_{channels, max_delay, max_chunk},
          channels_{channels},
          delay_{delay},
          old_delay_{delay},
          fade_samples_{fade_samples} {}

    /// Taken up once a fade that is under way has ended.
    void set(int delay) noexcept {
        if (delay == delay_ || fade_left_ > 0) return;
        old_delay_ = std::exchange(delay_, delay);
        fade_left_ = fade_samples_;
    }

    void process(const float* const* input, float* const* output, int samples) noexcept GRUVE_REAL_TIME {
        history_.write(input, samples);
        for (int c = 0; c < channels_; ++c) {
            history_.read(c, delay_, output[c], samples);
            if (fade_left_ == 0) continue;
            history_.read(c, old_delay_, old_.data(), samples);
            for (int i = 0; i < samples; ++i) {
                const float old_share =
                    static_cast<float>(std::max(0, fade_left_ - i)) / static_cast<float>(fade_samples_);
                output[c][i] += old_share * (old_[static_cast<std::size_t>(i)] - output[c][i]);
            }
        }
        fade_left_ = std::max(0, fade_left_ - samples);
    }

private:
    History history_;
    std::array<float, max_chunk> old_{};
    int channels_ = 0, delay_ = 0, old_delay_ = 0, fade_samples_ = 1, fade_left_ = 0;
};

/// Linear ramp of the wet share. All dry and all wet are exact copies.
class DryWetMix {
public:
    void prepare(float wet, int ramp_samples) noexcept {
        wet_ = wet;
        step_ = 1.0f / static_cast<float>(ramp_samples);
    }

    void process(const float* const* dry, const float* const* wet, float* const* output, int channels, int samples,
                 float target) noexcept GRUVE_REAL_TIME {
        float share = wet_;
        for (int c = 0; c < channels; ++c) {
            share = wet_;
            for (int i = 0; i < samples; ++i) {
                share += std::clamp(target - share, -step_, step_);
                output[c][i] = share >= 1.0f   ? wet[c][i]
                               : share <= 0.0f ? dry[c][i]
                                               : (1.0f - share) * dry[c][i] + share * wet[c][i];
            }
        }
        wet_ = share;
    }

private:
    float wet_ = 1.0f, step_ = 1.0f;
};

}  // namespace gruve::plugin

// The dry signal, delayed so that it is aligned with the wet one.
#pragma once

#include <algorithm>
#include <array>
#include <utility>

#include "engine/support/real_time.h"
#include "plugin/slots/history.h"
#include "plugin/slots/stream_format.h"

namespace gruve::plugin {

/// Delays each channel bit for bit. Changes to another delay with a linear crossfade. The constructor allocates; the
/// rest is real-time safe.
class DryDelay {
public:
    DryDelay() = default;
    /// Delays are in samples, 0..max_delay. fade_samples: length of the crossfade, at least 1.
    DryDelay(int channels, int max_delay, int delay, int fade_samples)
        : history_{channels, max_delay, max_chunk},
          channels_{channels},
          delay_{delay},
          old_delay_{delay},
          fade_samples_{fade_samples} {}

    /// Ignored while a fade runs, so call it once a block: the new delay is then taken up after the fade.
    void set(int delay) noexcept {
        if (delay == delay_ || fade_left_ > 0) return;
        old_delay_ = std::exchange(delay_, delay);
        fade_left_ = fade_samples_;
    }

    /// input, output: channels × samples (≤ max_chunk).
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

}  // namespace gruve::plugin

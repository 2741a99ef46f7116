// A linear crossfade between two signals, for every switch that must not click.
#pragma once

#include <algorithm>

#include "engine/support/real_time.h"

namespace gruve::plugin {

/// Moves the share of the second signal towards a target, by a constant step per sample. At shares 0 and 1 the output
/// is an exact copy.
class Crossfade {
public:
    /// share: of the second signal, 0..1. fade_samples: length of a fade from 0 to 1, at least 1. Real-time safe.
    void prepare(float share, int fade_samples) noexcept {
        share_ = share;
        step_ = 1.0f / static_cast<float>(fade_samples);
    }

    /// first, second, output: channels × samples; output may be either input. target: the share to move to, 0..1.
    void process(const float* const* first, const float* const* second, float* const* output, int channels, int samples,
                 float target) noexcept GRUVE_REAL_TIME {
        float share = share_;
        for (int c = 0; c < channels; ++c) {
            share = share_;
            for (int i = 0; i < samples; ++i) {
                share += std::clamp(target - share, -step_, step_);
                output[c][i] = share >= 1.0f   ? second[c][i]
                               : share <= 0.0f ? first[c][i]
                                               : (1.0f - share) * first[c][i] + share * second[c][i];
            }
        }
        share_ = share;
    }

private:
    float share_ = 1.0f, step_ = 1.0f;
};

}  // namespace gruve::plugin

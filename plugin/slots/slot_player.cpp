#include "plugin/slots/slot_player.h"

#include <algorithm>
#include <cmath>

namespace gruve::plugin {

void SlotPlayer::prepare(std::unique_ptr<Slot> first) {
    incoming_.take();
    retired_.take();
    next_.reset();
    current_ = std::move(first);
    untouched_ = true;
    asleep_ = false;
    wanted_ = true;
    unwanted_samples_ = 0;
    settling_samples_ = 0;
    settled_ = true;
    position_ = 0;
    fade_samples_ = std::max(1, static_cast<int>(std::lround(crossfade_s * current_->format().rate_hz)));
}

void SlotPlayer::want(bool wanted) noexcept {
    wanted_ = wanted;
    if (wanted) unwanted_samples_ = 0;
}

void SlotPlayer::take_waiting(std::uint64_t heard) noexcept {
    // At most two slots run at once, and the mailbox back to the worker must be empty, to receive the one that fades
    // out.
    if (next_ || !retired_.empty()) return;
    next_ = incoming_.take();
    if (!next_) return;
    position_ = 0;
    fade_start_ = next_->warmed_until() == heard ? 0 : next_->settle_samples();
    const int settling = fade_start_;
    if (untouched_ || asleep_) finish_fade();
    if (asleep_ && wanted_) {
        settling_samples_ = settling;
        settled_ = settling == 0;
        asleep_ = false;
    }
}

void SlotPlayer::finish_fade() noexcept {
    retired_.put(std::move(current_));
    current_ = std::move(next_);
}

void SlotPlayer::process(const float* const* input, float* const* output, float* const* scratch, int samples,
                         const SlotSettings& settings) noexcept {
    untouched_ = false;
    if (asleep_) {
        for (int c = 0; c < current_->format().channels; ++c) std::fill_n(output[c], samples, 0.0f);
        return;
    }
    settled_ = settling_samples_ == 0;
    settling_samples_ = std::max(0, settling_samples_ - samples);
    play(input, output, scratch, samples, settings);
    if (wanted_) return;
    unwanted_samples_ += samples;
    // An empty slot costs nothing anyway.
    if (!next_ && current_->loaded() &&
        static_cast<double>(unwanted_samples_) > patience_s * current_->format().rate_hz)
        asleep_ = true;
}

void SlotPlayer::play(const float* const* input, float* const* output, float* const* scratch, int samples,
                      const SlotSettings& settings) noexcept {
    current_->set(settings);
    current_->process(input, output, samples);
    if (!next_) return;

    next_->set(settings);
    next_->process(input, scratch, samples);
    for (int c = 0; c < current_->format().channels; ++c)
        for (int i = 0; i < samples; ++i) {
            const float in = std::clamp(
                static_cast<float>(position_ + i - fade_start_) / static_cast<float>(fade_samples_), 0.0f, 1.0f);
            output[c][i] = (1.0f - in) * output[c][i] + in * scratch[c][i];
        }
    position_ += samples;
    if (position_ >= fade_start_ + fade_samples_) finish_fade();
}

}  // namespace gruve::plugin

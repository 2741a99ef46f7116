// Takes slots from the worker without a lock, and changes from one to the next without a click.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "engine/support/real_time.h"
#include "plugin/lock_free/mailbox.h"
#include "plugin/slots/slot.h"

namespace gruve::plugin {

/// Fades a new slot in with a linear crossfade. The fade starts at once if the worker warmed the slot on all audio so
/// far. If a block came in between, the slot first runs unheard until it has settled.
///
/// A slot that nobody wants for a while sleeps: it costs nothing and is silent. To wake it, the worker builds it anew
/// and warms it, as for a swap.
class SlotPlayer {
public:
    static constexpr double crossfade_s = 0.015;
    /// For so long a slot stays awake when it is no longer wanted, so that a person can switch back at once.
    static constexpr double patience_s = 5.0;

    /// Worker thread: the slot to play from the next block on. Frees a slot that was still waiting.
    void put(std::unique_ptr<Slot> slot) { incoming_.put(std::move(slot)); }
    /// Worker thread: frees the slot that the audio thread gave back.
    void free_retired() { retired_.take(); }

    /// Worker thread: the slot is wanted, sleeps, and nothing waits to be taken.
    bool needs_waking() const noexcept { return asleep_ && wanted_ && incoming_.empty(); }
    /// Any thread.
    bool asleep() const noexcept { return asleep_; }

    /// Plays `first` from its first sample, without a fade. Neither of the two threads may be running.
    void prepare(std::unique_ptr<Slot> first);

    /// Audio thread, before each take_waiting(): whether the slot's output or its detections are of use.
    void want(bool wanted) noexcept GRUVE_REAL_TIME;
    /// Audio thread: the output is that of a slot that has been running all the time.
    bool ready() const noexcept { return !asleep_ && settled_; }
    /// Audio thread, at the start of a block: takes a waiting slot. heard: samples that RecentAudio held before this
    /// block.
    void take_waiting(std::uint64_t heard) noexcept GRUVE_REAL_TIME;
    /// Audio thread. input, output, scratch: channels × samples (≤ max_chunk). scratch holds the output of the slot
    /// that fades in.
    void process(const float* const* input, float* const* output, float* const* scratch, int samples,
                 const SlotSettings&) noexcept GRUVE_REAL_TIME;
    /// Audio thread: the slot that is played. Never null after prepare().
    const Slot* current() const noexcept { return current_.get(); }

private:
    void finish_fade() noexcept;
    void play(const float* const* input, float* const* output, float* const* scratch, int samples,
              const SlotSettings&) noexcept GRUVE_REAL_TIME;

    Mailbox<Slot> incoming_, retired_;
    std::unique_ptr<Slot> current_, next_;
    int position_ = 0;    // samples since `next_` was taken
    int fade_start_ = 0;  // the position at which the crossfade begins
    int fade_samples_ = 0;
    bool untouched_ = true;                           // nothing was played since prepare()
    std::atomic<bool> asleep_{false}, wanted_{true};  // written by the audio thread
    std::int64_t unwanted_samples_ = 0;               // since the slot was last wanted
    int settling_samples_ = 0;                        // that a woken slot must still play unheard
    bool settled_ = true;                             // there were none before the last process()
};

}  // namespace gruve::plugin

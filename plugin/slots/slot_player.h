// Takes slots from the worker without a lock, and changes from one to the next without a click.
#pragma once

#include <memory>

#include "engine/support/real_time.h"
#include "plugin/lock_free/mailbox.h"
#include "plugin/slots/slot.h"

namespace gruve::plugin {

/// Fades a new slot in with a linear crossfade. The fade starts at once if the worker warmed the slot on all audio so
/// far. If a block came in between, the slot first runs unheard until it has settled.
class SlotPlayer {
public:
    static constexpr double crossfade_s = 0.015;

    /// Worker thread: the slot to play from the next block on. Frees a slot that was still waiting.
    void put(std::unique_ptr<Slot> slot) { incoming_.put(std::move(slot)); }
    /// Worker thread: frees the slot that the audio thread gave back.
    void free_retired() { retired_.take(); }

    /// Plays `first` from its first sample, without a fade. Neither of the two threads may be running.
    void prepare(std::unique_ptr<Slot> first);

    /// Audio thread, at the start of a block: takes a waiting slot. heard: samples that RecentAudio held before this
    /// block.
    void take_waiting(std::uint64_t heard) noexcept GRUVE_REAL_TIME;
    /// Audio thread. input, output, scratch: channels × samples (≤ max_chunk). scratch holds the output of the slot
    /// that fades in.
    void process(const float* const* input, float* const* output, float* const* scratch, int samples,
                 const DenoiserSettings&, bool link) noexcept GRUVE_REAL_TIME;
    /// Audio thread: the slot that is heard. Never null after prepare().
    const Slot* current() const noexcept { return current_.get(); }

private:
    void finish_fade() noexcept;

    Mailbox<Slot> incoming_, retired_;
    std::unique_ptr<Slot> current_, next_;
    int position_ = 0;    // samples since `next_` was taken
    int fade_start_ = 0;  // the position at which the crossfade begins
    int fade_samples_ = 0;
    bool untouched_ = true;  // nothing was played since prepare()
};

}  // namespace gruve::plugin

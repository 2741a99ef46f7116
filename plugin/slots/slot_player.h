// Takes slots from the worker without a lock and plays them without a click.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "engine/support/real_time.h"
#include "plugin/slots/slot.h"

namespace gruve::plugin {

/// A pointer handed from one thread to another; what is put last wins.
template <class T>
class Mailbox {
public:
    ~Mailbox() { delete content_.load(); }
    /// Returns what nobody had taken.
    std::unique_ptr<T> put(std::unique_ptr<T> item) noexcept {
        return std::unique_ptr<T>(content_.exchange(item.release()));
    }
    std::unique_ptr<T> take() noexcept { return std::unique_ptr<T>(content_.exchange(nullptr)); }
    bool empty() const noexcept { return content_.load() == nullptr; }

private:
    std::atomic<T*> content_{nullptr};
};

/// A linear crossfade brings a new slot in, at once where the worker has warmed it on all that was heard. Where a block came between,
/// the slot first runs unheard until that seam is through.
class SlotPlayer {
public:
    static constexpr double crossfade_s = 0.015;

    /// Worker: the slot to play from the next block on. A slot that was still waiting is freed here.
    void put(std::unique_ptr<Slot> slot) { incoming_.put(std::move(slot)); }
    /// Worker: frees the slot that the audio thread gave back.
    void free_retired() { retired_.take(); }

    /// Neither thread running: plays `first` from its first sample, without a fade.
    void prepare(std::unique_ptr<Slot> first);

    /// Audio thread, at a block's start: takes a waiting slot. `heard`: samples of RecentAudio before this block.
    void take_waiting(std::uint64_t heard) noexcept GRUVE_REAL_TIME;
    /// Audio thread. `scratch`: as output, for the slot that is coming in.
    void process(const float* const* input, float* const* output, float* const* scratch, int samples,
                 const DenoiserSettings&, bool link) noexcept GRUVE_REAL_TIME;
    /// Audio thread: what is heard. Never null after prepare().
    const Slot* current() const noexcept { return current_.get(); }

private:
    void finish_fade() noexcept;

    Mailbox<Slot> incoming_, retired_;
    std::unique_ptr<Slot> current_, next_;
    int position_ = 0;  // samples since `next_` was taken
    int fade_start_ = 0;
    int fade_samples_ = 0;
    bool untouched_ = true;  // no sample played since prepare()
};

}  // namespace gruve::plugin

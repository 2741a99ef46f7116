// Everything about one slot except its audio: the request that waits, the preset that is loaded, and the error if there
// is one.
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "plugin/slots/preset_request.h"
#include "plugin/slots/slot_player.h"

namespace gruve::plugin {

/// Unless a function says otherwise, any thread except the audio thread may call it.
class SlotHost {
public:
    /// Replaces a request that is still waiting.
    void request(PresetRequest);
    /// True while a request waits or is being served.
    bool busy() const;

    /// Serves the request and frees the slots that the audio thread gave back. Called by the worker, or by an offline
    /// render. Builds the slot anew if `format` differs from the last one or if it sleeps and is wanted, and nothing if
    /// there is no rate. A new slot is first warmed on `recent`, with the settings that it will play with.
    void service(const StreamFormat& format, const RecentAudio& recent, const SlotSettings& settings);
    /// Builds the slot for `format` at once. The audio thread must not be running.
    void prepare(const StreamFormat& format);

    SlotPlayer& player() { return player_; }
    const SlotPlayer& player() const { return player_; }
    /// The preset in the slot, or null if there is none.
    std::shared_ptr<const LoadedPreset> loaded() const;
    /// The preset that a session must save: the request that still waits; else the preset of a session that couldn't be
    /// read, since a newer version of the plugin may read it; else the loaded one.
    PresetRequest to_save() const;
    /// Why the last request failed, or why the loaded preset can't play now. Empty if there is no problem.
    std::string message() const;

private:
    std::unique_ptr<Slot> load_requested();
    void request_done();
    std::unique_ptr<Slot> build_loaded();

    mutable std::mutex mutex_;  // guards the next six lines
    std::optional<PresetRequest> request_;
    unsigned requests_ = 0, served_ = 0;  // number of the last request, and of the last one that was served
    std::shared_ptr<const LoadedPreset> loaded_;
    std::optional<PresetRequest> unread_;  // a session's preset that couldn't be read; kept until another one is loaded
    std::string refused_;                  // why the last request failed
    std::string unplayable_;               // why the loaded preset can't play in the present format

    // Used by one thread at a time: the processor serialises service() and prepare().
    StreamFormat format_;
    SlotPlayer player_;
};

}  // namespace gruve::plugin

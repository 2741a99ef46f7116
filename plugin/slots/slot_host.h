// Everything around one slot that isn't audio: what was asked for, what was loaded, what went wrong.
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "plugin/slots/slot_player.h"

namespace gruve::plugin {

/// A preset to load: the bytes, or where they lie. Neither: no preset.
struct PresetRequest {
    std::string source;  // as shown
    std::vector<std::uint8_t> bytes;
    std::string path;  // read when `bytes` is empty
    bool none() const { return bytes.empty() && path.empty(); }
    bool from_session = false;  // kept even where the present rate or latency can't play it
};

class SlotHost {
public:
    /// Any thread but the audio thread. A request that was still waiting is forgotten.
    void request(PresetRequest);
    /// A request waits or is being served.
    bool busy() const;

    /// Worker (or prepare(), or an offline render): does what was requested, frees what came back.
    /// `format`: what to build for; another than the last one builds the slot again. Without a rate nothing is built.
    /// A slot that will come in while audio runs is warmed on `recent`, with the settings that it will be played with.
    void service(const StreamFormat& format, const RecentAudio& recent, const DenoiserSettings& settings, bool link);
    /// Audio not running: builds for `format` at once.
    void prepare(const StreamFormat& format);

    SlotPlayer& player() { return player_; }
    const SlotPlayer& player() const { return player_; }
    /// Null until a preset was loaded.
    std::shared_ptr<const LoadedPreset> loaded() const;
    /// The bytes that a session must keep: those of the request that still waits, else those of a session that couldn't be read (a newer
    /// version of the plugin may), else those loaded.
    PresetRequest to_save() const;
    /// Why the last request failed, or why what is loaded can't be played now; empty when all is well.
    std::string message() const;

private:
    std::unique_ptr<Slot> load_requested();
    void request_done();
    std::unique_ptr<Slot> build_loaded();

    mutable std::mutex mutex_;  // guards the next six lines
    std::optional<PresetRequest> request_;
    unsigned requests_ = 0, served_ = 0;  // numbers of requests
    std::shared_ptr<const LoadedPreset> loaded_;
    std::optional<PresetRequest> unread_;  // of a session; until something else is loaded
    std::string refused_;                  // why the last request failed
    std::string unplayable_;               // why what is loaded can't be played in the present format

    // Touched by one thread at a time: the processor serialises service() and prepare().
    StreamFormat format_;
    SlotPlayer player_;
};

}  // namespace gruve::plugin

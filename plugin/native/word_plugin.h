// A keyword spotter for hosts that know ports and numbers only: words become MIDI notes. Over the C API.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "plugin/native/background_builder.h"
#include "plugin/native/preset_index.h"
#include "plugin/native/stream_clock.h"

namespace gruve::plugin {

/// A host's values, in their ranges.
struct WordValues {
    int preset = first_word_number;  // a number that no keyword preset has: nothing is heard
    int first_note = 60;             // of the preset's label 0; note 127 is the last, words above it send none
    int channel = 1;                 // 1..16
    bool enabled = true;             // false: notes that sound are ended, nothing is heard
    float sensitivity = 0;           // −1..1: gruve_spotter_set_sensitivity()
    bool offline = false;            // the host renders faster than real time and waits for run()
};

/// A three-byte MIDI message, `frame` frames after the begin of the run.
struct MidiEvent {
    std::uint32_t frame;
    std::array<std::uint8_t, 3> bytes;
};

/// Hears one channel and has no latency: a note begins at the last frame that its word's decision needed, and lasts
/// 200 ms. Its velocity is the word's score. A changed preset is built on a thread, hears a second of sound beside the
/// old one, and then takes over.
class WordPlugin {
public:
    /// rate_hz: outside 8000..192000 Hz nothing is heard and one message says so.
    explicit WordPlugin(double rate_hz);
    ~WordPlugin();
    WordPlugin(const WordPlugin&) = delete;
    WordPlugin& operator=(const WordPlugin&) = delete;

    /// A new stream begins. Notes that sound are ended by the next run.
    void activate();
    /// input may be null: silence. The events are in the order of time and live until the next call. Real-time safe
    /// after the first call, unless offline.
    std::span<const MidiEvent> run(const WordValues& values, const float* input, std::size_t frames) noexcept;
    /// The label that was heard last; 0 ("other") before any.
    int last_word() const noexcept { return last_word_; }

private:
    class Voice;
    std::unique_ptr<Voice> build(int number) const;
    std::unique_ptr<Voice> build_or_say_why(int number) const noexcept;
    void begin(const WordValues& values) noexcept;
    void take_new_voice(const WordValues& values) noexcept;
    void hear(const WordValues& values, const float* input, std::size_t at, std::size_t frames) noexcept;
    void start_note(const WordValues& values, int label, float score, std::int64_t frame) noexcept;
    void end_notes_before(std::int64_t frame) noexcept;
    void send(std::int64_t frame, int status, int note, int velocity) noexcept;

    struct SoundingNote {
        std::int64_t end;
        int channel, note;
    };
    static constexpr std::size_t most_notes = 16, most_events = 512;

    double rate_hz_;
    StreamClock clock_;
    std::unique_ptr<Voice> playing_, coming_, leaving_;
    std::int64_t settle_left_ = 0;
    int asked_ = -1, last_word_ = 0;

    std::int64_t now_ = 0, run_begin_ = 0;  // frames since the plugin was made
    std::array<SoundingNote, most_notes> notes_{};
    std::size_t sounding_ = 0;
    std::array<MidiEvent, most_events> events_{};
    std::size_t event_count_ = 0;

    BackgroundBuilder<Voice> builder_;
};

}  // namespace gruve::plugin

// Turns detections into MIDI notes, each with its note-off, at the exact sample.
#pragma once

#include <juce_audio_basics/juce_audio_basics.h>

#include <algorithm>
#include <array>
#include <span>

namespace gruve::plugin {

/// Real-time safe. Times are in samples of the plugin's output since it was created.
class NoteQueue {
public:
    /// Adds a note and its end. Does nothing if the queue is full, since a note must not start without its end. If the
    /// same note still sounds, it ends where this one starts; its later note-off would cut this one short.
    void add(int channel, int note, float velocity, std::int64_t start, std::int64_t length) noexcept {
        if (count_ + 2 > static_cast<int>(events_.size()) || note < 0 || note > 127) return;
        for (Event& event : std::span(events_).first(static_cast<std::size_t>(count_)))
            if (!event.on && event.channel == channel && event.note == note) event.time = std::min(event.time, start);
        events_[static_cast<std::size_t>(count_++)] = {start, channel, note, velocity, true};
        events_[static_cast<std::size_t>(count_++)] = {start + length, channel, note, 0.0f, false};
    }

    /// Moves the events of the next `samples` samples into `midi`. Late events get offset 0.
    void emit(juce::MidiBuffer& midi, int samples) noexcept {
        int kept = 0;
        for (int i = 0; i < count_; ++i) {
            const Event& event = events_[static_cast<std::size_t>(i)];
            if (event.time >= now_ + samples) {
                events_[static_cast<std::size_t>(kept++)] = event;
                continue;
            }
            const int offset = static_cast<int>(juce::jmax(std::int64_t{0}, event.time - now_));
            midi.addEvent(event.on ? juce::MidiMessage::noteOn(event.channel, event.note, event.velocity)
                                   : juce::MidiMessage::noteOff(event.channel, event.note),
                          offset);
        }
        count_ = kept;
        now_ += samples;
    }

    /// The next output sample.
    std::int64_t now() const noexcept { return now_; }

    /// Ends all sounding notes at the next emit() and drops those that have not started.
    void end_all() noexcept {
        int kept = 0;
        for (int i = 0; i < count_; ++i) {
            Event event = events_[static_cast<std::size_t>(i)];
            if (event.on) continue;
            event.time = now_;
            events_[static_cast<std::size_t>(kept++)] = event;
        }
        count_ = kept;
    }

private:
    struct Event {
        std::int64_t time;
        int channel, note;
        float velocity;
        bool on;
    };
    std::array<Event, 64> events_{};
    int count_ = 0;
    std::int64_t now_ = 0;
};

}  // namespace gruve::plugin

#include "plugin/native/word_plugin.h"

#include <gruve/gruve.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>

namespace gruve::plugin {
namespace {

constexpr double settle_s = 1.0, note_s = 0.2;
constexpr std::size_t most_frames = 256;
constexpr int note_on = 0x90, note_off = 0x80;

struct Free {
    void operator()(gruve_spotter* spotter) const noexcept { gruve_spotter_free(spotter); }
};

bool rate_supported(double rate_hz) { return rate_hz >= 8000 && rate_hz <= 192000; }

}  // namespace

/// A preset that hears, or none.
class WordPlugin::Voice {
public:
    Voice(gruve_spotter* spotter, int number) : spotter_(spotter), number_(number) {}
    int number() const noexcept { return number_; }
    void reset() noexcept {
        if (spotter_) gruve_spotter_reset(spotter_.get());
        heard_ = 0;
    }
    void set_sensitivity(float sensitivity) noexcept {
        if (spotter_) gruve_spotter_set_sensitivity(spotter_.get(), sensitivity);
    }
    /// Words decided within these frames. sample: the place among them of the last frame that the decision needed.
    std::span<const gruve_detection> process(const float* input, std::size_t frames) noexcept {
        if (!spotter_) return {};
        const int found =
            gruve_spotter_process(spotter_.get(), input, frames, found_.data(), static_cast<int>(found_.size()));
        for (int i = 0; i < found; ++i) found_[static_cast<std::size_t>(i)].sample -= heard_ + 1;
        heard_ += static_cast<std::int64_t>(frames);
        return {found_.data(), static_cast<std::size_t>(std::max(found, 0))};
    }

private:
    std::unique_ptr<gruve_spotter, Free> spotter_;
    std::array<gruve_detection, 8> found_{};
    std::int64_t heard_ = 0;
    int number_;
};

WordPlugin::WordPlugin(double rate_hz)
    : rate_hz_(rate_hz), clock_(rate_hz), builder_([this](int number) { return build_or_say_why(number); }) {
    if (!rate_supported(rate_hz))
        std::fprintf(stderr, "gruve: rate %.0f Hz, allowed 8000..192000 Hz: no word is heard\n", rate_hz);
}

WordPlugin::~WordPlugin() = default;

std::unique_ptr<WordPlugin::Voice> WordPlugin::build(int number) const {
    if (number <= 0 || !rate_supported(rate_hz_)) return std::make_unique<Voice>(nullptr, number);
    const auto preset = open_preset(factory_words(), number);
    char error[512] = "";
    gruve_spotter* spotter = nullptr;
    if (gruve_spotter_create(preset.get(), rate_hz_, &spotter, error, sizeof error) != GRUVE_OK)
        throw std::runtime_error(error);
    std::unique_ptr<gruve_spotter, Free> owned(spotter);
    return std::make_unique<Voice>(owned.release(), number);
}

std::unique_ptr<WordPlugin::Voice> WordPlugin::build_or_say_why(int number) const noexcept {
    try {
        return build(number);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "gruve: preset %d: %s\n", number, error.what());
    }
    return nullptr;
}

void WordPlugin::activate() {
    if (coming_) playing_ = std::move(coming_);
    if (playing_) playing_->reset();
    for (SoundingNote& note : std::span(notes_).first(sounding_)) note.end = now_;
    last_word_ = 0;
    clock_.start();
}

/// The first run.
void WordPlugin::begin(const WordValues& values) noexcept {
    asked_ = values.preset;
    playing_ = build_or_say_why(values.preset);
    if (!playing_) playing_ = build_or_say_why(0);
    builder_.start();
    clock_.start();
}

void WordPlugin::take_new_voice(const WordValues& values) noexcept {
    builder_.retire(leaving_);
    const bool offline = values.offline || clock_.ahead();
    bool built_here = false;
    if (values.preset != asked_ && !(offline && (coming_ || leaving_))) {  // offline, one change after the other
        asked_ = values.preset;
        built_here = offline;
        if (offline)
            coming_ = build_or_say_why(values.preset);
        else
            builder_.ask(values.preset);
    }
    const bool took = !coming_ && !leaving_ && (coming_ = builder_.take()) != nullptr;
    if (took && coming_->number() != asked_) leaving_ = std::move(coming_);  // a later request overtook it
    if (coming_ && (took || built_here)) settle_left_ = static_cast<std::int64_t>(settle_s * rate_hz_);
}

void WordPlugin::send(std::int64_t frame, int status, int note, int velocity) noexcept {
    if (event_count_ == events_.size()) return;
    const auto byte = [](int value) { return static_cast<std::uint8_t>(value); };
    events_[event_count_++] = {static_cast<std::uint32_t>(std::max(frame, run_begin_) - run_begin_),
                               {byte(status), byte(note), byte(velocity)}};
}

/// Ends the notes whose time comes before `frame`, the earliest first.
void WordPlugin::end_notes_before(std::int64_t frame) noexcept {
    while (sounding_ > 0) {
        const std::span<SoundingNote> all = std::span(notes_).first(sounding_);
        const auto next = std::min_element(all.begin(), all.end(),
                                           [](const SoundingNote& a, const SoundingNote& b) { return a.end < b.end; });
        if (next->end >= frame || event_count_ == events_.size()) return;
        send(next->end, note_off | (next->channel - 1), next->note, 0);
        *next = all.back();
        --sounding_;
    }
}

void WordPlugin::start_note(const WordValues& values, int label, float score, std::int64_t frame) noexcept {
    const int note = values.first_note + label;
    // A note must not begin without room for its end. A note that still sounds ends first.
    if (note > 127 || sounding_ == notes_.size() || event_count_ + 2 * most_notes > events_.size()) return;
    for (SoundingNote& old : std::span(notes_).first(sounding_))
        if (old.note == note && old.channel == values.channel) old.end = frame;
    end_notes_before(frame + 1);
    const int velocity = std::clamp(static_cast<int>(std::lround(score * 127.0f)), 1, 127);
    send(frame, note_on | (values.channel - 1), note, velocity);
    const auto length = static_cast<std::int64_t>(note_s * rate_hz_);
    notes_[sounding_++] = {frame + length, values.channel, note};
    last_word_ = label;
}

void WordPlugin::hear(const WordValues& values, const float* input, std::size_t at, std::size_t frames) noexcept {
    static constexpr std::array<float, most_frames> silence{};
    const float* sound = input == nullptr ? silence.data() : input + at;
    playing_->set_sensitivity(values.sensitivity);
    if (coming_) coming_->set_sensitivity(values.sensitivity);
    for (const gruve_detection& word : playing_->process(sound, frames)) {
        const std::int64_t place = std::clamp<std::int64_t>(word.sample, 0, static_cast<std::int64_t>(frames) - 1);
        end_notes_before(now_ + place);
        if (values.enabled) start_note(values, word.label, word.score, now_ + place);
    }
    now_ += static_cast<std::int64_t>(frames);
    end_notes_before(now_);
    if (!coming_) return;
    coming_->process(sound, frames);
    settle_left_ -= static_cast<std::int64_t>(frames);
    if (settle_left_ > 0) return;
    leaving_ = std::move(playing_);
    playing_ = std::move(coming_);
}

std::span<const MidiEvent> WordPlugin::run(const WordValues& values, const float* input, std::size_t frames) noexcept {
    if (playing_)
        take_new_voice(values);
    else
        begin(values);
    run_begin_ = now_;
    event_count_ = 0;
    if (!values.enabled)
        for (SoundingNote& note : std::span(notes_).first(sounding_)) note.end = now_;
    for (std::size_t at = 0; at < frames; at += most_frames)
        hear(values, input, at, std::min(most_frames, frames - at));
    clock_.add(frames);
    return std::span(events_).first(event_count_);
}

}  // namespace gruve::plugin

// Every parameter of the plugin, declared once. The host's list, the values that the audio thread reads and the
// editor's controls are all made from this table, which needs no JUCE.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "engine/streaming/denoiser.h"

namespace gruve::plugin {

enum class ParameterKind { toggle, choice, number, whole_number };

enum class ParameterRole {
    automated,  // users set it and hosts may automate it
    setting,    // users set it; hosts don't automate it
    output,     // the plugin sets it: hosts show it as a meter, and sessions don't save it
};

struct Parameter {
    const char* id;    // never changes: sessions and automation name it
    const char* name;  // as hosts and the editor show it
    ParameterKind kind = ParameterKind::number;
    float low = 0, high = 1, initial = 0;           // in `unit`; for a toggle 0 and 1; for a choice its index
    float centre = 0;                               // the value at half of a knob's travel; 0: the knob is linear
    const char* unit = "";                          // shown after the value
    int decimals = 0;                               // of a shown number
    std::array<const char*, 3> texts{"Off", "On"};  // the values of a toggle or a choice
    ParameterRole role = ParameterRole::automated;
    int since = 1;  // JUCE's version hint: raise it for each release that adds parameters. Older sessions lack
                    // those, and load them with `initial`
    const char* button = "";   // on a toggle's button in the editor
    const char* tooltip = "";  // of the control in the editor
};

inline constexpr int most_shown_words = 127;  // heard_word shows all later words as this one

/// In the order in which hosts list them. The initial values give the sound that the search measured.
inline constexpr auto parameter_table = std::to_array<Parameter>({
    {.id = "bypass",
     .name = "Bypass",
     .kind = ParameterKind::toggle,
     .button = "Bypass",
     .tooltip = "Passes the input unchanged, with the same latency"},
    {.id = "mix",
     .name = "Mix",
     .high = 100,
     .initial = 100,
     .unit = "%",
     .tooltip = "Share of the processed sound, in percent. The unprocessed sound is delayed to stay aligned with it"},
    {.id = "reduction_limit",
     .name = "Reduction limit",
     .high = 60,
     .initial = DenoiserSettings{}.reduction_limit_db,
     .unit = "dB",
     .decimals = 1,
     .tooltip = "No frequency band is turned down by more than this, in dB. 60 means no limit"},
    {.id = "attack",
     .name = "Attack",
     .high = 500,
     .initial = 1000 * DenoiserSettings{}.attack_s,
     .centre = 50,
     .unit = "ms",
     .tooltip = "Time constant of a rising band gain, in ms"},
    {.id = "release",
     .name = "Release",
     .high = 1000,
     .initial = 1000 * DenoiserSettings{}.release_s,
     .centre = 100,
     .unit = "ms",
     .tooltip = "Time constant of a falling band gain, in ms"},
    // Of the time before `latency`, for sessions and hosts that set it: on, it means Live whatever that says.
    {.id = "live", .name = "Live (5 ms)", .kind = ParameterKind::toggle, .role = ParameterRole::setting},
    {.id = "first_note",
     .name = "First note",
     .kind = ParameterKind::whole_number,
     .high = 127,
     .initial = 60,
     .tooltip = "MIDI note of the first label. Each further label is a semitone higher"},
    {.id = "note_length",
     .name = "Note length",
     .low = 20,
     .high = 2000,
     .initial = 100,
     .centre = 200,
     .unit = "ms",
     .tooltip = "Length of the note of a detected word, in ms"},
    {.id = "midi_channel",
     .name = "MIDI channel",
     .kind = ParameterKind::whole_number,
     .low = 1,
     .high = 16,
     .initial = 1,
     .tooltip = "MIDI channel of the notes, 1 to 16"},
    {.id = "slot_b", .name = "Slot", .kind = ParameterKind::toggle, .texts = {"A", "B"}},
    {.id = "link",
     .name = "Stereo link",
     .kind = ParameterKind::toggle,
     .texts = {"Dual", "Linked"},
     .button = "Link L+R",
     .tooltip = "On: both channels get the same gain in each band, which keeps the stereo image. Off: each channel is "
                "denoised by itself"},
    {.id = "match",
     .name = "Match loudness",
     .kind = ParameterKind::toggle,
     .initial = 1,
     .button = "Match",
     .tooltip = "Turns slot B up or down, by the dB shown, until it is as loud as A (ITU-R BS.1770, last 10 s)"},
    {.id = "difference",
     .name = "Difference (A - B)",
     .kind = ParameterKind::toggle,
     .button = "A − B",
     .tooltip = "Plays the difference A minus B, amplified by the difference gain"},
    {.id = "difference_gain",
     .name = "Difference gain",
     .high = 40,
     .unit = "dB",
     .decimals = 1,
     .tooltip = "Amplification of the difference A minus B, in dB"},
    // 1 + the label of the word whose note sounds, or 0.
    {.id = "heard_word",
     .name = "Heard word",
     .kind = ParameterKind::whole_number,
     .high = most_shown_words,
     .role = ParameterRole::output},
    {.id = "sensitivity",
     .name = "Sensitivity",
     .low = -100,
     .high = 100,
     .unit = "%",
     .tooltip = "Above 0 more words are heard and more false alarms given, below 0 fewer of both. 0: the thresholds "
                "that the preset was judged with"},
    // A setting, since the host must compensate a new latency when it changes. In the order of enum Latency.
    {.id = "latency",
     .name = "Latency",
     .kind = ParameterKind::choice,
     .high = 2,
     .initial = 1,
     .texts = {"Live 5 ms", "Quality 10 ms", "Studio 40 ms"},
     .role = ParameterRole::setting,
     .tooltip = "Presets that need no more than this can play. Studio is for presets that look ahead. A setting of the "
                "session: the host must compensate the new latency"},
});

/// Names an entry of the table by its id. An unknown id doesn't compile.
class ParameterIndex {
public:
    consteval ParameterIndex(const char* id) {
        while (parameter_table.at(index_).id != std::string_view(id)) ++index_;
    }
    constexpr std::size_t index() const { return index_; }
    constexpr const Parameter& entry() const { return parameter_table[index_]; }

private:
    std::size_t index_ = 0;
};

}  // namespace gruve::plugin

// The LV2 plugin that turns spoken words into MIDI notes: https://gruve.audio/lv2/words
//
// words.ttl.in describes the ports in this order.
#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>
#include <lv2/core/lv2.h>
#include <lv2/midi/midi.h>
#include <lv2/urid/urid.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "plugin/native/word_plugin.h"

namespace {

using namespace gruve::plugin;

enum Port {
    audio_in,
    audio_out,
    midi_out,
    preset,
    first_note,
    channel,
    enabled,
    freewheel,
    word,
    sensitivity,
    port_count
};

struct Instance {
    Instance(double rate_hz, const LV2_URID_Map& map)
        : plugin(rate_hz),
          sequence(map.map(map.handle, LV2_ATOM__Sequence)),
          midi_event(map.map(map.handle, LV2_MIDI__MidiEvent)) {}

    /// The port's value in its range; `usual` where the port is not connected or holds no number.
    float number(Port port, float usual, float low, float high) const {
        const auto* at = static_cast<const float*>(ports[port]);
        return at == nullptr || std::isnan(*at) ? usual : std::clamp(*at, low, high);
    }
    int value(Port port, int usual, int low, int high) const {
        return static_cast<int>(
            std::lround(number(port, static_cast<float>(usual), static_cast<float>(low), static_cast<float>(high))));
    }
    WordValues values() const {
        return {value(preset, first_word_number, 0, 9999),
                value(first_note, 60, 0, 127),
                value(channel, 1, 1, 16),
                value(enabled, 1, 0, 1) == 1,
                number(sensitivity, 0, -1, 1),
                value(freewheel, 0, 0, 1) == 1};
    }

    WordPlugin plugin;
    LV2_URID sequence, midi_event;
    std::array<void*, port_count> ports{};
};

LV2_Handle instantiate(const LV2_Descriptor*, double rate_hz, const char*, const LV2_Feature* const* features) {
    for (; features != nullptr && *features != nullptr; ++features) {
        if (std::strcmp((*features)->URI, LV2_URID__map) != 0) continue;
        try {
            return new Instance(rate_hz, *static_cast<const LV2_URID_Map*>((*features)->data));
        } catch (...) {
            return nullptr;
        }
    }
    std::fputs("gruve: the host has no " LV2_URID__map ", which MIDI events need\n", stderr);
    return nullptr;
}
void connect_port(LV2_Handle handle, std::uint32_t port, void* data) {
    if (port < port_count) static_cast<Instance*>(handle)->ports[port] = data;
}
void activate(LV2_Handle handle) { static_cast<Instance*>(handle)->plugin.activate(); }

/// Events that find no room in the host's buffer are lost.
void write_events(Instance& instance, std::span<const MidiEvent> events) {
    auto* out = static_cast<LV2_Atom_Sequence*>(instance.ports[midi_out]);
    if (out == nullptr || out->atom.size < sizeof(LV2_Atom_Sequence_Body)) return;
    const std::uint32_t room = out->atom.size & ~7u;  // events are padded to 8 bytes
    out->atom = {sizeof(LV2_Atom_Sequence_Body), instance.sequence};
    out->body = {0, 0};
    for (const MidiEvent& event : events) {
        struct {
            LV2_Atom_Event header;
            std::array<std::uint8_t, 3> bytes;
        } atom{{{event.frame}, {sizeof event.bytes, instance.midi_event}}, event.bytes};
        lv2_atom_sequence_append_event(out, room, &atom.header);
    }
}

void run(LV2_Handle handle, std::uint32_t frames) {
    auto& instance = *static_cast<Instance*>(handle);
    const auto* in = static_cast<const float*>(instance.ports[audio_in]);
    auto* out = static_cast<float*>(instance.ports[audio_out]);
    write_events(instance, instance.plugin.run(instance.values(), in, frames));
    if (out != nullptr && in == nullptr) std::fill_n(out, frames, 0.0f);
    if (out != nullptr && in != nullptr && out != in) std::memmove(out, in, frames * sizeof(float));
    if (auto* heard = static_cast<float*>(instance.ports[word]))
        *heard = static_cast<float>(instance.plugin.last_word());
}
void cleanup(LV2_Handle handle) { delete static_cast<Instance*>(handle); }

constexpr LV2_Descriptor descriptor = {
    "https://gruve.audio/lv2/words", instantiate, connect_port, activate, run, nullptr, cleanup, nullptr};

}  // namespace

extern "C" LV2_SYMBOL_EXPORT const LV2_Descriptor* lv2_descriptor(std::uint32_t index) {
    return index == 0 ? &descriptor : nullptr;
}

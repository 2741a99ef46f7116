// The controls that the LADSPA and LV2 plugins have in common.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "plugin/native/stream_plugin.h"

namespace gruve::plugin {

/// Which control: the order of LADSPA's ports and of LV2's port indices after the audio ports. Never changes.
enum class Control { preset, mix, reduction_limit, attack, release, link, count };

struct ControlRange {
    const char *symbol, *name, *unit;  // unit: LV2's, or "" for none
    float low, high, usual;
    bool whole_numbers, toggled;
};

inline constexpr std::array<ControlRange, static_cast<std::size_t>(Control::count)> control_ranges = {{
    {"preset", "Preset", "", 0, 9999, 1, true, false},
    {"mix", "Mix", "pc", 0, 100, 100, false, false},
    {"reduction_limit", "Reduction limit", "db", 0, 96, 60, false, false},  // 60 and more: no limit
    {"attack", "Attack", "ms", 0, 1000, 0, false, false},
    {"release", "Release", "ms", 0, 1000, 0, false, false},
    {"link", "Link channels", "", 0, 1, 0, false, true},
}};

inline constexpr const ControlRange& range_of(Control control) {
    return control_ranges[static_cast<std::size_t>(control)];
}

/// A host's value brought into the control's range; its usual value where the port is not connected or holds no number.
inline float in_range(Control control, const float* port) {
    const ControlRange& range = range_of(control);
    if (port == nullptr || std::isnan(*port)) return range.usual;
    return std::clamp(*port, range.low, range.high);
}

/// A host's values. ports: one for each Control in order, null where the host has not connected it.
inline ControlValues values_of(const float* const* ports) {
    const auto value = [&](Control control) { return in_range(control, ports[static_cast<std::size_t>(control)]); };
    ControlValues values;
    values.preset = static_cast<int>(value(Control::preset) + 0.5f);
    values.mix_percent = value(Control::mix);
    values.reduction_limit_db = value(Control::reduction_limit);
    values.attack_ms = value(Control::attack);
    values.release_ms = value(Control::release);
    values.link = value(Control::link) >= 0.5f;
    return values;
}

}  // namespace gruve::plugin

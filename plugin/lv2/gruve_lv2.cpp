// The plain LV2 plugins: https://gruve.audio/lv2/denoise-mono, …-stereo, denoise-live-mono, …-stereo,
// denoise-studio-mono, …-stereo.
//
// Ports: audio inputs, audio outputs, the controls of controls.h in order, then enabled, freewheel, latency.
// make_ttl.py writes the same.
#include <lv2/core/lv2.h>

#include <array>
#include <cmath>
#include <cstring>

#include "plugin/native/controls.h"

namespace {

using namespace gruve::plugin;

struct Variant {
    const char* uri;
    LatencyMode mode;
    int channels;
};
constexpr std::array<Variant, 6> variants = {{
    {"https://gruve.audio/lv2/denoise-mono", LatencyMode::quality, 1},
    {"https://gruve.audio/lv2/denoise-stereo", LatencyMode::quality, 2},
    {"https://gruve.audio/lv2/denoise-live-mono", LatencyMode::live, 1},
    {"https://gruve.audio/lv2/denoise-live-stereo", LatencyMode::live, 2},
    {"https://gruve.audio/lv2/denoise-studio-mono", LatencyMode::studio, 1},
    {"https://gruve.audio/lv2/denoise-studio-stereo", LatencyMode::studio, 2},
}};
constexpr std::size_t controls = static_cast<std::size_t>(Control::count), most_ports = 4 + controls + 3;

struct Instance {
    Instance(const Variant& variant, double rate_hz)
        : plugin(variant.mode, variant.channels, rate_hz), channels(static_cast<std::size_t>(variant.channels)) {}
    /// After the audio ports; null where the host has not connected it.
    float* control(std::size_t index) const { return ports[2 * channels + index]; }

    StreamPlugin plugin;
    std::size_t channels;
    std::array<float*, most_ports> ports{};
};

ControlValues values_of(const Instance& instance) {
    const auto is_on = [&](std::size_t port, bool usual) {
        const float* const value = instance.control(port);
        return value == nullptr || std::isnan(*value) ? usual : *value > 0.0f;
    };
    ControlValues values = gruve::plugin::values_of(instance.ports.data() + 2 * instance.channels);
    values.enabled = is_on(controls, true);
    values.offline = is_on(controls + 1, false);
    return values;
}

LV2_Handle instantiate(const LV2_Descriptor* descriptor, double rate_hz, const char*, const LV2_Feature* const*) {
    for (const Variant& variant : variants) {
        if (std::strcmp(variant.uri, descriptor->URI) != 0) continue;
        try {
            return new Instance(variant, rate_hz);
        } catch (...) {
            return nullptr;
        }
    }
    return nullptr;
}
void connect_port(LV2_Handle handle, std::uint32_t port, void* data) {
    if (port < most_ports) static_cast<Instance*>(handle)->ports[port] = static_cast<float*>(data);
}
void activate(LV2_Handle handle) { static_cast<Instance*>(handle)->plugin.activate(); }
void run(LV2_Handle handle, std::uint32_t frames) {
    auto& instance = *static_cast<Instance*>(handle);
    const float* const* input = instance.ports.data();
    instance.plugin.run(values_of(instance), input, instance.ports.data() + instance.channels, frames);
    if (float* latency = instance.control(controls + 2)) *latency = static_cast<float>(instance.plugin.latency());
}
void cleanup(LV2_Handle handle) { delete static_cast<Instance*>(handle); }

constexpr LV2_Descriptor descriptor_of(const Variant& variant) {
    return {variant.uri, instantiate, connect_port, activate, run, nullptr, cleanup, nullptr};
}
constexpr std::array<LV2_Descriptor, variants.size()> descriptors = {
    descriptor_of(variants[0]), descriptor_of(variants[1]), descriptor_of(variants[2]),
    descriptor_of(variants[3]), descriptor_of(variants[4]), descriptor_of(variants[5])};

}  // namespace

extern "C" LV2_SYMBOL_EXPORT const LV2_Descriptor* lv2_descriptor(std::uint32_t index) {
    return index < descriptors.size() ? &descriptors[index] : nullptr;
}

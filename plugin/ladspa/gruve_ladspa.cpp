// The LADSPA plugins: gruve_denoise_mono, …_stereo (10 ms of latency), gruve_denoise_live_mono, …_stereo (5 ms) and
// gruve_denoise_studio_mono, …_stereo (40 ms).
//
// Ports: audio inputs, audio outputs, the controls of controls.h in order, then the output "latency".
#include <ladspa.h>

#include <array>
#include <new>

#include "plugin/native/controls.h"

namespace {

using namespace gruve::plugin;

struct Variant {
    unsigned long id;
    const char *label, *name;
    LatencyMode mode;
    int channels;
};
constexpr std::array<Variant, 6> variants = {{
    {8117, "gruve_denoise_mono", "Gruve Denoiser (mono)", LatencyMode::quality, 1},
    {8118, "gruve_denoise_stereo", "Gruve Denoiser (stereo)", LatencyMode::quality, 2},
    {8119, "gruve_denoise_live_mono", "Gruve Denoiser Live (mono)", LatencyMode::live, 1},
    {8120, "gruve_denoise_live_stereo", "Gruve Denoiser Live (stereo)", LatencyMode::live, 2},
    {8121, "gruve_denoise_studio_mono", "Gruve Denoiser Studio (mono)", LatencyMode::studio, 1},
    {8122, "gruve_denoise_studio_stereo", "Gruve Denoiser Studio (stereo)", LatencyMode::studio, 2},
}};
constexpr std::size_t controls = static_cast<std::size_t>(Control::count), most_ports = 4 + controls + 1;
constexpr const char* audio_names[2][4] = {{"Input", "Output"},
                                           {"Input (left)", "Input (right)", "Output (left)", "Output (right)"}};

/// A variant's description in LADSPA's terms.
class Description {
public:
    explicit Description(const Variant& variant) : variant_(&variant) {
        const auto channels = static_cast<std::size_t>(variant.channels);
        for (std::size_t c = 0; c < 2 * channels; ++c)
            add(LADSPA_PORT_AUDIO | (c < channels ? LADSPA_PORT_INPUT : LADSPA_PORT_OUTPUT),
                audio_names[channels - 1][c], {});
        for (const ControlRange& range : control_ranges)
            add(LADSPA_PORT_CONTROL | LADSPA_PORT_INPUT, range.name, hint_of(range));
        add(LADSPA_PORT_CONTROL | LADSPA_PORT_OUTPUT, "latency", {});

        descriptor_.UniqueID = variant.id;
        descriptor_.Label = variant.label;
        descriptor_.Properties = LADSPA_PROPERTY_HARD_RT_CAPABLE;
        descriptor_.Name = variant.name;
        descriptor_.Maker = "Gruve";
        descriptor_.Copyright = "GPL-3.0-or-later";
        descriptor_.PortCount = ports_;
        descriptor_.PortDescriptors = kinds_.data();
        descriptor_.PortNames = names_.data();
        descriptor_.PortRangeHints = hints_.data();
        descriptor_.ImplementationData = const_cast<Variant*>(&variant);
    }
    Description(const Description&) = delete;
    LADSPA_Descriptor& descriptor() { return descriptor_; }

private:
    void add(LADSPA_PortDescriptor kind, const char* name, LADSPA_PortRangeHint hint) {
        kinds_[ports_] = kind, names_[ports_] = name, hints_[ports_] = hint;
        ++ports_;
    }
    static LADSPA_PortRangeHint hint_of(const ControlRange& range) {
        int hints = LADSPA_HINT_BOUNDED_BELOW | LADSPA_HINT_BOUNDED_ABOVE;
        if (range.toggled) hints = LADSPA_HINT_TOGGLED;
        if (range.whole_numbers) hints |= LADSPA_HINT_INTEGER;
        if (range.usual == 0) hints |= LADSPA_HINT_DEFAULT_0;
        if (range.usual == 1) hints |= LADSPA_HINT_DEFAULT_1;
        if (range.usual == 100) hints |= LADSPA_HINT_DEFAULT_100;
        if (range.usual == 60) hints |= LADSPA_HINT_DEFAULT_HIGH;  // three quarters of 0..96: no limit either
        return {hints, range.low, range.high};
    }

    const Variant* variant_;
    LADSPA_Descriptor descriptor_{};
    std::array<LADSPA_PortDescriptor, most_ports> kinds_{};
    std::array<const char*, most_ports> names_{};
    std::array<LADSPA_PortRangeHint, most_ports> hints_{};
    unsigned long ports_ = 0;
};

struct Instance {
    Instance(const Variant& variant, double rate_hz)
        : plugin(variant.mode, variant.channels, rate_hz), channels(static_cast<std::size_t>(variant.channels)) {}
    StreamPlugin plugin;
    std::size_t channels;
    std::array<LADSPA_Data*, most_ports> ports{};
};

LADSPA_Handle instantiate(const LADSPA_Descriptor* descriptor, unsigned long rate_hz) {
    const auto& variant = *static_cast<const Variant*>(descriptor->ImplementationData);
    try {
        return new Instance(variant, static_cast<double>(rate_hz));
    } catch (...) {
        return nullptr;
    }
}
void connect_port(LADSPA_Handle handle, unsigned long port, LADSPA_Data* data) {
    if (port < most_ports) static_cast<Instance*>(handle)->ports[port] = data;
}
void activate(LADSPA_Handle handle) { static_cast<Instance*>(handle)->plugin.activate(); }
void run(LADSPA_Handle handle, unsigned long frames) {
    auto& instance = *static_cast<Instance*>(handle);
    const float* const* input = instance.ports.data();
    float* const* output = instance.ports.data() + instance.channels;
    const float* const* const first_control = instance.ports.data() + 2 * instance.channels;
    instance.plugin.run(values_of(first_control), input, output, frames);
    if (float* latency = instance.ports[2 * instance.channels + controls])
        *latency = static_cast<float>(instance.plugin.latency());
}
void cleanup(LADSPA_Handle handle) { delete static_cast<Instance*>(handle); }

}  // namespace

extern "C" __attribute__((visibility("default"))) const LADSPA_Descriptor* ladspa_descriptor(unsigned long index) {
    static Description descriptions[variants.size()] = {Description(variants[0]), Description(variants[1]),
                                                        Description(variants[2]), Description(variants[3]),
                                                        Description(variants[4]), Description(variants[5])};
    if (index >= variants.size()) return nullptr;
    LADSPA_Descriptor& descriptor = descriptions[index].descriptor();
    descriptor.instantiate = instantiate;
    descriptor.connect_port = connect_port;
    descriptor.activate = activate;
    descriptor.run = run;
    descriptor.cleanup = cleanup;
    return &descriptor;
}

#include "plugin/presets/loaded_preset.h"

#include <atomic>
#include <filesystem>
#include <fstream>

#include "engine/preset/deserialise_preset.h"

namespace gruve::plugin {

namespace {
constexpr std::uintmax_t max_file_bytes = 16u << 20;
std::atomic<std::uint64_t> loads{0};

/// Adds a network's memory, and says how it computes.
void add_stage(const PlayableNetwork& stage, LoadedPreset& loaded) {
    std::string arithmetic = "float";
    if (const auto* integers = std::get_if<std::shared_ptr<const Network>>(&stage)) {
        const Network& network = **integers;
        loaded.resident_bytes += network.resident_bytes();
        arithmetic = network.isa() + " integers";
        if (const int slow = network.reference_layers()) arithmetic += ", " + std::to_string(slow) + " slow layers";
    } else {
        loaded.resident_bytes += loaded.preset->float_model.parameter_bytes();
    }
    loaded.arithmetic += loaded.arithmetic.empty()         ? arithmetic
                         : loaded.arithmetic == arithmetic ? ", two networks"
                                                           : " after " + arithmetic;
}

}  // namespace

std::shared_ptr<const LoadedPreset> load_preset(std::vector<std::uint8_t> bytes, const std::string& source) {
    try {
        auto loaded = std::make_shared<LoadedPreset>();
        loaded->number = ++loads;
        loaded->source = source;
        loaded->bytes = std::move(bytes);
        loaded->preset = std::make_shared<const Preset>(deserialise(loaded->bytes));
        if (loaded->preset->kind == TaskKind::sequence)
            throw PresetError("task '" + loaded->preset->task +
                              "' has no audio front end; the plugin plays denoisers and keyword spotters");
        loaded->network = playable(*loaded->preset);
        loaded->parameter_bytes = parameter_bytes(*loaded->preset);
        for (const PlayableNetwork* stage = &loaded->network; stage != nullptr; stage = stage->first_stage.get())
            add_stage(*stage, *loaded);
        return loaded;
    } catch (const std::exception& error) {
        throw PresetError(source + ": " + error.what());
    }
}

double steps_per_second(const Preset& preset) {
    if (preset.kind == TaskKind::denoise)
        return 2.0 / (preset.denoiser.latency_s * static_cast<double>(preset.denoiser.net_every));
    return preset.kind == TaskKind::keywords ? 1.0 / preset.log_mel.hop_s : 0.0;
}

std::vector<std::uint8_t> read_preset_file(const std::string& path) {
    const std::string name = std::filesystem::path(path).filename().string();
    std::error_code failure;
    const auto size = std::filesystem::file_size(path, failure);
    if (failure) throw PresetError(name + ": " + failure.message());
    if (size > max_file_bytes)
        throw PresetError(name + ": " + std::to_string(size) + " bytes, allowed up to " +
                          std::to_string(max_file_bytes));
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
    std::ifstream file(path, std::ios::binary);
    if (!file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size())))
        throw PresetError(name + ": can't be read");
    return bytes;
}

}  // namespace gruve::plugin

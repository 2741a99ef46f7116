#include "offline_search/tasks/denoising/first_stage.h"

#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "datasets/support/data_error.h"
#include "datasets/support/random.h"
#include "engine/preset/deserialise_preset.h"

namespace gruve {

std::shared_ptr<const FirstStage> read_first_stage(const std::filesystem::path& path, const DenoiserConfig& config) {
    const auto refuse = [&](const std::string& why) { throw DataError(path.string() + ": " + why); };
    std::ifstream file(path, std::ios::binary);
    if (!file) refuse("cannot be read");
    const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
    auto first = std::make_shared<FirstStage>();
    try {
        first->preset = deserialise(bytes);
    } catch (const PresetError& e) {
        refuse(e.what());
    }
    const Preset& preset = first->preset;
    const DenoiserConfig& d = preset.denoiser;
    if (preset.kind != TaskKind::denoise || preset.is_float()) refuse("not an integer denoise preset");
    if (preset.first_stage()) refuse("has two stages, a first stage must be a preset of one");
    if (d.look_ahead != 0) refuse("looks ahead, which only a second stage may");
    if (d.window_s != config.window_s || d.latency_s != config.latency_s || d.bands != config.bands ||
        d.high_hz != config.high_hz)
        refuse("a first stage must have the task's latency, " + std::to_string(config.latency_s * 1000).substr(0, 4) +
               " ms, and its windows and bands");
    char hash[20];
    std::snprintf(hash, sizeof hash, "%016" PRIx64,
                  hash_of({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, 0));
    first->mark = preset.name + " " + hash;
    first->network = playable(preset);
    return first;
}

}  // namespace gruve

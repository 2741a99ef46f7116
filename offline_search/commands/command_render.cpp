// gruve render: runs the streaming engine on a file. The output equals a plugin's.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "datasets/audio/audio_file.h"
#include "datasets/support/data_error.h"
#include "engine/streaming/denoiser.h"
#include "engine/streaming/keyword_spotter.h"
#include "offline_search/commands/commands.h"
#include "offline_search/commands/load_preset.h"
#include "offline_search/network/safetensors.h"
#include "offline_search/tasks/denoising/task.h"

namespace gruve {
namespace {

struct RenderOptions {
    std::filesystem::path preset, model, input, output;
    double limit_db = DenoiserSettings{}.reduction_limit_db;
    int block = 512;
    bool json = false;
};

void render_denoiser(const Preset& preset, const RenderOptions& options) {
    if (options.output.empty()) throw DataError("a denoiser needs the name of a WAV file to write");
    int rate_hz = 0;
    auto channels = read_channels(options.input, rate_hz);
    const auto shared = std::make_shared<const Preset>(preset);
    const auto network = playable(preset);
    DenoiserSettings settings;
    settings.reduction_limit_db = static_cast<float>(options.limit_db);
    std::vector<Denoiser> denoisers;
    std::vector<float*> parts(channels.size());
    for (auto& channel : channels) {
        denoisers.emplace_back(shared, network, rate_hz).set(settings);
        // Zeros push the last samples through the latency.
        channel.resize(channel.size() + static_cast<std::size_t>(denoisers.front().latency()), 0.0f);
    }
    const std::size_t samples = channels.front().size();
    for (std::size_t at = 0; at < samples; at += static_cast<std::size_t>(options.block)) {
        for (std::size_t c = 0; c < channels.size(); ++c) parts[c] = channels[c].data() + at;
        Denoiser::process_together(denoisers, parts.data(), parts.data(),
                                   std::min(static_cast<std::size_t>(options.block), samples - at), false);
    }
    for (auto& channel : channels) channel.erase(channel.begin(), channel.begin() + denoisers.front().latency());
    write_wav(options.output, channels, rate_hz);
}

void render_keywords(const Preset& preset, const RenderOptions& options) {
    const Audio audio = read_audio(options.input);
    KeywordSpotter spotter(std::make_shared<const Preset>(preset), playable(preset), audio.rate_hz);
    std::vector<Detection> found(1 + static_cast<std::size_t>(options.block) / static_cast<std::size_t>(spotter.hop()));
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (std::size_t at = 0; at < audio.samples.size(); at += static_cast<std::size_t>(options.block)) {
        const std::span<const float> part(audio.samples.data() + at,
                                          std::min(static_cast<std::size_t>(options.block), audio.samples.size() - at));
        const int count = spotter.process(part, found);
        for (int i = 0; i < count; ++i) {
            const Detection& d = found[static_cast<std::size_t>(i)];
            const double seconds = static_cast<double>(d.sample) / audio.rate_hz;
            const std::string& word = preset.labels[static_cast<std::size_t>(d.label)];
            if (options.json)
                list.push_back({{"seconds", seconds}, {"word", word}, {"score", d.score}});
            else
                std::printf("%9.3f s  %-16s %.2f\n", seconds, word.c_str(), static_cast<double>(d.score));
        }
    }
    if (options.json) std::cout << list.dump(2) << '\n';
}

void render(const RenderOptions& options) {
    if (!options.model.empty()) {
        if (options.output.empty()) throw DataError("--model needs the name of a WAV file to write");
        const Audio audio = read_audio(options.input);
        write_wav(options.output, {denoise_with_float_network(load_safetensors(options.model), audio)}, audio.rate_hz);
        return;
    }
    const Preset preset = load_preset(options.preset, Networks::any);
    if (preset.kind == TaskKind::denoise)
        render_denoiser(preset, options);
    else if (preset.kind == TaskKind::keywords)
        render_keywords(preset, options);
    else
        throw DataError(options.preset.string() + ": a preset of task " + preset.task +
                        " reads rows of numbers, not audio");
}

}  // namespace

void add_render(CLI::App& app) {
    auto* command = app.add_subcommand(
        "render",
        "Play an audio file through a preset with the streaming engine: write a denoiser's output, or list the "
        "detections of a keyword preset");
    auto options = std::make_shared<RenderOptions>();
    auto* preset = command->add_option("--preset", options->preset, "Preset (.gruve)");
    command->add_option("--model", options->model, "Float denoiser (.safetensors), instead of a preset, for comparison")
        ->excludes(preset);
    command->add_option("input", options->input, "Audio file with any sample rate and number of channels")->required();
    command->add_option("output", options->output,
                        "WAV file that a denoiser writes: 32-bit float, as long as the input, without the latency");
    command->add_option("--limit", options->limit_db, "Largest noise reduction in dB; 60 or more means no limit")
        ->check(CLI::Range(0.0, 120.0))
        ->capture_default_str();
    command->add_option("--block", options->block, "Samples per block. The result is the same for any number")
        ->check(CLI::Range(1, 65536))
        ->capture_default_str();
    command->add_flag("--json", options->json, "Print the detections as JSON");
    command->callback([options] {
        if (options->preset.empty() && options->model.empty()) throw CLI::RequiredError("--preset");
        render(*options);
    });
}

}  // namespace gruve

// gruve render: runs the streaming engine on a file. The output equals a plugin's.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "datasets/audio/audio_stream.h"
#include "datasets/support/data_error.h"
#include "engine/preset/check_preset.h"
#include "engine/streaming/denoiser.h"
#include "engine/streaming/keyword_spotter.h"
#include "offline_search/commands/commands.h"
#include "offline_search/commands/load_preset.h"
#include "offline_search/commands/progress.h"
#include "offline_search/export/float_preset.h"
#include "offline_search/files/output_path.h"
#include "offline_search/files/standard_output.h"
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

/// Interleaved frames of one file on their way through a block of each channel.
class Channels {
public:
    Channels(int count, std::size_t frames) : blocks_(static_cast<std::size_t>(count), std::vector<float>(frames)) {
        for (auto& block : blocks_) parts_.push_back(block.data());
    }
    float* const* parts() const { return parts_.data(); }

    void take(std::span<const float> interleaved) {
        const std::size_t count = blocks_.size();
        for (std::size_t i = 0; i < interleaved.size(); ++i) blocks_[i % count][i / count] = interleaved[i];
    }
    /// Writes the frames from `first` on.
    void give(std::size_t first, std::span<float> interleaved) const {
        const std::size_t count = blocks_.size();
        for (std::size_t i = 0; i < interleaved.size(); ++i) interleaved[i] = blocks_[i % count][first + i / count];
    }

private:
    std::vector<std::vector<float>> blocks_;
    std::vector<float*> parts_;
};

/// Reads, denoises and writes block by block.
class DenoisedFile {
public:
    DenoisedFile(const Preset& preset, const RenderOptions& options)
        : name_(options.output.string()),
          input_(options.input),
          output_(options.output, input_.channels(), input_.rate_hz(), input_.frames()),
          frames_(static_cast<std::size_t>(options.block)),
          channels_(input_.channels(), frames_) {
        const auto shared = std::make_shared<const Preset>(preset);
        const auto network = playable(preset);
        DenoiserSettings settings;
        settings.reduction_limit_db = static_cast<float>(options.limit_db);
        for (int c = 0; c < input_.channels(); ++c)
            denoisers_.emplace_back(shared, network, input_.rate_hz()).set(settings);
        skipped_ = static_cast<std::size_t>(denoisers_.front().latency());
    }

    void run() {
        const auto width = static_cast<std::size_t>(input_.channels());
        // libsndfile reads larger pieces faster than single frames.
        const std::size_t piece = std::max<std::size_t>(1, (1 << 14) / frames_) * frames_;
        std::vector<float> samples(piece * width);
        while (const std::size_t read = input_.read(samples)) {
            if (interrupted) throw std::runtime_error("stopped; " + name_ + " was not written");
            for (std::size_t at = 0; at < read; at += frames_)
                process(std::span(samples).subspan(at * width, std::min(frames_, read - at) * width));
        }
        // Zeros push the last samples through the latency.
        std::vector<float> zeros(frames_ * width);
        for (std::size_t left = static_cast<std::size_t>(denoisers_.front().latency()); left > 0;) {
            const std::size_t count = std::min(frames_, left);
            std::ranges::fill(zeros, 0.0f);
            process(std::span(zeros).first(count * width));
            left -= count;
        }
        output_.finish();
    }

private:
    /// Denoises interleaved frames in place. The output's first samples are the latency, which isn't written.
    void process(std::span<float> frames) {
        const auto width = static_cast<std::size_t>(input_.channels()), count = frames.size() / width;
        channels_.take(frames);
        Denoiser::process_together(denoisers_, channels_.parts(), channels_.parts(), count, false);
        const std::size_t first = std::min(skipped_, count);
        skipped_ -= first;
        channels_.give(first, frames.first((count - first) * width));
        output_.write(frames.first((count - first) * width));
    }

    std::string name_;  // of the output
    AudioReader input_;
    AudioWriter output_;
    std::size_t frames_;  // of a block
    Channels channels_;
    std::vector<Denoiser> denoisers_;
    std::size_t skipped_ = 0;  // frames of the latency that have not come out yet
};

void render_denoiser(const Preset& preset, const RenderOptions& options) {
    if (options.output.empty()) throw DataError("a denoiser needs the name of a WAV file to write");
    DenoisedFile(preset, options).run();
}

void render_keywords(const Preset& preset, const RenderOptions& options) {
    AudioReader input(options.input);
    KeywordSpotter spotter(std::make_shared<const Preset>(preset), playable(preset), input.rate_hz());
    std::vector<Detection> found(1 + static_cast<std::size_t>(options.block) / static_cast<std::size_t>(spotter.hop()));
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    std::vector<float> samples(static_cast<std::size_t>(options.block * input.channels()));
    while (const std::size_t read = interrupted ? 0 : input.read(samples)) {
        const std::size_t values = read * static_cast<std::size_t>(input.channels());
        const int count = spotter.process(mean_of_channels(std::span(samples).first(values), input.channels()), found);
        for (int i = 0; i < count; ++i) {
            const Detection& d = found[static_cast<std::size_t>(i)];
            const double seconds = static_cast<double>(d.sample) / input.rate_hz();
            const std::string& word = preset.labels[static_cast<std::size_t>(d.label)];
            if (options.json)
                list.push_back({{"seconds", seconds}, {"word", word}, {"score", d.score}});
            else
                std::printf("%9.3f s  %-16s %.2f\n", seconds, word.c_str(), static_cast<double>(d.score));
        }
    }
    if (options.json) std::cout << text_of(list) << '\n';
}

/// A float network as a preset: the streaming engine plays both.
Preset preset_of(const std::filesystem::path& model) {
    const FloatNetwork network = load_safetensors(model);
    refuse_first_stage(network, model.string());
    const auto task = network.metadata.find("task");
    Preset preset;
    preset.name = model.stem().string();
    preset.task = task == network.metadata.end() ? denoise_name : task->second;
    preset.kind = TaskKind::denoise;
    preset.rate_hz = 16000;  // as in training; the engine plays any rate
    preset.denoiser = denoiser_config_of(network);
    preset.float_model = float_model_of(network);
    if (const std::string error = check(preset); !error.empty())
        throw DataError(model.string() + ": not a denoiser: " + error);
    return preset;
}

void render(const RenderOptions& options) {
    if (!options.output.empty()) require_writable_file(options.output);
    if (!options.model.empty()) {
        if (options.output.empty()) throw DataError("--model needs the name of a WAV file to write");
        return render_denoiser(preset_of(options.model), options);
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
        catch_interrupts();
        if (options->preset.empty() && options->model.empty()) throw CLI::RequiredError("--preset");
        render(*options);
    });
}

}  // namespace gruve

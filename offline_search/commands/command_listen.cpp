// gruve listen: prints detections as they happen, from a file or from raw audio on standard input.
#include <CLI/CLI.hpp>
#include <bit>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "datasets/audio/audio_stream.h"
#include "datasets/support/data_error.h"
#include "engine/streaming/keyword_spotter.h"
#include "engine/streaming/sensitivity.h"
#include "offline_search/commands/command_options.h"
#include "offline_search/commands/commands.h"
#include "offline_search/commands/load_preset.h"
#include "offline_search/commands/progress.h"
#include "offline_search/files/standard_output.h"

namespace gruve {
namespace {

struct ListenOptions {
    std::filesystem::path preset, input = "-";
    std::string format = "s16";
    int rate_hz = 16000, channels = 1;
    float sensitivity = usual_sensitivity;
    bool json = false;
};

/// Prints each detection at once, one line each.
class Listener {
public:
    /// gate: whether nothing is detected while the preset warms up.
    Listener(const ListenOptions& options, int rate_hz, bool gate)
        : preset_(read_preset(options, gate)),
          rate_hz_(rate_hz),
          json_(options.json),
          spotter_(preset_, playable(*preset_), rate_hz) {
        spotter_.set_sensitivity(options.sensitivity);
    }

    void hear(std::span<const float> samples) {
        Detection found[1];  // a hop gives at most one detection
        for (const auto hop = static_cast<std::size_t>(spotter_.hop()); !samples.empty();) {
            const auto part = samples.first(std::min(hop, samples.size()));
            samples = samples.subspan(part.size());
            if (spotter_.process(part, found) == 0) continue;
            const double seconds = static_cast<double>(found[0].sample) / rate_hz_;
            const std::string& word = preset_->labels[static_cast<std::size_t>(found[0].label)];
            if (json_)
                std::cout << text_of({{"seconds", seconds}, {"word", word}, {"score", found[0].score}}, -1) << '\n';
            else
                std::printf("%9.3f s  %-16s %.2f\n", seconds, word.c_str(), static_cast<double>(found[0].score));
            flush_standard_output();
        }
    }

private:
    static std::shared_ptr<const Preset> read_preset(const ListenOptions& options, bool gate) {
        Preset preset = load_preset(options.preset, Networks::any);
        if (preset.kind != TaskKind::keywords)
            throw DataError(options.preset.string() + ": a preset of task " + preset.task + " detects no words");
        if (!gate) preset.detection.warm_up_s = 0;
        return std::make_shared<const Preset>(std::move(preset));
    }

    std::shared_ptr<const Preset> preset_;
    int rate_hz_;
    bool json_;
    KeywordSpotter spotter_;
};

/// A little-endian sample, full scale ±1: 32-bit float, or 16-bit integer.
float sample_of(const unsigned char* bytes, bool floating) {
    if (!floating) return static_cast<float>(static_cast<std::int16_t>(bytes[0] | bytes[1] << 8)) / 32768.0f;
    std::uint32_t bits = 0;
    for (int i = 3; i >= 0; --i) bits = bits << 8 | bytes[i];
    return std::bit_cast<float>(bits);
}

/// Listens to standard input until it ends or Ctrl-C.
void listen_to_raw(Listener& listener, const ListenOptions& options) {
    const bool floating = options.format == "f32";
    const std::size_t width = floating ? 4 : 2, frame = width * static_cast<std::size_t>(options.channels);
    std::vector<unsigned char> bytes(frame * static_cast<std::size_t>(std::max(1, options.rate_hz / 100)));  // 10 ms
    std::vector<float> mono(bytes.size() / frame);
    while (!interrupted) {
        const std::size_t frames = std::fread(bytes.data(), frame, mono.size(), stdin);
        if (frames == 0) break;
        for (std::size_t i = 0; i < frames; ++i) {
            float sum = 0;
            for (int c = 0; c < options.channels; ++c)
                sum += sample_of(&bytes[i * frame + static_cast<std::size_t>(c) * width], floating);
            mono[i] = sum / static_cast<float>(options.channels);
        }
        listener.hear(std::span(mono).first(frames));
    }
}

void listen(const ListenOptions& options) {
    if (options.input == "-") {
        Listener listener(options, options.rate_hz, true);
        return listen_to_raw(listener, options);
    }
    AudioReader input(options.input);
    Listener listener(options, input.rate_hz(), false);
    std::vector<float> samples(static_cast<std::size_t>((1 << 14) * input.channels()));
    while (const std::size_t frames = interrupted ? 0 : input.read(samples)) {
        const std::size_t values = frames * static_cast<std::size_t>(input.channels());
        listener.hear(mean_of_channels(std::span(samples).first(values), input.channels()));
    }
}

}  // namespace

void add_listen(CLI::App& app) {
    auto* command = app.add_subcommand(
        "listen",
        "Print the detections of a keyword preset as they happen, in a file or in raw audio on standard input");
    auto options = std::make_shared<ListenOptions>();
    command->add_option("--preset", options->preset, "Preset (.gruve)")->required();
    command
        ->add_option("input", options->input,
                     "Audio file with any sample rate and number of channels, or - for raw little-endian samples on "
                     "standard input")
        ->capture_default_str();
    command->add_option("--rate", options->rate_hz, "Sample rate of raw audio in Hz")
        ->check(CLI::Range(8000, 192000))
        ->capture_default_str();
    command
        ->add_option("--channels", options->channels, "Interleaved channels of raw audio. The preset hears their mean")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    command
        ->add_option("--format", options->format,
                     "Sample format of raw audio: s16 (16-bit integer) or f32 (32-bit float)")
        ->check(CLI::IsMember({"s16", "f32"}))
        ->capture_default_str();
    add_sensitivity(*command, options->sensitivity);
    command->add_flag("--json", options->json, "Print each detection as a JSON object on a line of its own");
    command->footer(
        "A file is heard from its first sample on. On standard input nothing is detected in the first moment (1.5 s in "
        "most presets), because a microphone that has just been switched on can sound like a word.\n"
        "Example: arecord -f S16_LE -r 16000 -c 1 -t raw | gruve listen --preset PRESET -");
    command->callback([options] {
        catch_interrupts();
        listen(*options);
    });
}

}  // namespace gruve

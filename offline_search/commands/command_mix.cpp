// gruve mix: writes noisy files for listening and for other programs' denoisers.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "datasets/layouts/denoise_layouts.h"
#include "datasets/mixing/mixture.h"
#include "offline_search/commands/command_options.h"
#include "offline_search/commands/commands.h"
#include "offline_search/files/output_path.h"

namespace gruve {
namespace {

struct MixOptions {
    DataOptions data;
    std::filesystem::path out, clean, pairs;
    std::vector<float> snrs_db{5.0f};
    std::string split = "test";
    double seconds = 8.0;
    int index = 0, count = 96, rate_hz = 16000;
    std::uint64_t seed = 1;
};

/// Writes pairs/clean/NNN.wav and pairs/noisy/NNN.wav.
void write_pairs(const MixOptions& options, const NoisySpeech& set, Split split) {
    for (const char* folder : {"clean", "noisy"}) std::filesystem::create_directories(options.pairs / folder);
    for (int i = 0; i < options.count; ++i) {
        const Mixture mixture = fixed_mixture(set, split, i, options.snrs_db, options.seconds);
        char name[16];
        std::snprintf(name, sizeof name, "%03d.wav", i);
        write_wav(options.pairs / "clean" / name, {mixture.clean}, options.rate_hz);
        write_wav(options.pairs / "noisy" / name, {mixture.noisy}, options.rate_hz);
    }
}

void mix(const MixOptions& options) {
    check_layouts(options.data);
    for (const auto& file : {options.out, options.clean})
        if (!file.empty()) require_writable_file(file);
    if (!options.pairs.empty()) require_writable_folder(options.pairs);
    const NoisySpeech set = read_denoise_data(options.data, options.rate_hz, options.seed);
    const Split split = split_named(options.split);
    if (!options.pairs.empty()) return write_pairs(options, set, split);
    const Mixture mixture = fixed_mixture(set, split, options.index, options.snrs_db, options.seconds);
    write_wav(options.out, {mixture.noisy}, options.rate_hz);
    if (!options.clean.empty()) write_wav(options.clean, {mixture.clean}, options.rate_hz);
}

}  // namespace

void add_mix(CLI::App& app) {
    auto* command =
        app.add_subcommand("mix", "Write noisy files, mixed from speech and noise that no training has heard");
    auto options = std::make_shared<MixOptions>();
    add_roots(*command, options->data, "Folder with speech/<speaker>/*.wav and noise/; may be repeated")->required();
    auto* out = command->add_option("--out", options->out, "Noisy WAV file to write");
    command->add_option("--clean", options->clean, "With --out: also write the clean speech to this WAV file");
    command
        ->add_option("--pairs", options->pairs,
                     "Instead of --out: folder to write many mixtures to, as clean/NNN.wav and noisy/NNN.wav. With "
                     "--snr -5 0 5 10 --seconds 3 these are the mixtures of denoise-test")
        ->excludes(out);
    command->add_option("--count", options->count, "Number of mixtures for --pairs")
        ->check(CLI::Range(1, 999))
        ->capture_default_str();
    add_split(*command, options->split);
    command->add_option("--snr", options->snrs_db, "Signal-to-noise ratios in dB; mixtures take them in turn")
        ->check(CLI::Range(-30.0, 60.0))
        ->capture_default_str();
    command->add_option("--seconds", options->seconds, "Length of a mixture in seconds")
        ->check(CLI::Range(0.5, 600.0))
        ->capture_default_str();
    add_mixing_rate(*command, options->rate_hz);
    command->add_option("--index", options->index, "With --out: number of the mixture in the fixed list, from 0")
        ->check(CLI::Range(0, 100000))
        ->capture_default_str();
    command
        ->add_option("--seed", options->seed,
                     "Seed that deals the speakers to the splits; use the --split-seed of the training")
        ->capture_default_str();
    command->callback([options] {
        if (options->out.empty() && options->pairs.empty()) throw CLI::RequiredError("--out or --pairs");
        mix(*options);
    });
}

}  // namespace gruve

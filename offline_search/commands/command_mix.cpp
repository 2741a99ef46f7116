#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "datasets/denoise_layouts.h"
#include "offline_search/commands/commands.h"

namespace gruve {
namespace {

struct MixOptions {
    std::filesystem::path data, out, clean;
    float snr_db = 5.0f;
    double seconds = 8.0;
    int index = 0, rate_hz = 16000;
    std::uint64_t seed = 1;
};

void mix(const MixOptions& options) {
    const NoisySpeech set = read_denoise_data(options.data, options.rate_hz, options.seed);
    const Mixture mixture = fixed_mixture(set, Split::test, options.index, {options.snr_db}, options.seconds);
    write_wav(options.out, {mixture.noisy}, options.rate_hz);
    if (!options.clean.empty()) write_wav(options.clean, {mixture.clean}, options.rate_hz);
}

}  // namespace

void add_mix(CLI::App& app) {
    auto* command = app.add_subcommand("mix", "Write a noisy file made of speech and noise that no training has heard (test split)");
    auto options = std::make_shared<MixOptions>();
    command->add_option("--data", options->data, "Folder with speech/<speaker>/ and noise/")->required();
    command->add_option("--out", options->out, "Noisy WAV to write")->required();
    command->add_option("--clean", options->clean, "Also write the clean speech here");
    command->add_option("--snr", options->snr_db, "Signal-to-noise ratio in dB")->check(CLI::Range(-30.0, 60.0))->capture_default_str();
    command->add_option("--seconds", options->seconds, "Length in seconds")->check(CLI::Range(0.5, 600.0))->capture_default_str();
    command->add_option("--index", options->index, "Which mixture of the fixed list")->check(CLI::Range(0, 100000))->capture_default_str();
    command->add_option("--seed", options->seed, "Seed of the split; as in training")->capture_default_str();
    command->callback([options] { mix(*options); });
}

}  // namespace gruve

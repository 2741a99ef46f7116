// A preset's model card in Markdown, from what the preset itself says and a measurement of its step.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <vector>

#include "engine/kernels/network.h"
#include "engine/preset/preset.h"
#include "offline_search/commands/commands.h"

namespace gruve {
namespace {

/// Median over rounds of the time of one step, in nanoseconds, after a warm-up round.
double nanoseconds_per_step(const Network& network) {
    constexpr int rounds = 21, steps = 2000;
    Network::State state(network);
    std::vector<std::int8_t> x(static_cast<std::size_t>(network.input_size()));
    std::vector<std::int16_t> y(static_cast<std::size_t>(network.output_size()));
    std::vector<double> times;
    for (int round = 0; round <= rounds; ++round) {
        const auto begin = std::chrono::steady_clock::now();
        for (int i = 0; i < steps; ++i) {
            x[static_cast<std::size_t>(i) % x.size()] = static_cast<std::int8_t>(i & 1);
            network.step(state, x, y);
        }
        if (round > 0)
            times.push_back(std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count() /
                            steps);
    }
    std::nth_element(times.begin(), times.begin() + rounds / 2, times.end());
    return times[rounds / 2];
}

std::string percent_or_db(double value, const std::string& metric) {
    char text[32];
    if (metric == "accuracy")
        std::snprintf(text, sizeof text, "%.2f %%", 100 * value);
    else
        std::snprintf(text, sizeof text, "%.2f dB", value);
    return text;
}

void print_scores(const Scores& s, const char* split) {
    if (s.n == 0) return;
    std::cout << "| " << split << " | " << s.n << " | " << percent_or_db(s.float_value, s.metric) << " | "
              << percent_or_db(s.homogeneous8_value, s.metric) << " | " << percent_or_db(s.value, s.metric) << " ± "
              << percent_or_db(s.ci95, s.metric) << " |\n";
}

void print_widths(const Layer& layer, std::size_t index) {
    std::cout << "| " << index << " | ";
    if (const auto* gru = std::get_if<GruLayer>(&layer)) {
        std::cout << "GRU " << gru->input_size << " → " << gru->hidden_size << " | ";
        for (int i = 0; i < operator_count; ++i) {
            const int width = gru->widths[static_cast<std::size_t>(i)];
            std::cout << (i ? ", " : "") << name_of(static_cast<Operator>(i)) << ' ';
            if (width == ternary_width && i < linear_count)
                std::cout << "ternary";
            else
                std::cout << width;
        }
    } else {
        const auto& dense = std::get<DenseLayer>(layer);
        std::cout << "dense " << dense.linear.cols << " → " << dense.linear.rows << " | weights "
                  << int{dense.widths.weights} << ", pre-activation " << int{dense.widths.pre_activation};
        if (dense.activation != Activation::none) std::cout << ", output " << int{dense.widths.output};
    }
    std::cout << " |\n";
}

void card(const std::filesystem::path& path) {
    const Preset preset = load_preset(path);
    const Network fast(preset.model, Resident::fast), compact(preset.model, Resident::compact);
    const ParameterBytes bytes = parameter_bytes(preset.model);
    std::cout << "# " << preset.name << "\n\nTask: " << preset.task;
    if (!preset.labels.empty()) {
        std::cout << ". Labels:";
        for (const std::string& label : preset.labels) std::cout << ' ' << label;
    }
    if (preset.rate_hz) std::cout << ". Trained at " << preset.rate_hz << " Hz; runs at any host rate.";
    std::cout << "\n\n| split | n | float | homogeneous 8 bit | this preset (± half the 95 % interval) "
                 "|\n|---|---|---|---|---|\n";
    print_scores(preset.validation, "validation (chosen on)");
    print_scores(preset.test, "test");
    if (preset.validation.metric == "si_sdr_gain_db")
        std::cout << "\nMetric: SI-SDR of the output less that of the noisy input, mean over the mixtures.\n";
    else
        std::cout << "\nMetric: accuracy over whole clips.\n";
    std::cout << "\n| bytes | |\n|---|---|\n| parameters | " << bytes.total() << " (weights " << bytes.weights
              << ", biases " << bytes.biases << ", multipliers " << bytes.multipliers << ", tables " << bytes.tables
              << ", scalars " << bytes.scalars << ") |\n| on disk | " << std::filesystem::file_size(path)
              << " |\n| resident, laid out for speed | " << fast.resident_bytes() << " |\n| resident, compact | "
              << compact.resident_bytes() << " |\n| time of a step | " << static_cast<int>(nanoseconds_per_step(fast))
              << " ns (" << fast.isa() << ", the machine that wrote this card) |\n\nWidths in bits (input "
              << int{preset.model.input.bits} << "):\n\n| layer | | |\n|---|---|---|\n";
    for (std::size_t i = 0; i < preset.model.layers.size(); ++i) print_widths(preset.model.layers[i], i);
    std::cout << "\n## Data, licence and recipe\n\n" << preset.provenance << '\n';
}

}  // namespace

void add_card(CLI::App& app) {
    auto* command =
        app.add_subcommand("card", "Print a preset's model card (Markdown): scores, bytes, time, widths, provenance");
    auto file = std::make_shared<std::filesystem::path>();
    command->add_option("preset", *file, "The .gruve file")->required();
    command->callback([file] { card(*file); });
}

}  // namespace gruve

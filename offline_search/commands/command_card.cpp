// gruve card: a preset's model card in Markdown, from the preset's own record and a measurement of its step.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <memory>
#include <vector>

#include "engine/kernels/network.h"
#include "engine/preset/metric.h"
#include "engine/preset/preset.h"
#include "offline_search/commands/commands.h"
#include "offline_search/commands/load_preset.h"
#include "offline_search/export/preset_bytes.h"
#include "offline_search/report/gene_label.h"
#include "offline_search/tasks/words/operating_points.h"

namespace gruve {
namespace {

/// Nanoseconds of one step: the median of 21 rounds, after one round of warm-up.
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

void print_scores(const Scores& s, const char* split) {
    if (s.n == 0) return;
    const Metric metric = metric_named(s.metric);
    std::cout << "| " << split << " | " << s.n << " | " << metric.text(s.float_value) << " | "
              << metric.text(s.homogeneous8_value) << " | " << metric.text(s.value) << " ± " << metric.text(s.ci95)
              << " |\n";
}

void print_widths(const Layer& layer, std::size_t index) {
    std::cout << "| " << index << " | ";
    const auto* over_bands = std::get_if<BandGruLayer>(&layer);
    if (const auto* gru = over_bands ? &over_bands->forward : std::get_if<GruLayer>(&layer)) {
        std::cout << (over_bands ? "GRU over bands, each way, " : "GRU ") << gru->input_size << " → "
                  << gru->hidden_size << " | ";
        for (int i = 0; i < operator_count; ++i) {
            const int width = gru->widths[static_cast<std::size_t>(i)];
            std::cout << (i ? ", " : "") << gene_label(std::string(name_of(static_cast<Operator>(i)))) << ' ';
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
        if (dense.adds) std::cout << ", copy of the sum " << int{dense.copy_width};
    }
    std::cout << " |\n";
}

void print_head(const Preset& preset) {
    std::cout << "# " << preset.name << "\n\nTask: " << preset.task;
    if (!preset.labels.empty()) {
        std::cout << ". Labels:";
        for (const std::string& label : preset.labels) std::cout << ' ' << label;
    }
    if (preset.rate_hz) std::cout << ". Trained at " << preset.rate_hz << " Hz; runs at any host rate.";
    if (const DenoiserConfig& d = preset.denoiser; d.look_ahead > 0)
        std::printf(" Latency %g ms: the network hears %d frames ahead of what is played.",
                    std::round(1e4 * d.delay_s()) / 10, d.look_ahead);
    std::cout << "\n\n";
}

void print_score_table(const Preset& preset) {
    std::cout << "| split | examples | float network | 8 bit throughout | this preset (± half the 95 % interval) "
                 "|\n|---|---|---|---|---|\n";
    print_scores(preset.validation, "validation (used to choose)");
    print_scores(preset.test, "test");
    if (preset.validation.metric == si_sdr_gain.id)
        std::cout << "\nMetric: gain in SI-SDR, the SI-SDR of the output minus that of the noisy input; mean over the "
                     "mixtures.\n";
    else
        std::cout << "\nMetric: accuracy over whole clips.\n";
}

void print_bytes(const Preset& preset, std::uintmax_t file_bytes) {
    const Network fast(preset.model, Resident::fast);
    const ParameterBytes bytes = bytes_by_kind(preset);
    std::cout << "\n| bytes and time | |\n|---|---|\n| parameters | " << bytes.total() << " (weights " << bytes.weights
              << ", biases " << bytes.biases << ", multipliers " << bytes.multipliers << ", tables " << bytes.tables
              << ", scalars " << bytes.scalars << ") |\n| on disk | " << file_bytes
              << " |\n| in memory, laid out for speed | " << resident_bytes(preset, Resident::fast)
              << " |\n| in memory, compact | " << resident_bytes(preset, Resident::compact) << " |\n";
    const auto print_time = [&](const char* which, const Network& network) {
        std::cout << "| " << which << " | " << static_cast<int>(nanoseconds_per_step(network)) << " ns ("
                  << network.isa() << ", on the machine that wrote this card) |\n";
    };
    if (const Preset* first = preset.first_stage()) {
        print_time("time per step, first stage", Network(first->model, Resident::fast));
        print_time("time per step, second stage", fast);
    } else {
        print_time("time per step", fast);
    }
}

void print_layers(const Preset& preset) {
    std::cout << "\nWidths in bits (input " << int{preset.model.input.bits} << "):\n\n| layer | | |\n|---|---|---|\n";
    for (std::size_t i = 0; i < preset.model.layers.size(); ++i) print_widths(preset.model.layers[i], i);
}

/// Nothing for a preset without operating points.
void print_sensitivity(const Preset& preset) {
    const auto rows = sensitivity_rows(preset.detection);
    if (rows.empty()) return;
    const StreamCount& counted = preset.detection.counted;
    // The validation split's speech is heard in many noises, other recordings (tune-alarms --negatives) once.
    const bool validation = counted.heard_s > counted.recorded_s;
    std::printf(
        "\n## Sensitivity\n\nThresholds for 0.5, 2 and 8 false alarms an hour were chosen on %s (`gruve "
        "tune-alarms`). False alarms were counted in %.2f hours of speech and noise without the words. These hold %.1f "
        "minutes of different recordings, and the exact 95 %% intervals take those alone for evidence. Words%s were "
        "played without noise, at 10 dB and at 0 dB.\n\n"
        "| sensitivity | thresholds for | false alarms an hour | words hit |\n|---|---|---|---|\n",
        validation ? "the validation split" : "recordings of no split", counted.heard_s / 3600, counted.recorded_s / 60,
        validation ? "" : " of the validation split");
    for (const SensitivityRow& row : rows) {
        const Interval interval = alarm_interval(row.counted);
        if (row.aimed_per_hour > 0)
            std::printf("| %+.2f | at most %g an hour |", static_cast<double>(row.sensitivity),
                        static_cast<double>(row.aimed_per_hour));
        else
            std::printf("| 0 | the preset's own |");
        std::printf(" %u, %.2f an hour (%.2f..%.2f) | %u of %u: %.1f %% |\n", row.counted.alarms,
                    alarms_per_hour(row.counted), interval.low, interval.high, row.counted.hits, row.counted.words,
                    100.0 * row.counted.hits / std::max(1u, row.counted.words));
    }
}

void card(const std::filesystem::path& path) {
    const Preset preset = load_preset(path);
    print_head(preset);
    print_score_table(preset);
    print_bytes(preset, std::filesystem::file_size(path));
    if (const Preset* first = preset.first_stage()) {
        std::cout << "\nFirst stage, which the sound passes before: " << first->name << ".\n";
        print_layers(*first);
        std::cout << "\nSecond stage.\n";
    }
    print_layers(preset);
    print_sensitivity(preset);
    std::cout << "\n## Data, licence and recipe\n\n" << preset.provenance << '\n';
}

}  // namespace

void add_card(CLI::App& app) {
    auto* command = app.add_subcommand(
        "card", "Print a preset's model card in Markdown: scores, bytes, time, widths and provenance");
    auto file = std::make_shared<std::filesystem::path>();
    command->add_option("preset", *file, "Preset (.gruve)")->required();
    command->callback([file] { card(*file); });
}

}  // namespace gruve

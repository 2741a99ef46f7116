// gruve info: the facts that a preset or a float model holds.
#include <CLI/CLI.hpp>
#include <cmath>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/kernels/network.h"
#include "engine/preset/preset.h"
#include "offline_search/commands/commands.h"
#include "offline_search/commands/load_preset.h"
#include "offline_search/export/float_preset.h"
#include "offline_search/export/preset_bytes.h"
#include "offline_search/files/standard_output.h"
#include "offline_search/network/float_network.h"
#include "offline_search/network/safetensors.h"
#include "offline_search/tasks/words/operating_points.h"

namespace gruve {
namespace {

using Json = nlohmann::ordered_json;

Json scores(const Scores& s) {
    return {{"metric", s.metric}, {"value", s.value},       {"ci95", s.ci95},
            {"n", s.n},           {"float", s.float_value}, {"homogeneous_8_bit", s.homogeneous8_value}};
}

Json layer(const char* type, const GruLayer& gru) {
    Json widths;
    for (int i = 0; i < operator_count; ++i)
        widths[std::string(name_of(static_cast<Operator>(i)))] = gru.widths[static_cast<std::size_t>(i)];
    return {{"type", type},
            {"input_size", gru.input_size},
            {"hidden_size", gru.hidden_size},
            {"narrow_state", gru.narrow_state},
            {"widths", widths}};
}

Json layer(const Layer& l) {
    if (const auto* gru = std::get_if<GruLayer>(&l)) return layer("gru", *gru);
    if (const auto* gru = std::get_if<BandGruLayer>(&l)) return layer("gru over bands", gru->forward);
    const auto& dense = std::get<DenseLayer>(l);
    static constexpr const char* activations[] = {"none", "sigmoid", "tanh"};
    Json widths = {{"weights", dense.widths.weights}, {"pre_activation", dense.widths.pre_activation}};
    if (dense.activation != Activation::none) widths["output"] = dense.widths.output;
    if (dense.adds) widths["copy"] = dense.copy_width;
    return {{"type", "dense"},
            {"input_size", dense.linear.cols},
            {"output_size", dense.linear.rows},
            {"activation", activations[static_cast<int>(dense.activation)]},
            {"widths", widths}};
}

Json layer(const FloatModel::Layer& l) {
    if (const auto* gru = std::get_if<FloatModel::Gru>(&l))
        return {{"type", "gru"}, {"input_size", gru->input_size}, {"hidden_size", gru->hidden_size}};
    if (const auto* gru = std::get_if<FloatModel::BandGru>(&l))
        return {{"type", "gru over bands"},
                {"input_size", gru->forward.input_size},
                {"hidden_size", gru->forward.hidden_size}};
    const auto& dense = std::get<FloatModel::Dense>(l);
    return {{"type", "dense"}, {"input_size", dense.input_size}, {"output_size", dense.output_size}};
}

void describe_network(Json& json, const Model& model) {
    json["input_bits"] = model.input.bits;
    if (model.bands > 1) json["bands"] = model.bands;
    for (const Layer& l : model.layers) json["layers"].push_back(layer(l));
}

void describe_integers(Json& json, const Preset& preset) {
    const ParameterBytes bytes = bytes_by_kind(preset);
    json["resident_bytes"] = {{"fast", resident_bytes(preset, Resident::fast)},
                              {"compact", resident_bytes(preset, Resident::compact)}};
    json["parameter_bytes"] = {{"total", bytes.total()}, {"weights", bytes.weights},
                               {"biases", bytes.biases}, {"multipliers", bytes.multipliers},
                               {"tables", bytes.tables}, {"scalars", bytes.scalars}};
    if (const Preset* first = preset.first_stage()) {
        json["first_stage"] = {{"name", first->name}};
        describe_network(json["first_stage"], first->model);
    }
    describe_network(json, preset.model);
}

void describe_floats(Json& json, const FloatModel& model) {
    json["parameter_bytes"] = {{"total", model.parameter_bytes()}};
    if (model.bands > 1) json["bands"] = model.bands;
    for (const auto& l : model.layers) json["layers"].push_back(layer(l));
}

void describe_delay(Json& json, const DenoiserConfig& denoiser) {
    json["latency_ms"] = std::round(1e4 * denoiser.delay_s()) / 10;
    if (denoiser.look_ahead > 0) json["look_ahead_frames"] = denoiser.look_ahead;
    if (denoiser.each_frame) json["outputs_for_each_frame"] = true;
}

Json sensitivities(const Preset& preset) {
    Json list = Json::array();
    for (const SensitivityRow& row : sensitivity_rows(preset.detection)) {
        Json thresholds;
        for (std::size_t l = 0; l < row.threshold.size(); ++l) thresholds[preset.labels[l]] = row.threshold[l];
        const Interval interval = alarm_interval(row.counted);
        Json entry = {{"sensitivity", row.sensitivity}};
        if (row.aimed_per_hour > 0) entry["false_alarms_per_hour_at_most"] = row.aimed_per_hour;
        entry.update({{"thresholds", thresholds},
                      {"false_alarms", row.counted.alarms},
                      {"hours", row.counted.heard_s / 3600},
                      {"hours_of_different_recordings", row.counted.recorded_s / 3600},
                      {"false_alarms_per_hour", alarms_per_hour(row.counted)},
                      {"false_alarms_per_hour_ci95", {interval.low, interval.high}},
                      {"hits", row.counted.hits},
                      {"words", row.counted.words}});
        list.push_back(entry);
    }
    return list;
}

Json describe(const Preset& preset, std::uintmax_t file_bytes) {
    Json json = {{"kind", preset.is_float() ? "float preset" : "preset"},
                 {"name", preset.name},
                 {"task", preset.task},
                 {"format_version", format_version_of(preset)}};
    if (!preset.labels.empty()) json["labels"] = preset.labels;
    if (preset.rate_hz) json["rate_hz"] = preset.rate_hz;
    if (preset.kind == TaskKind::denoise) describe_delay(json, preset.denoiser);
    json["file_bytes"] = file_bytes;
    if (preset.is_float())
        describe_floats(json, preset.float_model);
    else
        describe_integers(json, preset);
    if (!preset.detection.points.empty()) json["sensitivity"] = sensitivities(preset);
    if (preset.validation.n) json["validation"] = scores(preset.validation);
    if (preset.test.n) json["test"] = scores(preset.test);
    json["provenance"] = preset.provenance;
    return json;
}

Json describe(const FloatNetwork& network, std::uintmax_t file_bytes) {
    Json json = {{"kind", "float model"}, {"file_bytes", file_bytes}};
    for (const auto& [key, value] : network.metadata) json["metadata"][key] = value;
    for (const auto& l : float_model_of(network).layers) json["layers"].push_back(layer(l));
    return json;
}

/// Prints the members as lines of "key: value". Nested members are indented.
void print_lines(const Json& json, int indent) {
    for (const auto& [key, value] : json.items()) {
        std::cout << std::string(static_cast<std::size_t>(indent), ' ') << key << ':';
        if (value.is_object() || (value.is_array() && !value.empty() && value[0].is_object())) {
            std::cout << '\n';
            print_lines(value, indent + 2);
        } else {
            std::cout << ' ' << (value.is_string() ? value.get<std::string>() : text_of(value, -1)) << '\n';
        }
    }
}

void info(const std::filesystem::path& file, bool as_json) {
    const bool is_model = file.extension() == ".safetensors";
    const Json json = is_model ? describe(load_safetensors(file), std::filesystem::file_size(file))
                               : describe(load_preset(file, Networks::any), std::filesystem::file_size(file));
    if (as_json)
        std::cout << text_of(json) << '\n';
    else
        print_lines(json, 0);
}

}  // namespace

void add_info(CLI::App& app) {
    auto* command = app.add_subcommand("info", "Print the facts of a preset (.gruve) or a float model (.safetensors)");
    struct InfoArguments {
        std::filesystem::path file;
        bool json = false;
    };
    auto options = std::make_shared<InfoArguments>();
    command->add_option("file", options->file, "Preset (.gruve) or float model (.safetensors)")->required();
    command->add_flag("--json", options->json, "Print the facts as JSON");
    command->callback([options] { info(options->file, options->json); });
}

}  // namespace gruve

#include "plugin/editor/style/text.h"

#include "engine/preset/metric.h"

namespace gruve::plugin {

namespace {

/// Percentages get one decimal, all other values two.
juce::String number(const Metric& metric, double value) {
    return juce::String(metric.shown(value), metric.unit == "%" ? 1 : 2);
}

juce::String unit(const Metric& metric) { return metric.unit.empty() ? juce::String() : " " + utf8(metric.unit); }

juce::String bits(int width) {
    return width == binary_width    ? juce::String("binary")
           : width == ternary_width ? juce::String("ternary")
                                    : juce::String(width);
}

juce::String layer_text(const Layer& layer) {
    juce::String line;
    const auto* over_bands = std::get_if<BandGruLayer>(&layer);
    if (const auto* gru = over_bands ? &over_bands->forward : std::get_if<GruLayer>(&layer)) {
        line << (over_bands ? "GRU over bands, each way, " : "GRU ") << gru->input_size << juce::String::fromUTF8(" → ")
             << gru->hidden_size << ": ";
        for (int i = 0; i < operator_count; ++i) {
            const auto name = name_of(static_cast<Operator>(i));
            line << (i ? ", " : "") << utf8(name) << " " << bits(gru->widths[static_cast<std::size_t>(i)]);
        }
    } else {
        const auto& dense = std::get<DenseLayer>(layer);
        line << "dense " << dense.linear.cols << juce::String::fromUTF8(" → ") << dense.linear.rows << ": weights "
             << bits(dense.linear.width);
        if (dense.adds) line << ", copy of the sum " << bits(dense.copy_width);
    }
    return line + "\n";
}

juce::String integer_text(const Preset& preset) {
    const Model& model = preset.model;
    const ParameterBytes bytes = parameter_bytes(model);
    juce::String text;
    if (const Preset* first = preset.first_stage())
        text << "Two stages, " << bytes_text(parameter_bytes(preset))
             << " of parameters.\n\n# First stage: " << utf8(first->name) << "\n"
             << integer_text(*first) << "\n# Second stage\n";
    text << "Parameters " << bytes_text(bytes.total()) << " (weights " << bytes_text(bytes.weights) << ", biases "
         << bytes_text(bytes.biases) << ", multipliers " << bytes_text(bytes.multipliers) << ", tables "
         << bytes_text(bytes.tables) << ", scalars " << bytes_text(bytes.scalars) << ")\n\n# Bits\ninput "
         << int(model.input.bits) << "\n";
    for (const Layer& layer : model.layers) text << layer_text(layer);
    return text;
}

juce::String float_text(const FloatModel& model) {
    juce::String text;
    text << "Parameters " << bytes_text(model.parameter_bytes()) << ", 32-bit float\n\n# Layers\n";
    for (const auto& layer : model.layers) {
        if (const auto* gru = std::get_if<FloatModel::Gru>(&layer))
            text << "GRU " << gru->input_size << juce::String::fromUTF8(" → ") << gru->hidden_size << "\n";
        else if (const auto* over_bands = std::get_if<FloatModel::BandGru>(&layer))
            text << "GRU over bands, each way, " << over_bands->forward.input_size << juce::String::fromUTF8(" → ")
                 << over_bands->forward.hidden_size << "\n";
        else
            text << "dense " << std::get<FloatModel::Dense>(layer).input_size << juce::String::fromUTF8(" → ")
                 << std::get<FloatModel::Dense>(layer).output_size << "\n";
    }
    return text + "It runs in plain loops: compare its sound, not its CPU load.\n";
}

}  // namespace

juce::String minus(const juce::String& number) { return number.replace("-", juce::String::fromUTF8("−")); }

juce::String bytes_text(std::size_t n) {
    if (n >= 10000) return juce::String(static_cast<double>(n) / 1024.0, 1) + " KiB";
    return n < 1000 ? juce::String(n) + " B"
                    : juce::String(n / 1000) + "," + juce::String(n % 1000).paddedLeft('0', 3) + " B";
}

juce::String metric_text(const Scores& scores) {
    const Metric metric = metric_named(scores.metric);
    return scores.n == 0 ? juce::String() : number(metric, scores.value) + unit(metric);
}

juce::String describe(const Scores& scores) {
    if (scores.n == 0) return {};
    const Metric metric = metric_named(scores.metric);
    juce::String line;
    line << utf8(scores.split) << " " << utf8(metric.name) << " " << number(metric, scores.value)
         << (scores.ci95 > 0 ? juce::String::fromUTF8(" ± ") + number(metric, scores.ci95) : juce::String())
         << unit(metric) << " (n = " << juce::String(scores.n) << "), 8 bit "
         << number(metric, scores.homogeneous8_value) << ", float " << number(metric, scores.float_value);
    return line;
}

juce::String card_text(const Preset& preset, std::size_t file_bytes, std::size_t resident_bytes) {
    juce::String card;
    card << "# " << utf8(preset.name) << "\n" << utf8(preset.task);
    for (std::size_t i = 0; i < preset.labels.size(); ++i) card << (i ? ", " : ": ") << utf8(preset.labels[i]);
    card << "\nTrained at " << preset.rate_hz << " Hz; runs at any host rate.\n";
    if (preset.kind == TaskKind::denoise)
        card << "Latency " << juce::roundToInt(1000.0 * preset.denoiser.delay_s()) << " ms\n";
    card << "\n# Scores\n";
    for (const Scores& scores : {preset.validation, preset.test})
        if (scores.n > 0) card << describe(scores) << "\n";
    card << "\n# Size\nOn disk " << bytes_text(file_bytes) << ", in memory " << bytes_text(resident_bytes) << "\n"
         << (preset.is_float() ? float_text(preset.float_model) : integer_text(preset));
    if (!preset.provenance.empty()) card << "\n# Data, licence, recipe\n" << utf8(preset.provenance) << "\n";
    return card;
}

}  // namespace gruve::plugin

#include "offline_search/export/export_c.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <span>
#include <vector>

#include "engine/model/packing.h"
#include "engine/preset/check_preset.h"

namespace gruve {
namespace {

constexpr std::size_t numbers_per_line = 24;

/// A network of a preset, and its name in C.
struct Stage {
    std::string name;
    const Preset* preset;
};

/// The headers that run these networks.
std::string runtimes(const std::vector<Stage>& stages, const std::string& between) {
    const auto of_bands = [](const Stage& stage) { return stage.preset->model.bands > 1; };
    const bool bands = std::any_of(stages.begin(), stages.end(), of_bands);
    const bool chain = !std::all_of(stages.begin(), stages.end(), of_bands);
    return (chain ? "gruve_device.h" : "") + (chain && bands ? between : "") + (bands ? "gruve_bands.h" : "");
}

/// Text for a // comment. Backslash and '?' are replaced, because a backslash or its trigraph at the end would join
/// lines.
std::string comment_text(const std::string& text) {
    std::string out;
    for (char c : text) out += c >= ' ' && c <= '~' && c != '\\' && c != '?' ? c : '_';
    return out;
}

/// A string literal. All but letters, digits, spaces, '_' and '-' is written as three octal digits.
std::string literal(const std::string& text) {
    std::string out = "\"";
    for (char c : text) {
        const auto code = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' ||
                           c == '_' || c == '-';
        if (plain) {
            out += c;
            continue;
        }
        out += '\\';
        for (int shift : {6, 3, 0}) out += static_cast<char>('0' + (code >> shift & 7));
    }
    return out.append("\"");
}

std::string text_of(int value) { return std::to_string(value); }

/// The shortest decimal number that reads back as this float.
std::string text_of(float value) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
    return std::string(text, end) + "f";
}

template <class Number>
std::string array(const std::string& type, const std::string& name, std::span<const Number> values) {
    std::string out = "static const " + type + " " + name + "[] = {";
    for (std::size_t i = 0; i < values.size(); ++i)
        out += (i % numbers_per_line ? " " : "\n    ") + std::to_string(values[i]) + ",";
    return out + "\n};\n";
}

/// An initialiser: {a, b, …}.
std::string braces(std::initializer_list<std::string> values) {
    std::string out = "{";
    for (const std::string& value : values) out.append(out.size() > 1 ? ", " : "").append(value);
    return out.append("}");
}

std::string text_of(const Requantiser& q, int width) {
    return braces({text_of(q.multiplier), text_of(q.shift), text_of(width)});
}

/// Writes the parts of one layer: collects their arrays and returns the initialisers that name them.
class Writer {
public:
    explicit Writer(std::string prefix) : prefix_(std::move(prefix)) {}

    std::string linear(const std::string& part, const Linear& l) {
        const auto packed = pack_weights(l.weights, l.width);
        arrays_ += array<std::uint8_t>("uint8_t", prefix_ + part + "_weights", packed);
        arrays_ += array<std::int16_t>("int16_t", prefix_ + part + "_multiplier", l.multiplier);
        const bool per_row = l.multiplier.size() > 1;
        return field(part, braces({text_of(l.rows), text_of(l.cols), per_row ? "1" : "0",
                                   l.width == ternary_width ? "gruve_dot_ternary" : "gruve_dot_" + text_of(l.width),
                                   prefix_ + part + "_weights", prefix_ + part + "_multiplier"}));
    }
    std::string bias(const std::string& part, const Bias& b) {
        const auto packed = pack_fields(b.values, b.width);
        arrays_ += array<std::uint8_t>("uint8_t", prefix_ + part, packed);
        return field(part, braces({text_of(b.width), text_of(b.shift), prefix_ + part}));
    }
    std::string table(const std::string& part, const Table& t, bool is_signed) {
        if (t.values.empty()) return field(part, braces({"0", "0", "0", "NULL"}));
        const auto packed = pack_fields(t.values, t.output_width);
        arrays_ += array<std::uint8_t>("uint8_t", prefix_ + part, packed);
        return field(part,
                     braces({text_of(t.input_width), text_of(t.output_width), is_signed ? "1" : "0", prefix_ + part}));
    }
    static std::string field(const std::string& part, const std::string& value) {
        return "    ." + part + " = " + value + ",\n";
    }
    static std::string field(const std::string& part, int value) { return field(part, text_of(value)); }

    const std::string& arrays() const { return arrays_; }

private:
    std::string prefix_, arrays_;
};

std::string layer_text(const std::string& name, const GruLayer& gru) {
    Writer w(name + "_");
    const auto requantiser = [&](const std::string& part, const Requantiser& q, Operator op) {
        return Writer::field(part, text_of(q, gru.width(op)));
    };
    std::string fields;
    fields += w.linear("ir", gru.ir) + w.linear("iz", gru.iz) + w.linear("in", gru.in);
    fields += w.linear("hr", gru.hr) + w.linear("hz", gru.hz) + w.linear("hn", gru.hn);
    fields += w.bias("bias_r", gru.bias_r) + w.bias("bias_z", gru.bias_z) + w.bias("bias_n", gru.bias_n) +
              w.bias("bias_hn", gru.bias_hn);
    fields += w.field("shift_r", gru.shift_r) + w.field("shift_z", gru.shift_z) + w.field("shift_n", gru.shift_n) +
              w.field("shift_hn", gru.shift_hn);
    fields += w.table("table_r", gru.table_r, false) + w.table("table_z", gru.table_z, false) +
              w.table("table_n", gru.table_n, true);
    fields += requantiser("reset", gru.reset, Operator::product_reset) +
              requantiser("one_minus", gru.one_minus, Operator::one_minus_z);
    fields += requantiser("candidate", gru.candidate, Operator::product_candidate) +
              requantiser("keep", gru.keep, Operator::product_state);
    fields += requantiser("copy", gru.copy, Operator::state);
    fields += w.field("m_p", gru.m_p) + w.field("m_a", gru.m_a) + w.field("m_b", gru.m_b);
    fields += w.field("shift_state", gru.shift_state) + w.field("state_bits", gru.state_bits());
    return w.arrays() + "static const gruve_gru " + name + " = {\n" + fields + "};\n";
}

std::string layer_text(const std::string& name, const DenseLayer& dense) {
    Writer w(name + "_");
    std::string fields = w.linear("linear", dense.linear) + w.bias("bias", dense.bias);
    fields += w.field("shift", dense.shift) + w.field("pre_activation_width", dense.widths.pre_activation);
    fields += w.table("table", dense.table, dense.activation == Activation::tanh);
    return w.arrays() + "static const gruve_dense " + name + " = {\n" + fields + "};\n";
}

/// A dense layer's part in a network of bands, which names the layer itself.
std::string path_text(const std::string& name, const DenseLayer& dense) {
    Writer w(name + "_");
    std::string fields = w.field("dense", "&" + name);
    fields += dense.by_band.values.empty() ? w.field("by_band", braces({"0", "0", "NULL"}))
                                           : w.bias("by_band", dense.by_band);
    fields += w.field("adds", dense.adds) + w.field("lift", dense.lift);
    fields += w.field("copy", dense.adds ? text_of(dense.copy, dense.copy_width) : braces({"0", "0", "0"}));
    return w.arrays() + "static const gruve_band_dense " + name + "_on_path = {\n" + fields + "};\n";
}

/// As gruve_memory_size() of gruve_device.h.
std::size_t memory_size_of_chain(const Model& model) {
    std::size_t states = 0, outputs = 0;
    for (const Layer& layer : model.layers) {
        const auto size = static_cast<std::size_t>(output_size(layer));
        const bool gru = std::holds_alternative<GruLayer>(layer);
        if (gru) states += size;
        if (gru || &layer != &model.layers.back()) outputs += size;
    }
    return states + (outputs + 1) / 2;
}

/// As gruve_bands_memory_size() of gruve_bands.h.
std::size_t memory_size_of_bands(const Model& model) {
    const auto bands = static_cast<std::size_t>(model.bands);
    std::size_t states = 0, path = 0, h_of_band = 0, buffer = static_cast<std::size_t>(model.input_size());
    for (const Layer& layer : std::span(model.layers).first(model.layers.size() - 1)) {
        const auto size = static_cast<std::size_t>(output_size(layer));
        if (std::holds_alternative<GruLayer>(layer)) {
            states += bands * size;
            continue;
        }
        buffer = std::max(buffer, bands * size);
        if (std::holds_alternative<DenseLayer>(layer)) path = std::max(path, bands * size);
        if (std::holds_alternative<BandGruLayer>(layer)) h_of_band = std::max(h_of_band, size / 2);
    }
    return states + path + h_of_band + (states + 2 * buffer + 1) / 2;
}

std::string widths_comment(const std::string& kind, const GruLayer& gru) {
    std::string out = kind + ", " + text_of(gru.input_size) + " -> " + text_of(gru.hidden_size) + ", bits:";
    for (int i = 0; i < operator_count; ++i)
        out.append(" ")
            .append(name_of(static_cast<Operator>(i)))
            .append(" ")
            .append(text_of(gru.width(static_cast<Operator>(i))));
    return out;
}

std::string widths_comment(const Layer& layer, bool of_bands) {
    if (const auto* gru = std::get_if<GruLayer>(&layer))
        return widths_comment(of_bands ? "GRU over time" : "GRU", *gru);
    if (const auto* gru = std::get_if<BandGruLayer>(&layer))
        return widths_comment("GRU over bands, each way", gru->forward);
    const auto& dense = std::get<DenseLayer>(layer);
    std::string out = "dense, " + text_of(dense.linear.cols) + " -> " + text_of(dense.linear.rows) +
                      ", bits: weights " + text_of(dense.widths.weights) + " pre-activation " +
                      text_of(dense.widths.pre_activation);
    if (dense.activation != Activation::none) out += " output " + text_of(dense.widths.output);
    if (dense.adds) out += " copy of the sum " + text_of(dense.copy_width);
    return out;
}

std::string layers_comment(const Model& model) {
    std::string out;
    if (model.bands > 1)
        out += "// " + text_of(model.bands) + " bands, which pass the same layers. Value f of band b is input f * " +
               text_of(model.bands) + " + b, and outputs lie in the same order.\n";
    for (std::size_t i = 0; i < model.layers.size(); ++i)
        out += "// layer " + std::to_string(i) + ": " + widths_comment(model.layers[i], model.bands > 1) + "\n";
    return out;
}

std::string head_comment(const Preset& preset, const std::vector<Stage>& stages) {
    std::string out = "// " + comment_text(preset.name) + ": " + comment_text(preset.task) +
                      ". Written by gruve export; run by " + runtimes(stages, " and ") + ".\n";
    out += "// " + std::to_string(parameter_bytes(preset)) + " bytes of parameters. " +
           comment_text(preset.provenance) + "\n";
    if (stages.size() > 1)
        out +=
            "// Two networks in series: the first one's outputs change a frame, and the second one hears the "
            "changed frame.\n";
    if (const int frames = preset.denoiser.look_ahead; frames > 0)
        out += "// Looks ahead: the " + std::string(stages.size() > 1 ? "second one's " : "") +
               "outputs at a frame are meant for the frame that was heard " + std::to_string(frames) +
               " frames before, so the sound is delayed by as much.\n";
    for (const Stage& stage : stages)
        if (const DenoiserConfig& d = stage.preset->denoiser; stage.preset->kind == TaskKind::denoise && d.each_frame)
            out += "// " + (stages.size() > 1 ? stage.name : std::string("The network")) + " steps at every " +
                   std::to_string(d.net_every) + " frames: its first " + std::to_string(d.frame_outputs()) +
                   " outputs are those of the first frame, and so on.\n";
    for (const Stage& stage : stages)
        out += (stages.size() > 1 ? "//\n// " + stage.name + ", " + comment_text(stage.preset->name) + "\n" : "") +
               layers_comment(stage.preset->model);
    return out +
           "//\n// Input:  x_q = clamp(floor(x / input_scale + 0.5) + input_zero_point, input_bits bits). Output: y = "
           "y_q "
           "* output_scale.\n";
}

/// Sizes, and the scales of input and output.
std::string constants(const Model& model, const std::string& name) {
    std::string out = "enum {\n";
    const auto constant = [&](const std::string& what, std::size_t value) {
        out += "    " + name + "_" + what + " = " + std::to_string(value) + ",\n";
    };
    constant("input_size", static_cast<std::size_t>(model.input_size()));
    constant("output_size", static_cast<std::size_t>(model.output_size()));
    constant("memory_size", model.bands > 1 ? memory_size_of_bands(model) : memory_size_of_chain(model));
    if (model.bands > 1) constant("bands", static_cast<std::size_t>(model.bands));
    constant("input_bits", model.input.bits);
    out += "    " + name + "_input_zero_point = " + std::to_string(model.input.zero_point) + "\n};\n";
    out += "static const float " + name + "_input_scale = " + text_of(model.input.scale) + ";\n";
    return out + "static const float " + name + "_output_scale = " + text_of(model.output_scale) + ";\n";
}

std::string labels(const Preset& preset, const std::string& name) {
    if (preset.labels.empty()) return {};
    std::string out = "static const char *const " + name + "_labels[] = {";
    for (std::size_t i = 0; i < preset.labels.size(); ++i) out += (i ? ", " : "") + literal(preset.labels[i]);
    return out + "};\n";
}

/// Writes a layer and returns the initialiser of its entry in the list of layers.
std::string add_layer(std::string& out, const std::string& name, const Layer& layer, bool of_bands) {
    if (const auto* gru = std::get_if<GruLayer>(&layer)) {
        out += layer_text(name, *gru) + "\n";
        return of_bands ? braces({"NULL", "&" + name, "NULL", "NULL"}) : braces({"&" + name, "NULL"});
    }
    if (const auto* gru = std::get_if<BandGruLayer>(&layer)) {
        const std::string forward = name + "_forward", backward = name + "_backward";
        out += layer_text(forward, gru->forward) + "\n" + layer_text(backward, gru->backward) + "\n";
        return braces({"NULL", "NULL", "&" + forward, "&" + backward});
    }
    const auto& dense = std::get<DenseLayer>(layer);
    out += layer_text(name, dense) + (of_bands ? path_text(name, dense) : "") + "\n";
    return of_bands ? braces({"&" + name + "_on_path", "NULL", "NULL", "NULL"}) : braces({"NULL", "&" + name});
}

/// The layers and the network that names them.
std::string model_text(const Model& model, const std::string& name) {
    const bool of_bands = model.bands > 1;
    std::string out, layers;
    for (std::size_t i = 0; i < model.layers.size(); ++i)
        layers += "    " + add_layer(out, name + "_layer" + std::to_string(i), model.layers[i], of_bands) + ",\n";
    out += "static const " + std::string(of_bands ? "gruve_band_layer " : "gruve_layer ") + name + "_layers[] = {\n" +
           layers + "};\n";
    const std::string count = std::to_string(model.layers.size());
    if (of_bands)
        return out + "static const gruve_bands " + name + " = " + braces({name + "_bands", count, name + "_layers"}) +
               ";\n";
    return out + "static const gruve_model " + name + " = " +
           braces({name + "_input_size", name + "_output_size", count, name + "_layers"}) + ";\n";
}

}  // namespace

std::string c_name(const Preset& preset) {
    std::string out = "preset";
    bool word = false;
    for (char c : preset.name) {
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        const bool plain = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
        if (plain && !word) out += '_';
        if (plain) out += lower;
        word = plain;
    }
    return out;
}

std::string c_name_of_first_stage(const Preset& preset) { return c_name(preset) + "_first_stage"; }

std::string export_c(const Preset& preset) {
    if (const std::string error = check(preset); !error.empty()) throw PresetError(preset.name + ": " + error);
    const std::string name = c_name(preset);
    std::vector<Stage> stages;
    if (const Preset* first = preset.first_stage()) stages.push_back({c_name_of_first_stage(preset), first});
    stages.push_back({name, &preset});
    for (const Stage& stage : stages)
        if (stage.preset->is_float())
            throw PresetError(preset.name + (stage.preset == &preset ? "" : ", first stage") +
                              ": holds the float network, allowed for C is the integer one");
    std::string guard = name + "_h";
    for (char& c : guard) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    std::string out = head_comment(preset, stages) + "#ifndef " + guard + "\n#define " + guard + "\n\n#include \"" +
                      runtimes(stages, "\"\n#include \"") + "\"\n\n";
    for (const Stage& stage : stages)
        out += constants(stage.preset->model, stage.name) + labels(*stage.preset, stage.name) + "\n" +
               model_text(stage.preset->model, stage.name) + "\n";
    return out + "#endif\n";
}

}  // namespace gruve

#include "offline_search/export/export_c.h"

#include <charconv>
#include <initializer_list>
#include <span>

#include "engine/model/packing.h"
#include "engine/preset/check_preset.h"

namespace gruve {
namespace {

constexpr std::size_t numbers_per_line = 24;

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

/// As gruve_memory_size() of gruve_device.h.
std::size_t memory_size(const Model& model) {
    std::size_t states = 0, outputs = 0;
    for (const Layer& layer : model.layers) {
        const auto size = static_cast<std::size_t>(output_size(layer));
        const bool gru = std::holds_alternative<GruLayer>(layer);
        if (gru) states += size;
        if (gru || &layer != &model.layers.back()) outputs += size;
    }
    return states + (outputs + 1) / 2;
}

std::string widths_comment(std::size_t index, const Layer& layer) {
    std::string out = "// layer " + std::to_string(index) + ": ";
    if (const auto* gru = std::get_if<GruLayer>(&layer)) {
        out += "GRU, " + std::to_string(gru->input_size) + " -> " + std::to_string(gru->hidden_size) + ", bits:";
        for (int i = 0; i < operator_count; ++i)
            out.append(" ")
                .append(name_of(static_cast<Operator>(i)))
                .append(" ")
                .append(text_of(gru->width(static_cast<Operator>(i))));
        return out + "\n";
    }
    const auto& dense = std::get<DenseLayer>(layer);
    out += "dense, " + std::to_string(dense.linear.cols) + " -> " + std::to_string(dense.linear.rows) +
           ", bits: weights " + std::to_string(dense.widths.weights) + " pre-activation " +
           std::to_string(dense.widths.pre_activation);
    return out + (dense.activation == Activation::none ? "" : " output " + std::to_string(dense.widths.output)) + "\n";
}

std::string head_comment(const Preset& preset) {
    const Model& model = preset.model;
    std::string out = "// " + comment_text(preset.name) + ": " + comment_text(preset.task) +
                      ". Written by gruve export; run by gruve_device.h.\n";
    out += "// " + std::to_string(parameter_bytes(model).total()) + " bytes of parameters. " +
           comment_text(preset.provenance) + "\n";
    for (std::size_t i = 0; i < model.layers.size(); ++i) out += widths_comment(i, model.layers[i]);
    return out +
           "//\n// Input:  x_q = clamp(floor(x / input_scale + 0.5) + input_zero_point, input_bits bits). Output: y = "
           "y_q "
           "* output_scale.\n";
}

/// Sizes, and the scales of input and output.
std::string constants(const Preset& preset, const std::string& name) {
    const Model& model = preset.model;
    std::string out = "enum {\n";
    const auto constant = [&](const std::string& what, std::size_t value) {
        out += "    " + name + "_" + what + " = " + std::to_string(value) + ",\n";
    };
    constant("input_size", static_cast<std::size_t>(model.input_size()));
    constant("output_size", static_cast<std::size_t>(model.output_size()));
    constant("memory_size", memory_size(model));
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

/// The layers and the model that names them.
std::string model_text(const Model& model, const std::string& name) {
    std::string out, layers;
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const std::string layer = name + "_layer" + std::to_string(i);
        const auto* gru = std::get_if<GruLayer>(&model.layers[i]);
        out += (gru ? layer_text(layer, *gru) : layer_text(layer, std::get<DenseLayer>(model.layers[i]))) + "\n";
        layers += gru ? "    {&" + layer + ", NULL},\n" : "    {NULL, &" + layer + "},\n";
    }
    out += "static const gruve_layer " + name + "_layers[] = {\n" + layers + "};\n";
    return out + "static const gruve_model " + name + " = " +
           braces(
               {name + "_input_size", name + "_output_size", std::to_string(model.layers.size()), name + "_layers"}) +
           ";\n";
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

std::string export_c(const Preset& preset) {
    if (const std::string error = check(preset); !error.empty()) throw PresetError(error);
    if (preset.first_stage()) throw PresetError(preset.name + " has two networks in series, allowed for C is one");
    if (preset.model.bands > 1)
        throw PresetError(preset.name + " is a network of " + std::to_string(preset.model.bands) +
                          " bands, allowed for C is a chain of layers (1 band)");
    const std::string name = c_name(preset);
    std::string guard = name + "_h";
    for (char& c : guard) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return head_comment(preset) + "#ifndef " + guard + "\n#define " + guard + "\n\n#include \"gruve_device.h\"\n\n" +
           constants(preset, name) + labels(preset, name) + "\n" + model_text(preset.model, name) + "\n#endif\n";
}

}  // namespace gruve

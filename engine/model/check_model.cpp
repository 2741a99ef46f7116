#include "engine/model/check_model.h"

#include <cmath>
#include <cstdlib>
#include <string>

#include "engine/model/packing.h"

namespace gruve {
namespace {

constexpr int max_size = 2048;
constexpr std::int64_t largest_activation = 128;  // |x_q| of a signed 8-bit input

std::string out_of_range(const std::string& place, const std::string& what, long long found,
                         const std::string& allowed) {
    return place + ": " + what + " " + std::to_string(found) + ", allowed " + allowed;
}

std::string check_size(const std::string& place, const std::string& what, int size) {
    return size >= 1 && size <= max_size ? "" : out_of_range(place, what, size, "1.." + std::to_string(max_size));
}

std::string check_shift(const std::string& place, const std::string& what, int shift) {
    return shift >= 0 && shift <= max_shift ? "" : out_of_range(place, what, shift, "0.." + std::to_string(max_shift));
}

std::string check_width(const std::string& place, int width, const std::string& allowed, bool fine) {
    return fine ? "" : place + ": " + std::to_string(width) + " bits, allowed " + allowed;
}

std::string check_linear(const std::string& place, const Linear& linear, int rows, int cols) {
    if (linear.rows != rows || linear.cols != cols)
        return place + ": " + std::to_string(linear.rows) + " x " + std::to_string(linear.cols) +
               " weights, expected " + std::to_string(rows) + " x " + std::to_string(cols);
    if (auto error =
            check_width(place, linear.width, allowed_widths(Operator::linear_ir), weight_width_allowed(linear.width));
        !error.empty())
        return error;
    const std::size_t count = static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols);
    if (linear.weights.size() != count)
        return out_of_range(place, "number of weights", static_cast<long long>(linear.weights.size()),
                            std::to_string(count));
    if (linear.multiplier.size() != 1 && linear.multiplier.size() != static_cast<std::size_t>(rows))
        return out_of_range(place, "number of multipliers", static_cast<long long>(linear.multiplier.size()),
                            "1 or " + std::to_string(rows));
    for (std::int16_t multiplier : linear.multiplier)
        if (multiplier < 0) return out_of_range(place, "multiplier", multiplier, "0..32767");
    for (int row = 0; row < rows; ++row) {
        std::int64_t sum = 0;
        for (int col = 0; col < cols; ++col) {
            const int level = linear.weights[static_cast<std::size_t>(row) * static_cast<std::size_t>(cols) +
                                             static_cast<std::size_t>(col)];
            if (!level_allowed(level, linear.width))
                return place + ": weight [" + std::to_string(row) + "][" + std::to_string(col) + "] is " +
                       std::to_string(level) + ", not a level of width " + std::to_string(linear.width);
            sum += std::abs(level);
        }
        if (sum * largest_activation > INT32_MAX)
            return out_of_range(place, "largest accumulator", sum * largest_activation, "below 2^31");
    }
    return "";
}

std::string check_bias(const std::string& place, const Bias& bias, int rows) {
    if (bias.width != 8 && bias.width != 16) return check_width(place, bias.width, "8 or 16", false);
    if (bias.shift < 0 || bias.shift > 30) return out_of_range(place, "shift", bias.shift, "0..30");
    if (bias.values.size() != static_cast<std::size_t>(rows))
        return out_of_range(place, "number of values", static_cast<long long>(bias.values.size()),
                            std::to_string(rows));
    for (std::int16_t value : bias.values)
        if (value != clamp_signed(value, bias.width)) return out_of_range(place, "value", value, "-128..127 at 8 bits");
    return "";
}

std::string check_table(const std::string& place, const Table& table, Activation activation, int input_width,
                        int output_width) {
    const bool is_signed = activation == Activation::tanh;
    if (table.input_width != input_width || table.output_width != output_width)
        return place + ": table of " + std::to_string(table.input_width) + " to " + std::to_string(table.output_width) +
               " bits, expected " + std::to_string(input_width) + " to " + std::to_string(output_width);
    if (table.values.size() != std::size_t{1} << input_width)
        return out_of_range(place, "number of table entries", static_cast<long long>(table.values.size()),
                            std::to_string(1 << input_width));
    for (std::int16_t value : table.values) {
        const int high = is_signed ? signed_max(output_width) : unsigned_max(output_width);
        if (value > high || value < (is_signed ? -high : 0))
            return out_of_range(place, "table entry", value, (is_signed ? "±" : "0..") + std::to_string(high));
    }
    return "";
}

std::string check_requantiser(const std::string& place, const Requantiser& requantiser) {
    if (requantiser.multiplier < 0) return out_of_range(place, "multiplier", requantiser.multiplier, "0..32767");
    return check_shift(place, "shift", requantiser.shift);
}

std::string check_gru(const std::string& layer, const GruLayer& gru) {
    const int inputs = gru.input_size, hidden = gru.hidden_size;
    const auto at = [&](Operator op) { return layer + ", operator " + std::string(name_of(op)); };
    std::string error = check_size(layer, "input size", inputs);
    const auto then = [&](auto&& next) {
        if (error.empty()) error = next();
    };
    then([&] { return check_size(layer, "hidden size", hidden); });
    for (int i = 0; i < operator_count; ++i) {
        const auto op = static_cast<Operator>(i);
        then([&] { return check_width(at(op), gru.width(op), allowed_widths(op), width_allowed(op, gru.width(op))); });
    }
    const auto linear = [&](Operator op, const Linear& l, int cols) {
        then([&] { return check_linear(at(op), l, hidden, cols); });
        then([&] {
            return l.width == gru.width(op) ? ""
                                            : at(op) + ": weights of " + std::to_string(l.width) + " bits, expected " +
                                                  std::to_string(gru.width(op));
        });
    };
    linear(Operator::linear_ir, gru.ir, inputs);
    linear(Operator::linear_iz, gru.iz, inputs);
    linear(Operator::linear_in, gru.in, inputs);
    linear(Operator::linear_hr, gru.hr, hidden);
    linear(Operator::linear_hz, gru.hz, hidden);
    linear(Operator::linear_hn, gru.hn, hidden);
    then([&] { return check_bias(layer + ", bias r", gru.bias_r, hidden); });
    then([&] { return check_bias(layer + ", bias z", gru.bias_z, hidden); });
    then([&] { return check_bias(layer + ", bias n", gru.bias_n, hidden); });
    then([&] { return check_bias(layer + ", bias hn", gru.bias_hn, hidden); });
    then([&] { return check_shift(at(Operator::add_r), "shift", gru.shift_r); });
    then([&] { return check_shift(at(Operator::add_z), "shift", gru.shift_z); });
    then([&] { return check_shift(at(Operator::add_n), "shift", gru.shift_n); });
    then([&] { return check_shift(at(Operator::linear_hn), "shift", gru.shift_hn); });
    then([&] { return check_shift(at(Operator::state), "shift", gru.shift_state); });
    then([&] {
        return check_table(at(Operator::sigmoid_r), gru.table_r, Activation::sigmoid, gru.width(Operator::add_r),
                           gru.width(Operator::sigmoid_r));
    });
    then([&] {
        return check_table(at(Operator::sigmoid_z), gru.table_z, Activation::sigmoid, gru.width(Operator::add_z),
                           gru.width(Operator::sigmoid_z));
    });
    then([&] {
        return check_table(at(Operator::tanh_n), gru.table_n, Activation::tanh, gru.width(Operator::add_n),
                           gru.width(Operator::tanh_n));
    });
    then([&] { return check_requantiser(at(Operator::product_reset), gru.reset); });
    then([&] { return check_requantiser(at(Operator::one_minus_z), gru.one_minus); });
    then([&] { return check_requantiser(at(Operator::product_candidate), gru.candidate); });
    then([&] { return check_requantiser(at(Operator::product_state), gru.keep); });
    then([&] { return check_requantiser(at(Operator::state), gru.copy); });
    then([&] {
        return gru.m_p >= 0 && gru.m_a >= 0 && gru.m_b >= 0
                   ? ""
                   : at(Operator::state) + ": a multiplier is negative, allowed 0..32767";
    });
    return error;
}

std::string check_band_gru(const std::string& layer, const BandGruLayer& gru) {
    const GruLayer &forward = gru.forward, &backward = gru.backward;
    if (std::string error = check_gru(layer + ", forward", forward); !error.empty()) return error;
    if (std::string error = check_gru(layer + ", backward", backward); !error.empty()) return error;
    if (backward.input_size != forward.input_size)
        return out_of_range(layer + ", backward", "input size", backward.input_size,
                            std::to_string(forward.input_size) + " as forward");
    if (backward.hidden_size != forward.hidden_size)
        return out_of_range(layer + ", backward", "hidden size", backward.hidden_size,
                            std::to_string(forward.hidden_size) + " as forward");
    for (int i = 0; i < operator_count; ++i) {
        const auto op = static_cast<Operator>(i);
        if (backward.width(op) != forward.width(op))
            return check_width(layer + ", backward, operator " + std::string(name_of(op)), backward.width(op),
                               std::to_string(forward.width(op)) + " as forward", false);
    }
    return backward.narrow_state == forward.narrow_state
               ? ""
               : layer + ", backward: a state of " + std::to_string(backward.state_bits()) + " bits, allowed " +
                     std::to_string(forward.state_bits()) + " as forward";
}

// The part of a dense layer that only networks of bands have.
std::string check_path(const std::string& place, const DenseLayer& dense, int bands) {
    if (bands == 1 && (dense.adds || dense.lift != 0 || !dense.by_band.values.empty()))
        return place + ": adds, lift or by_band in a network of one band, allowed with 2.." + std::to_string(max_bands);
    if (!dense.by_band.values.empty())
        if (std::string error = check_bias(place + ", by_band", dense.by_band, bands * dense.linear.rows);
            !error.empty())
            return error;
    if (!dense.adds) return dense.lift <= 8 ? "" : out_of_range(place, "lift", dense.lift, "0..8");
    if (dense.lift != 0) return out_of_range(place, "lift of a layer that adds", dense.lift, "0");
    if (dense.activation != Activation::none) return place + ": it adds and has an activation, allowed one of them";
    if (dense.copy_width < min_width || dense.copy_width > max_width)
        return check_width(place + ", copy of the path", dense.copy_width, "2..8", false);
    return check_requantiser(place + ", copy of the path", dense.copy);
}

std::string check_dense(const std::string& place, const DenseLayer& dense, bool last, int bands) {
    const int rows = dense.linear.rows;
    std::string error = check_size(place, "output size", rows);
    const auto then = [&](auto&& next) {
        if (error.empty()) error = next();
    };
    then([&] { return check_size(place, "input size", dense.linear.cols); });
    then([&] {
        return dense.activation <= Activation::tanh
                   ? ""
                   : out_of_range(place, "activation", static_cast<int>(dense.activation), "0..2");
    });
    then([&] { return check_linear(place, dense.linear, rows, dense.linear.cols); });
    then([&] {
        return dense.linear.width == dense.widths.weights
                   ? ""
                   : out_of_range(place, "weight width", dense.linear.width, std::to_string(dense.widths.weights));
    });
    then([&] { return check_bias(place + ", bias", dense.bias, rows); });
    then([&] { return check_shift(place, "shift", dense.shift); });
    const int pre = dense.widths.pre_activation;
    const bool plain_output = last && dense.activation == Activation::none;
    then([&] { return check_path(place, dense, bands); });
    then([&] {
        if (dense.adds) return check_width(place + ", pre-activation", pre, "16 as it adds", pre == wide_width);
        return check_width(place + ", pre-activation", pre, plain_output ? "2..8, 16" : "2..8",
                           (pre >= min_width && pre <= max_width) || (plain_output && pre == wide_width));
    });
    if (dense.activation == Activation::none) {
        then([&] { return dense.table.values.empty() ? "" : place + ": a table without an activation"; });
        return error;
    }
    then([&] {
        return check_width(place + ", output", dense.widths.output, "2..8",
                           dense.widths.output >= min_width && dense.widths.output <= max_width);
    });
    then([&] { return check_table(place, dense.table, dense.activation, pre, dense.widths.output); });
    then([&] {
        return last || dense.activation != Activation::sigmoid
                   ? ""
                   : place + ": a sigmoid is allowed in the last layer only";
    });
    return error;
}

std::string check_layer(const std::string& place, const Model& model, std::size_t i) {
    if (const auto* gru = std::get_if<GruLayer>(&model.layers[i])) return check_gru(place, *gru);
    if (const auto* dense = std::get_if<DenseLayer>(&model.layers[i]))
        return check_dense(place, *dense, i + 1 == model.layers.size(), model.bands);
    if (model.bands == 1)
        return place + ": a GRU over bands in a network of one band, allowed with 2.." + std::to_string(max_bands);
    return check_band_gru(place, std::get<BandGruLayer>(model.layers[i]));
}

// Whether the layer fits those before it. path: channels of the path, 0 before the first layer.
std::string check_order(const std::string& place, const Model& model, std::size_t i, int path) {
    const Layer& layer = model.layers[i];
    const auto* dense = std::get_if<DenseLayer>(&layer);
    const bool first = i == 0, last = i + 1 == model.layers.size(),
               after_gru = !first && !std::holds_alternative<DenseLayer>(model.layers[i - 1]);
    if (model.bands > 1) {
        if ((first || last) && (dense == nullptr || dense->adds))
            return place + ": the " + (first ? "first" : "last") +
                   " layer of a network of bands, allowed is a dense layer that does not add";
        if (dense == nullptr && after_gru) return place + ": a GRU after a GRU, allowed after a dense layer";
        if (dense != nullptr && dense->adds && dense->linear.rows != path)
            return place + ": output size " + std::to_string(dense->linear.rows) +
                   ", but the path that it adds to has " + std::to_string(path) + " channels";
    }
    if (first || input_size(layer) == output_size(model.layers[i - 1])) return "";
    return place + ": input size " + std::to_string(input_size(layer)) + ", but layer " + std::to_string(i - 1) +
           " gives " + std::to_string(output_size(model.layers[i - 1]));
}

}  // namespace

std::string check(const Model& model) {
    if (model.bands < 1 || model.bands > max_bands)
        return out_of_range("model", "bands", model.bands, "1.." + std::to_string(max_bands));
    if (model.layers.empty() || model.layers.size() > static_cast<std::size_t>(most_layers(model.bands)))
        return "model: " + std::to_string(model.layers.size()) + " layers, allowed 1.." +
               std::to_string(most_layers(model.bands));
    const InputQuantiser& input = model.input;
    if (input.bits < min_width || input.bits > max_width) return check_width("input", input.bits, "2..8", false);
    if (!(std::isfinite(input.scale) && input.scale > 0.0f))
        return "input: scale " + std::to_string(input.scale) + ", allowed above 0";
    if (input.zero_point != clamp_signed(input.zero_point, input.bits))
        return out_of_range("input", "zero point", input.zero_point, "the range of its bits");
    if (!(std::isfinite(model.output_scale) && model.output_scale > 0.0f))
        return "output: scale " + std::to_string(model.output_scale) + ", allowed above 0";
    int path = 0;
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const std::string place = "layer " + std::to_string(i);
        std::string error = check_layer(place, model, i);
        if (error.empty()) error = check_order(place, model, i, path);
        if (!error.empty()) return error;
        if (const auto* dense = std::get_if<DenseLayer>(&model.layers[i])) path = dense->linear.rows;
    }
    return "";
}

}  // namespace gruve

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

std::string check_dense(const std::string& place, const DenseLayer& dense, bool last) {
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
    then([&] {
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

}  // namespace

std::string check(const Model& model) {
    if (model.layers.empty() || model.layers.size() > max_layers)
        return "model: " + std::to_string(model.layers.size()) + " layers, allowed 1.." + std::to_string(max_layers);
    const InputQuantiser& input = model.input;
    if (input.bits < min_width || input.bits > max_width) return check_width("input", input.bits, "2..8", false);
    if (!(std::isfinite(input.scale) && input.scale > 0.0f))
        return "input: scale " + std::to_string(input.scale) + ", allowed above 0";
    if (input.zero_point != clamp_signed(input.zero_point, input.bits))
        return out_of_range("input", "zero point", input.zero_point, "the range of its bits");
    if (!(std::isfinite(model.output_scale) && model.output_scale > 0.0f))
        return "output: scale " + std::to_string(model.output_scale) + ", allowed above 0";
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const std::string place = "layer " + std::to_string(i);
        const bool last = i + 1 == model.layers.size();
        const auto* gru = std::get_if<GruLayer>(&model.layers[i]);
        std::string error =
            gru ? check_gru(place, *gru) : check_dense(place, std::get<DenseLayer>(model.layers[i]), last);
        if (!error.empty()) return error;
        if (i > 0 && input_size(model.layers[i]) != output_size(model.layers[i - 1]))
            return place + ": input size " + std::to_string(input_size(model.layers[i])) + ", but layer " +
                   std::to_string(i - 1) + " gives " + std::to_string(output_size(model.layers[i - 1]));
    }
    return "";
}

}  // namespace gruve

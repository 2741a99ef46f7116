#include "offline_search/fine_tuning/tuned_text.h"

#include <cstddef>
#include <cstdint>
#include <variant>

#include "datasets/support/data_error.h"

namespace gruve {
namespace {

/// Calls visit(span) for each array of the weights: all floats of the layers, then each matrix's levels and scales.
template <typename Weights, typename Visit>
void each_array(Weights& weights, const Visit& visit) {
    const auto floats = [&](auto& values) { visit(values.data(), static_cast<std::size_t>(values.size())); };
    for (auto& layer : weights.biases.layers) {
        if (auto* dense = std::get_if<FloatDense>(&layer)) {
            floats(dense->weight), floats(dense->bias);
        } else if (auto* gru = std::get_if<FloatGru>(&layer)) {
            floats(gru->weight_ih), floats(gru->weight_hh), floats(gru->bias_ih), floats(gru->bias_hh);
        }
    }
    for (auto& matrices : weights.matrices)
        for (auto& matrix : matrices) {
            visit(matrix.levels.data(), matrix.levels.size());
            visit(matrix.scale.data(), matrix.scale.size());
        }
}

void append(std::string& text, const void* data, std::size_t bytes) {
    constexpr char digits[] = "0123456789abcdef";
    const auto* values = static_cast<const std::uint8_t*>(data);
    for (std::size_t i = 0; i < bytes; ++i) {
        text += digits[values[i] >> 4];
        text += digits[values[i] & 15];
    }
}

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    throw DataError(std::string("fine-tuned weights: '") + c + "' is no hexadecimal digit");
}

}  // namespace

std::string to_text(const TunedWeights& weights) {
    std::string text;
    each_array(weights, [&](const auto* values, std::size_t count) { append(text, values, count * sizeof *values); });
    return text;
}

TunedWeights tuned_weights_from(const std::string& text, TunedWeights shape) {
    std::size_t needed = 0, at = 0;
    each_array(shape, [&](const auto* values, std::size_t count) { needed += 2 * count * sizeof *values; });
    if (text.size() != needed)
        throw DataError("fine-tuned weights: " + std::to_string(text.size()) + " digits, expected " +
                        std::to_string(needed));
    each_array(shape, [&](auto* values, std::size_t count) {
        auto* bytes = reinterpret_cast<std::uint8_t*>(values);
        for (std::size_t i = 0; i < count * sizeof *values; ++i, at += 2)
            bytes[i] = static_cast<std::uint8_t>(16 * digit(text[at]) + digit(text[at + 1]));
    });
    for (auto& matrices : shape.matrices)
        for (auto& matrix : matrices) matrix.mean_error.assign(matrix.mean_error.size(), 0.0);
    return shape;
}

}  // namespace gruve

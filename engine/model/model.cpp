#include "engine/model/model.h"

#include <algorithm>
#include <cmath>

#include "engine/model/packing.h"

namespace gruve {

int input_size(const Layer& layer) {
    if (const auto* gru = std::get_if<GruLayer>(&layer)) return gru->input_size;
    if (const auto* gru = std::get_if<BandGruLayer>(&layer)) return gru->forward.input_size;
    return std::get<DenseLayer>(layer).linear.cols;
}

int output_size(const Layer& layer) {
    if (const auto* gru = std::get_if<GruLayer>(&layer)) return gru->hidden_size;
    if (const auto* gru = std::get_if<BandGruLayer>(&layer)) return 2 * gru->forward.hidden_size;
    return std::get<DenseLayer>(layer).linear.rows;
}

std::int8_t InputQuantiser::operator()(float x) const noexcept {
    // Limited to the range of int first. floor() would keep compilers from vectorising.
    const float level = std::isnan(x) ? 0.0f : std::clamp(x / scale + 0.5f, -1024.0f, 1024.0f);
    int whole = static_cast<int>(level);
    whole -= static_cast<float>(whole) > level;
    return static_cast<std::int8_t>(
        std::clamp(whole + zero_point, static_cast<int>(signed_min(bits)), static_cast<int>(signed_max(bits))));
}

void InputQuantiser::operator()(std::span<const float> x, std::span<std::int8_t> x_q) const noexcept {
    for (std::size_t i = 0; i < x.size(); ++i) x_q[i] = (*this)(x[i]);
}

namespace {

void add(ParameterBytes& bytes, const Linear& linear) {
    bytes.weights += packed_weight_bytes(linear.weights.size(), linear.width);
    bytes.multipliers += sizeof(std::int16_t) * linear.multiplier.size();
}

void add(ParameterBytes& bytes, const Bias& bias) {
    bytes.biases += packed_field_bytes(bias.values.size(), bias.width);
    bytes.scalars += sizeof bias.shift;
}

void add(ParameterBytes& bytes, const Table& table) {
    bytes.tables += packed_field_bytes(table.values.size(), table.output_width);
}

constexpr std::size_t requantiser_bytes = 3;  // 16-bit multiplier, 8-bit shift

void add(ParameterBytes& bytes, const GruLayer& gru) {
    for (const Linear* linear : {&gru.ir, &gru.iz, &gru.in, &gru.hr, &gru.hz, &gru.hn}) add(bytes, *linear);
    for (const Bias* bias : {&gru.bias_r, &gru.bias_z, &gru.bias_n, &gru.bias_hn}) add(bytes, *bias);
    for (const Table* table : {&gru.table_r, &gru.table_z, &gru.table_n}) add(bytes, *table);
    bytes.scalars += 5 * requantiser_bytes + 3 * sizeof(std::int16_t) + 5;  // m_p, m_a, m_b; five shifts
}

void add(ParameterBytes& bytes, const BandGruLayer& gru) {
    add(bytes, gru.forward);
    add(bytes, gru.backward);
}

void add(ParameterBytes& bytes, const DenseLayer& dense) {
    add(bytes, dense.linear);
    add(bytes, dense.bias);
    if (dense.activation != Activation::none) add(bytes, dense.table);
    bytes.scalars += sizeof dense.shift;
    if (!dense.by_band.values.empty()) add(bytes, dense.by_band);
    if (dense.adds) bytes.scalars += requantiser_bytes;  // copy
}

}  // namespace

ParameterBytes parameter_bytes(const Model& model) {
    ParameterBytes bytes;
    bytes.scalars += sizeof(float) + 2;  // input scale, bits, zero point
    for (const Layer& layer : model.layers) {
        std::visit([&](const auto& l) { add(bytes, l); }, layer);
        if (model.bands > 1 && std::holds_alternative<DenseLayer>(layer)) bytes.scalars += 1;  // lift, or that it adds
    }
    if (model.bands > 1) bytes.scalars += 1;
    return bytes;
}

}  // namespace gruve

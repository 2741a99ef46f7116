// Small valid models and presets for tests, made from a seed: no training, real structure.
#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "engine/packing.h"
#include "engine/preset.h"
#include "engine/tables.h"

namespace gruve::tiny {

using Random = std::mt19937;

inline int between(Random& random, int low, int high) { return low + static_cast<int>(random() % static_cast<unsigned>(high - low + 1)); }

/// Random levels of `width`. With row_multipliers one multiplier per row, else one for the matrix.
inline Linear linear(Random& random, int rows, int cols, int width, bool row_multipliers) {
    std::vector<std::int8_t> levels;
    for (int level = -128; level <= 127; ++level)
        if (level_allowed(level, width)) levels.push_back(static_cast<std::int8_t>(level));
    Linear out{rows, cols, static_cast<std::uint8_t>(width), {}, {}};
    for (int i = 0; i < rows * cols; ++i) out.weights.push_back(levels[random() % levels.size()]);
    // A multiplier that brings a typical sum of products to about 2^21, whatever the size and width.
    const double typical = 40.0 * levels.back() * std::sqrt(static_cast<double>(cols));
    const int usual = std::max(1, static_cast<int>(std::min(30000.0, (1 << 21) / typical)));
    for (int i = 0; i < (row_multipliers ? rows : 1); ++i) out.multiplier.push_back(static_cast<std::int16_t>(between(random, usual / 2, usual)));
    return out;
}

inline Bias bias(Random& random, int rows, int width) {
    Bias out{static_cast<std::uint8_t>(width), static_cast<std::int8_t>(width == 8 ? 13 : 5), {}};
    for (int i = 0; i < rows; ++i) out.values.push_back(static_cast<std::int16_t>(clamp_signed(static_cast<std::int16_t>(random()), width)));
    return out;
}

struct GruOptions {
    GruWidths widths = [] { GruWidths w; w.fill(8); return w; }();
    bool narrow_state = false, row_multipliers = true;
    int bias_width = 16;
};

/// A GRU layer of random weights whose scales are consistent: full scale of every product is 1.
inline GruLayer gru(Random& random, int inputs, int hidden, const GruOptions& options = {}) {
    GruLayer out;
    out.input_size = inputs;
    out.hidden_size = hidden;
    out.narrow_state = options.narrow_state;
    out.widths = options.widths;
    const auto width = [&](Operator op) { return out.width(op); };
    const auto make = [&](Operator op, int cols) { return linear(random, hidden, cols, width(op), options.row_multipliers); };
    out.ir = make(Operator::linear_ir, inputs);
    out.iz = make(Operator::linear_iz, inputs);
    out.in = make(Operator::linear_in, inputs);
    out.hr = make(Operator::linear_hr, hidden);
    out.hz = make(Operator::linear_hz, hidden);
    out.hn = make(Operator::linear_hn, hidden);
    for (Bias* b : {&out.bias_r, &out.bias_z, &out.bias_n, &out.bias_hn}) *b = bias(random, hidden, options.bias_width);
    // Sums of about 2^21 fill the pre-activation's range.
    const auto shift_to = [](int bits) { return static_cast<std::int8_t>(22 - bits); };
    out.shift_r = shift_to(width(Operator::add_r));
    out.shift_z = shift_to(width(Operator::add_z));
    out.shift_n = shift_to(width(Operator::add_n));
    out.shift_hn = shift_to(16);
    const auto table = [&](Activation activation, Operator in, Operator result) {
        return make_table(activation, width(in), width(result), (std::uint64_t{4} << 24) / static_cast<unsigned>(signed_max(width(in))));
    };
    out.table_r = table(Activation::sigmoid, Operator::add_r, Operator::sigmoid_r);
    out.table_z = table(Activation::sigmoid, Operator::add_z, Operator::sigmoid_z);
    out.table_n = table(Activation::tanh, Operator::add_n, Operator::tanh_n);

    const double r_one = unsigned_max(width(Operator::sigmoid_r)), z_one = unsigned_max(width(Operator::sigmoid_z));
    const double n_one = signed_max(width(Operator::tanh_n)), o_one = unsigned_max(width(Operator::one_minus_z));
    const double p_one = signed_max(width(Operator::product_reset));
    const double a_one = signed_max(width(Operator::product_candidate)), b_one = signed_max(width(Operator::product_state));
    const double h_one = signed_max(out.state_bits()), copy_one = signed_max(width(Operator::state));
    out.reset = requantiser_for(p_one / (r_one * 32767.0));
    out.one_minus = requantiser_for(o_one / z_one);
    out.candidate = requantiser_for(a_one / (o_one * n_one));
    out.keep = requantiser_for(b_one / (z_one * h_one));
    out.copy = requantiser_for(copy_one / h_one);
    out.m_p = static_cast<std::int16_t>(std::min(32767.0, (1 << 21) / p_one));
    // Both products share one shift: the finer of the two scales takes the largest multiplier that fits.
    const double a_scale = h_one / a_one, b_scale = h_one / b_one;
    int shift = 0;
    while (shift < 14 && std::max(a_scale, b_scale) * (2 << shift) <= 32767.0) ++shift;
    out.shift_state = static_cast<std::int8_t>(shift);
    out.m_a = static_cast<std::int16_t>(a_scale * (1 << shift) + 0.5);
    out.m_b = static_cast<std::int16_t>(b_scale * (1 << shift) + 0.5);
    return out;
}

/// pre_activation 16 only for a last layer without activation.
inline DenseLayer dense(Random& random, int inputs, int outputs, Activation activation, const DenseWidths& widths = {}, bool row_multipliers = true) {
    DenseLayer out;
    out.activation = activation;
    out.widths = widths;
    out.linear = linear(random, outputs, inputs, widths.weights, row_multipliers);
    out.bias = bias(random, outputs, 16);
    out.shift = static_cast<std::int8_t>(22 - widths.pre_activation);
    if (activation != Activation::none)
        out.table = make_table(activation, widths.pre_activation, widths.output, (std::uint64_t{4} << 24) / static_cast<unsigned>(signed_max(widths.pre_activation)));
    return out;
}

/// GRU → dense without activation (16-bit logits).
inline Model classifier(unsigned seed, int inputs, int hidden, int outputs, const GruOptions& options = {}) {
    Random random(seed);
    Model model;
    model.input = {8, 1.0f / 32, 0};
    model.layers.emplace_back(gru(random, inputs, hidden, options));
    model.layers.emplace_back(dense(random, hidden, outputs, Activation::none, {8, wide_width, 8}));
    model.output_scale = 1.0f / 4096;
    return model;
}

/// dense tanh → GRU → dense σ: the denoiser's shape.
inline Model gain_network(unsigned seed, int inputs, int hidden, int outputs, const GruOptions& options = {}) {
    Random random(seed);
    Model model;
    model.input = {8, 1.0f / 32, 0};
    model.layers.emplace_back(dense(random, inputs, hidden, Activation::tanh));
    model.layers.emplace_back(gru(random, hidden, hidden, options));
    model.layers.emplace_back(dense(random, hidden, outputs, Activation::sigmoid));
    model.output_scale = 1.0f / 255;
    return model;
}

inline Preset keyword_preset(unsigned seed = 1, int hidden = 16) {
    Preset preset;
    preset.name = "tiny keywords " + std::to_string(seed);
    preset.task = "words";
    preset.kind = TaskKind::keywords;
    preset.labels = {"other", "yes", "no"};
    preset.rate_hz = 16000;
    preset.detection.threshold = {1.0f, 0.5f, 0.5f};
    preset.provenance = "random weights for tests";
    preset.model = classifier(seed, preset.log_mel.bands, hidden, 3);
    return preset;
}

inline Preset denoise_preset(unsigned seed = 1, int hidden = 16) {
    Preset preset;
    preset.name = "tiny denoiser " + std::to_string(seed);
    preset.task = "denoise";
    preset.kind = TaskKind::denoise;
    preset.rate_hz = 16000;
    preset.provenance = "random weights for tests";
    preset.model = gain_network(seed, 2 * preset.denoiser.bands, hidden, preset.denoiser.bands);
    return preset;
}

}  // namespace gruve::tiny

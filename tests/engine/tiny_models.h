// Valid models from a seed: random weights, and scales at which every operator uses its range.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "engine/kernels/network.h"
#include "engine/model/packing.h"
#include "engine/model/tables.h"
#include "engine/preset/preset.h"

namespace gruve::tiny {

using Random = std::mt19937_64;

inline int uniform(Random& random, int low, int high) {
    return low + static_cast<int>(random() % static_cast<std::uint64_t>(high - low + 1));
}

/// Any level of `width`.
inline std::int8_t random_level(Random& random, int width) {
    const int largest = width == binary_width || width == ternary_width ? 1
                        : width <= 3                                    ? unsigned_max(width)
                                                                        : signed_max(width);
    int level = 0;
    do level = uniform(random, -largest, largest);
    while (!level_allowed(level, width));
    return static_cast<std::int8_t>(level);
}

inline Linear random_linear(Random& random, int rows, int cols, int width, bool row_multipliers = true) {
    Linear linear{rows, cols, static_cast<std::uint8_t>(width), {}, {}};
    linear.weights.resize(static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols));
    for (auto& level : linear.weights) level = random_level(random, width);
    linear.multiplier.resize(row_multipliers ? static_cast<std::size_t>(rows) : 1);
    for (auto& m : linear.multiplier) m = static_cast<std::int16_t>(uniform(random, 8192, 32767));
    return linear;
}

/// `count` values of −size..size.
inline std::vector<float> random_floats(Random& random, int count, float size) {
    std::vector<float> values(static_cast<std::size_t>(count));
    for (float& value : values) value = size * static_cast<float>(uniform(random, -1 << 20, 1 << 20)) * 0x1p-20f;
    return values;
}

/// Weights at which the gates open and close.
inline FloatModel::Gru random_float_gru(Random& random, int inputs, int hidden) {
    const float size = 2.0f / std::sqrt(static_cast<float>(inputs + hidden));
    return {inputs,
            hidden,
            random_floats(random, 3 * hidden * inputs, size),
            random_floats(random, 3 * hidden * hidden, size),
            random_floats(random, 3 * hidden, 1.0f),
            random_floats(random, 3 * hidden, 1.0f)};
}

inline double root_mean_square(const std::vector<std::int8_t>& levels) {
    double sum = 0;
    for (int level : levels) sum += level * level;
    return std::sqrt(sum / static_cast<double>(levels.size()));
}

/// Standard deviation of acc · multiplier for inputs with standard deviation `input`.
inline double spread_of(const Linear& linear, double input) {
    return root_mean_square(linear.weights) * std::sqrt(linear.cols) * input * 20000.0;
}

/// The shift after which the standard deviation `sum` becomes about a third of the signed range of `bits` bits.
inline std::int8_t shift_for(double sum, int bits) {
    return static_cast<std::int8_t>(
        std::clamp<long>(std::lround(std::log2(std::max(1.0, 3.0 * sum / signed_max(bits)))), 0, max_shift));
}

/// Biases up to about a quarter of `sum`.
inline Bias random_bias(Random& random, int rows, double sum, int width = 16) {
    Bias bias{static_cast<std::uint8_t>(width), 0, {}};
    bias.shift = static_cast<std::int8_t>(
        std::clamp<long>(std::lround(std::log2(std::max(1.0, 0.25 * sum / signed_max(width)))), 0, 30));
    for (int i = 0; i < rows; ++i)
        bias.values.push_back(static_cast<std::int16_t>(uniform(random, -signed_max(width), signed_max(width))));
    return bias;
}

/// A table over −6..6, the range in which σ and tanh are not flat.
inline Table bent_table(Activation activation, int input_width, int output_width) {
    return make_table(activation, input_width, output_width,
                      static_cast<std::uint64_t>(6.0 * (1 << 24) / (1 << (input_width - 1))));
}

inline DenseLayer random_dense(Random& random, int inputs, int outputs, Activation activation,
                               DenseWidths widths = {}) {
    DenseLayer dense;
    dense.activation = activation;
    dense.widths = widths;
    dense.linear = random_linear(random, outputs, inputs, widths.weights);
    const double sum = spread_of(dense.linear, 40);
    dense.bias = random_bias(random, outputs, sum);
    dense.shift = shift_for(sum, widths.pre_activation);
    if (activation != Activation::none) dense.table = bent_table(activation, widths.pre_activation, widths.output);
    return dense;
}

inline GruWidths all_widths(int width) {
    GruWidths widths;
    widths.fill(static_cast<std::uint8_t>(width));
    return widths;
}

/// Any widths that a GRU may have, including binary, ternary and 16 bits.
inline GruWidths random_widths(Random& random) {
    GruWidths widths;
    for (int i = 0; i < operator_count; ++i) {
        int width = 0;
        do width = uniform(random, 1, wide_width);
        while (!width_allowed(static_cast<Operator>(i), width));
        widths[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(width);
    }
    return widths;
}

inline GruLayer random_gru(Random& random, int inputs, int hidden, const GruWidths& widths, bool narrow_state = false,
                           bool row_multipliers = true, int bias_width = 16) {
    GruLayer gru;
    gru.input_size = inputs;
    gru.hidden_size = hidden;
    gru.narrow_state = narrow_state;
    gru.widths = widths;
    const auto width = [&](Operator op) { return gru.width(op); };
    const auto linear = [&](Operator op, int cols) {
        return random_linear(random, hidden, cols, width(op), row_multipliers);
    };
    gru.ir = linear(Operator::linear_ir, inputs);
    gru.iz = linear(Operator::linear_iz, inputs);
    gru.in = linear(Operator::linear_in, inputs);
    gru.hr = linear(Operator::linear_hr, hidden);
    gru.hz = linear(Operator::linear_hz, hidden);
    gru.hn = linear(Operator::linear_hn, hidden);

    const double copy_spread = 0.4 * signed_max(width(Operator::state));
    const auto gate = [&](const Linear& input, const Linear& recurrent, Operator add, Bias& bias, std::int8_t& shift) {
        const double sum = std::hypot(spread_of(input, 40), spread_of(recurrent, copy_spread));
        bias = random_bias(random, hidden, sum, bias_width);
        shift = shift_for(sum, width(add));
    };
    gate(gru.ir, gru.hr, Operator::add_r, gru.bias_r, gru.shift_r);
    gate(gru.iz, gru.hz, Operator::add_z, gru.bias_z, gru.shift_z);
    const double hn_sum = spread_of(gru.hn, copy_spread), in_sum = spread_of(gru.in, 40);
    gru.bias_hn = random_bias(random, hidden, hn_sum, bias_width);
    gru.shift_hn = shift_for(hn_sum, 16);
    gru.bias_n = random_bias(random, hidden, in_sum, bias_width);
    gru.shift_n = shift_for(1.4 * in_sum, width(Operator::add_n));
    gru.table_r = bent_table(Activation::sigmoid, width(Operator::add_r), width(Operator::sigmoid_r));
    gru.table_z = bent_table(Activation::sigmoid, width(Operator::add_z), width(Operator::sigmoid_z));
    gru.table_n = bent_table(Activation::tanh, width(Operator::add_n), width(Operator::tanh_n));

    const int sigmoid_r = unsigned_max(width(Operator::sigmoid_r)),
              sigmoid_z = unsigned_max(width(Operator::sigmoid_z));
    const int product = signed_max(width(Operator::product_reset)),
              one_minus = unsigned_max(width(Operator::one_minus_z));
    const int candidate = signed_max(width(Operator::product_candidate)),
              keep = signed_max(width(Operator::product_state));
    const int state = signed_max(gru.state_bits()), copy = signed_max(width(Operator::state));
    gru.reset = requantiser_for(2.0 * product / (sigmoid_r * 32767.0));
    gru.m_p = static_cast<std::int16_t>(std::clamp(in_sum / product, 1.0, 32767.0));
    gru.one_minus = requantiser_for(static_cast<double>(one_minus) / sigmoid_z);
    gru.candidate = requantiser_for(static_cast<double>(candidate) /
                                    (static_cast<double>(one_minus) * signed_max(width(Operator::tanh_n))));
    gru.keep = requantiser_for(static_cast<double>(keep) / (static_cast<double>(sigmoid_z) * state));
    const double per_a = static_cast<double>(state) / candidate, per_b = static_cast<double>(state) / keep;
    gru.shift_state = static_cast<std::int8_t>(std::max(0.0, std::floor(std::log2(32767.0 / std::max(per_a, per_b)))));
    gru.m_a = static_cast<std::int16_t>(std::lround(std::ldexp(per_a, gru.shift_state)));
    gru.m_b = static_cast<std::int16_t>(std::lround(std::ldexp(per_b, gru.shift_state)));
    gru.copy = requantiser_for(static_cast<double>(copy) / state);
    return gru;
}

/// A dense layer whose outputs are always `values`.
inline DenseLayer constant_dense(int inputs, const std::vector<std::int16_t>& values) {
    const int outputs = static_cast<int>(values.size());
    DenseLayer dense;
    dense.widths.pre_activation = wide_width;
    dense.linear = {outputs, inputs, 8, std::vector<std::int8_t>(static_cast<std::size_t>(outputs * inputs), 0), {0}};
    dense.bias = {16, 0, values};
    return dense;
}

/// dense tanh → GRU → dense with `last`; outputs scaled to 0..1 (σ), ±1 (tanh) or about ±8 (logits).
inline Model random_model(std::uint64_t seed, int inputs, int hidden, int outputs, Activation last,
                          const GruWidths& widths = all_widths(8)) {
    Random random(seed);
    Model model;
    model.input = {8, 3.0f / 127.0f, 0};
    model.layers.push_back(random_dense(random, inputs, hidden, Activation::tanh));
    model.layers.push_back(random_gru(random, hidden, hidden, widths));
    model.layers.push_back(random_dense(random, hidden, outputs, last));
    model.output_scale = last == Activation::sigmoid ? 1.0f / 255.0f
                         : last == Activation::tanh  ? 1.0f / 127.0f
                                                     : 8.0f / 127.0f;
    return model;
}

/// With a comb, like the factory's denoisers: mixes in the signal one period of the voice earlier.
inline DenoiserConfig with_comb(DenoiserConfig config = {}) {
    config.periodicity = config.comb = true;
    return config;
}

/// A sound preset with a random model.
inline std::shared_ptr<const Preset> denoiser_preset(std::uint64_t seed, DenoiserConfig config = {}, int hidden = 24) {
    Preset preset;
    preset.name = "tiny denoiser";
    preset.task = "denoise";
    preset.kind = TaskKind::denoise;
    preset.rate_hz = 16000;
    preset.denoiser = config;
    preset.model = random_model(seed, config.features(), hidden, config.outputs(), Activation::sigmoid);
    return std::make_shared<const Preset>(std::move(preset));
}

/// Every band's gain is always `value` · `scale` and, with a comb, its share `share` · `scale`.
inline std::shared_ptr<const Preset> constant_gain_preset(std::int16_t value, float scale, DenoiserConfig config = {},
                                                          std::int16_t share = 0) {
    Preset preset = *denoiser_preset(1, config, 2);
    preset.model.layers.clear();
    std::vector<std::int16_t> outputs(static_cast<std::size_t>(config.outputs()), share);
    std::fill_n(outputs.begin(), config.bands, value);
    preset.model.layers.emplace_back(constant_dense(config.features(), outputs));
    preset.model.output_scale = scale;
    return std::make_shared<const Preset>(std::move(preset));
}

/// A front end with features relative to noise floors, like those of live presets.
inline LogMelConfig from_noise_floors() {
    LogMelConfig config;
    config.rise_s = 3.0f, config.fall_s = 0.3f, config.least_db = -10.0f;
    config.offset_db = -15.0f, config.scale_db = 15.0f;
    return config;
}

inline std::shared_ptr<const Preset> keyword_preset(std::uint64_t seed, float threshold = 0.5f, int labels = 5,
                                                    int hidden = 24) {
    Preset preset;
    preset.name = "tiny keywords";
    preset.task = "words";
    preset.kind = TaskKind::keywords;
    preset.rate_hz = 16000;
    preset.labels.emplace_back("other");
    while (static_cast<int>(preset.labels.size()) < labels)
        preset.labels.push_back(std::string("word ").append(std::to_string(preset.labels.size())));
    preset.detection.threshold.assign(static_cast<std::size_t>(labels), threshold);
    preset.model = random_model(seed, preset.log_mel.bands, hidden, labels, Activation::none);
    return std::make_shared<const Preset>(std::move(preset));
}

/// Constant posteriors: softmax of `logits` · `scale`.
inline std::shared_ptr<const Preset> constant_word_preset(const std::vector<std::int16_t>& logits, float scale,
                                                          DetectionConfig detection) {
    Preset preset = *keyword_preset(1, 0.5f, static_cast<int>(logits.size()), 2);
    detection.threshold = preset.detection.threshold;
    preset.detection = detection;
    preset.model.layers.clear();
    preset.model.layers.emplace_back(constant_dense(preset.log_mel.bands, logits));
    preset.model.output_scale = scale;
    return std::make_shared<const Preset>(std::move(preset));
}

/// Detects word 2 of 3 in any sound (48 dB above the front end's floor in one of its 40 bands, or 1 dB in all), and
/// none in silence.
inline std::shared_ptr<const Preset> loud_word_preset(const DetectionConfig& detection) {
    Preset preset = *constant_word_preset({0, -1000, 2460}, 0.1f, detection);
    Linear& linear = std::get<DenseLayer>(preset.model.layers.front()).linear;
    linear.multiplier = {1};
    std::fill(linear.weights.begin() + 2 * linear.cols, linear.weights.end(), std::int8_t{1});
    return std::make_shared<const Preset>(std::move(preset));
}

/// GRU → dense in float, like the networks from which presets are made.
inline FloatModel random_float_model(std::uint64_t seed, int inputs, int hidden, int outputs, Activation activation) {
    Random random(seed);
    const auto values = [&](int count, double deviation) {
        std::normal_distribution<float> normal(0.0f, static_cast<float>(deviation));
        std::vector<float> made(static_cast<std::size_t>(count));
        for (float& x : made) x = normal(random);
        return made;
    };
    const double spread = 1.0 / std::sqrt(hidden);
    FloatModel model;
    model.layers.emplace_back(FloatModel::Gru{inputs, hidden, values(3 * hidden * inputs, spread),
                                              values(3 * hidden * hidden, spread), values(3 * hidden, 0.3),
                                              values(3 * hidden, 0.3)});
    model.layers.emplace_back(
        FloatModel::Dense{activation, hidden, outputs, values(outputs * hidden, spread), values(outputs, 0.1)});
    return model;
}

/// `preset` with a float network in place of its integer network.
inline std::shared_ptr<const Preset> as_float(Preset preset, std::uint64_t seed, int hidden = 16) {
    const Activation activation = preset.kind == TaskKind::denoise ? Activation::sigmoid : Activation::none;
    preset.float_model =
        random_float_model(seed, preset.model.input_size(), hidden, preset.model.output_size(), activation);
    preset.model = {};
    return std::make_shared<const Preset>(std::move(preset));
}

inline std::shared_ptr<const Network> network_of(const std::shared_ptr<const Preset>& preset) {
    return std::make_shared<const Network>(preset->model);
}

}  // namespace gruve::tiny

// A quantised network as plain, immutable data. reference.h (the specification) and network.h (the fast one) run it.
//
// Running it needs no real numbers. In this file, x_q is the integer that represents the real value x.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "engine/model/fixed_point.h"
#include "engine/model/operators.h"

namespace gruve {

/// Weights of one matrix product, acc[row] = Σ_col weights[row·cols + col] · x_q[col].
/// Levels of b bits: for b = 2, 3 the odd integers −(2^b−1)..2^b−1 (half-integer levels times two), for b = 4..8
/// −(2^(b−1)−1)..2^(b−1)−1; ternary −1, 0, 1; binary −1, 1.
struct Linear {
    int rows = 0, cols = 0;
    std::uint8_t width = 8;
    std::vector<std::int8_t> weights;      // rows × cols, unpacked levels
    std::vector<std::int16_t> multiplier;  // one per row, or one for the whole matrix; 0..32767
    std::int16_t multiplier_of(int row) const {
        return multiplier.size() == 1 ? multiplier[0] : multiplier[static_cast<std::size_t>(row)];
    }
    bool operator==(const Linear&) const = default;
};

/// Biases, one per row. bias << shift is added to the sum of the products after their multipliers.
struct Bias {
    std::uint8_t width = 16;  // stored at 8 or 16 bits
    std::int8_t shift = 0;
    std::vector<std::int16_t> values;
    std::int64_t at(int row) const {
        return static_cast<std::int64_t>(values[static_cast<std::size_t>(row)]) * (std::int64_t{1} << shift);
    }
    bool operator==(const Bias&) const = default;
};

/// σ or tanh as a table: the value for pre_q is values[pre_q − signed_min(input_width)].
struct Table {
    std::uint8_t input_width = 8, output_width = 8;
    // 2^input_width entries of b = output_width bits. σ: 0..2^b−1 represent 0..1; tanh: ±(2^(b−1)−1) represent ±1.
    std::vector<std::int16_t> values;
    std::int16_t at(std::int32_t pre_q) const {
        return values[static_cast<std::size_t>(pre_q - signed_min(input_width))];
    }
    bool operator==(const Table&) const = default;
};

/// One GRU layer in PyTorch's form, with the reset gate after the recurrent product. acc_xy is the integer product of
/// linear xy and m_xy its multiplier.
///
///     r_pre = clamp(round_shift(acc_ir·m_ir + acc_hr·m_hr + b_r, shift_r), add_r bits)           r = table_r[r_pre]
///     z_pre = clamp(round_shift(acc_iz·m_iz + acc_hz·m_hz + b_z, shift_z), add_z bits)           z = table_z[z_pre]
///     hn    = clamp(round_shift(acc_hn·m_hn + b_hn, shift_hn), 16 bits)
///     p     = clamp(reset(r·hn), product_reset bits)
///     n_pre = clamp(round_shift(acc_in·m_in + p·m_p + b_n, shift_n), add_n bits)                 n = table_n[n_pre]
///     o     = clamp_unsigned(one_minus((2^σz−1) − z), one_minus_z bits)
///     a     = clamp(candidate(o·n), product_candidate bits)       b = clamp(keep(z·h), product_state bits)
///     h'    = clamp(round_shift(a·m_a + b·m_b, shift_state), 16 bits, or `state` bits with narrow_state)
///     copy  = clamp(copy(h'), state bits), which the next step's products and the next layer read
struct GruLayer {
    int input_size = 0, hidden_size = 0;
    bool narrow_state = false;  // the strict scheme of arXiv 2402.12263: h itself has only `state` bits
    GruWidths widths{};
    Linear ir, iz, in, hr, hz, hn;  // i*: hidden_size × input_size, h*: hidden_size × hidden_size
    Bias bias_r, bias_z, bias_n, bias_hn;
    std::int8_t shift_r = 0, shift_z = 0, shift_n = 0, shift_hn = 0;
    Table table_r, table_z, table_n;
    Requantiser reset, one_minus, candidate, keep, copy;
    std::int16_t m_p = 0;           // from product_reset to the sum of add_n
    std::int16_t m_a = 0, m_b = 0;  // from the two products to the state
    std::int8_t shift_state = 0;

    int width(Operator op) const { return widths[static_cast<std::size_t>(op)]; }
    int state_bits() const { return narrow_state ? width(Operator::state) : 16; }
    bool operator==(const GruLayer&) const = default;
};

enum class Activation : std::uint8_t { none, sigmoid, tanh };

/// y_pre = clamp(round_shift(acc·m + b, shift), pre_activation bits). With an activation, y = table[y_pre]. Without
/// one, y = y_pre, at up to 16 bits.
///
/// In a network of bands, b is the bias plus the band's own one, and every layer but the last works on the path
/// (Model), 16 bits in each of its rows:
///     without adds    path = y << lift                                            next = y
///     with adds       path = clamp(path + y, 16 bits), where y has 16 bits        next = clamp(copy(path), copy_width)
/// `next` is what the layer after it reads.
struct DenseLayer {
    Activation activation = Activation::none;
    DenseWidths widths;
    Linear linear;  // output_size × input_size
    Bias bias;
    std::int8_t shift = 0;
    Table table;  // empty without activation
    // Networks of bands only:
    Bias by_band;                 // empty, or bands · output_size values, those of a band side by side
    bool adds = false;            // to the path; the layer then has no activation
    std::uint8_t lift = 0;        // without adds: 0..8
    Requantiser copy;             // with adds
    std::uint8_t copy_width = 8;  // with adds: 2..8
    bool operator==(const DenseLayer&) const = default;
};

/// In each frame, a GRU over the bands 0, 1, 2, … and one over them in reverse, both from h = 0 at their first band.
/// Outputs of a band: forward's copy, then backward's. Both directions have the same sizes and widths.
struct BandGruLayer {
    GruLayer forward, backward;
    bool operator==(const BandGruLayer&) const = default;
};

using Layer = std::variant<DenseLayer, GruLayer, BandGruLayer>;
/// Layers of a chain, of a network of bands, and its bands.
inline constexpr int max_layers = 8, max_layers_of_bands = 24, max_bands = 128;
/// The most layers that a network with this number of bands may have.
constexpr int most_layers(int bands) { return bands > 1 ? max_layers_of_bands : max_layers; }

/// Of one band.
int input_size(const Layer&);
int output_size(const Layer&);

/// x_q = clamp(round_half_up(x / scale) + zero_point, bits). The first layer's biases already account for the zero
/// point.
struct InputQuantiser {
    std::uint8_t bits = 8;
    float scale = 1.0f;
    std::int8_t zero_point = 0;
    /// NaN gives the zero point.
    std::int8_t operator()(float x) const noexcept;
    /// The same for all values of x. Both spans have the same size.
    void operator()(std::span<const float> x, std::span<std::int8_t> x_q) const noexcept;
    bool operator==(const InputQuantiser&) const = default;
};

/// A chain of layers. Layers pass signed 8-bit integers on, so that only the last dense layer may have σ. The last
/// layer's outputs are int16: y = y_q · output_scale.
///
/// With more than one band, a network of bands (a dual-path network: Luo, Chen and Yoshioka, "Dual-path RNN", 2020).
/// Every layer acts on each band's channels alone, with weights that the bands share; only a BandGruLayer passes
/// something from band to band. A GruLayer has a state for each band. Value f of band b is the network's input
/// f·bands + b, and outputs lie in the same order. The first and the last layer are dense. Every other dense layer
/// leaves the *path*: the first one starts it, and later ones start it anew or add to it. GRU layers read the path; a
/// dense layer reads the GRU before it, or the path if there is none in between.
struct Model {
    InputQuantiser input;
    std::vector<Layer> layers;
    float output_scale = 1.0f;
    int bands = 1;  // 1..max_bands

    int input_size() const { return layers.empty() ? 0 : bands * gruve::input_size(layers.front()); }
    int output_size() const { return layers.empty() ? 0 : bands * gruve::output_size(layers.back()); }
    bool operator==(const Model&) const = default;
};

/// Bytes that a device must store to run a model: packed weights, biases, multipliers, tables, and scalars such as
/// shifts.
struct ParameterBytes {
    std::size_t weights = 0, biases = 0, multipliers = 0, tables = 0, scalars = 0;
    std::size_t total() const { return weights + biases + multipliers + tables + scalars; }
};
ParameterBytes parameter_bytes(const Model&);

}  // namespace gruve

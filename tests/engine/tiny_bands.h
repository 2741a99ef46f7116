// Valid networks of bands from a seed, integer and float.
#pragma once

#include "tests/engine/tiny_models.h"

namespace gruve::tiny {

/// Sizes of a network of bands: inputs → channels → blocks of [GRU over bands, `hidden` each way → GRU over time of
/// `channels`] → outputs.
struct BandSizes {
    int bands = 5, inputs = 3, channels = 8, hidden = 4, blocks = 2, outputs = 2;
};

/// A bias of each band and row.
inline Bias random_by_band(Random& random, int bands, const DenseLayer& dense, int width = 8) {
    return random_bias(random, bands * dense.linear.rows, spread_of(dense.linear, 40), width);
}

/// Adds to the path; its sums reach about a third of 16 bits.
inline DenseLayer random_adding_dense(Random& random, int inputs, int outputs, int width, int copy_width) {
    DenseLayer dense =
        random_dense(random, inputs, outputs, Activation::none, {static_cast<std::uint8_t>(width), wide_width, 8});
    dense.adds = true;
    dense.copy_width = static_cast<std::uint8_t>(copy_width);
    dense.copy = requantiser_for(signed_max(copy_width) / 32767.0);
    return dense;
}

inline BandGruLayer random_band_gru(Random& random, int inputs, int hidden, const GruWidths& widths,
                                    bool narrow_state = false) {
    return {random_gru(random, inputs, hidden, widths, narrow_state),
            random_gru(random, inputs, hidden, widths, narrow_state)};
}

/// widths: called for each GRU layer. Every other adding layer has a bias by band, too.
template <class Widths>
Model random_bands(Random& random, const BandSizes& sizes, Widths widths, Activation last = Activation::sigmoid) {
    Model model;
    model.bands = sizes.bands;
    model.input = {8, 3.0f / 127.0f, 0};
    const auto weight_width = [&] { return int{widths()[0]}; };
    const auto copy_width = [&] { return int{widths()[static_cast<std::size_t>(Operator::state)]}; };
    DenseLayer first = random_dense(random, sizes.inputs, sizes.channels, Activation::tanh);
    first.by_band = random_by_band(random, sizes.bands, first);
    first.lift = static_cast<std::uint8_t>(uniform(random, 4, 8));
    model.layers.emplace_back(first);
    for (int block = 0; block < sizes.blocks; ++block) {
        model.layers.emplace_back(random_band_gru(random, sizes.channels, sizes.hidden, widths(), block % 2 == 1));
        model.layers.emplace_back(
            random_adding_dense(random, 2 * sizes.hidden, sizes.channels, weight_width(), copy_width()));
        model.layers.emplace_back(random_gru(random, sizes.channels, sizes.channels, widths()));
        DenseLayer adding = random_adding_dense(random, sizes.channels, sizes.channels, weight_width(), copy_width());
        if (block % 2 == 0) adding.by_band = random_by_band(random, sizes.bands, adding, 16);
        model.layers.emplace_back(adding);
    }
    model.layers.emplace_back(random_dense(random, sizes.channels, sizes.outputs, last));
    model.output_scale = 1.0f / 255.0f;
    return model;
}

inline Model random_bands(std::uint64_t seed, const BandSizes& sizes, int width = 8) {
    Random random(seed);
    return random_bands(random, sizes, [&] { return all_widths(width); });
}

inline FloatModel::Dense random_float_dense(Random& random, int inputs, int outputs, Activation activation) {
    const float size = 1.0f / std::sqrt(static_cast<float>(inputs));
    return {activation,
            inputs,
            outputs,
            random_floats(random, inputs * outputs, size),
            random_floats(random, outputs, size),
            {},
            false};
}

/// The same layers in float.
inline FloatModel random_float_bands(std::uint64_t seed, const BandSizes& sizes) {
    Random random(seed);
    FloatModel model;
    model.bands = sizes.bands;
    const auto dense = [&](int inputs, int outputs, Activation activation, bool adds, bool by_band) {
        FloatModel::Dense made = random_float_dense(random, inputs, outputs, activation);
        made.adds = adds;
        if (by_band) made.by_band = random_floats(random, outputs * sizes.bands, 0.5f);
        model.layers.emplace_back(made);
    };
    dense(sizes.inputs, sizes.channels, Activation::tanh, false, true);
    for (int block = 0; block < sizes.blocks; ++block) {
        model.layers.emplace_back(FloatModel::BandGru{random_float_gru(random, sizes.channels, sizes.hidden),
                                                      random_float_gru(random, sizes.channels, sizes.hidden)});
        dense(2 * sizes.hidden, sizes.channels, Activation::none, true, false);
        model.layers.emplace_back(random_float_gru(random, sizes.channels, sizes.channels));
        dense(sizes.channels, sizes.channels, Activation::none, true, block % 2 == 0);
    }
    dense(sizes.channels, sizes.outputs, Activation::sigmoid, false, false);
    return model;
}

}  // namespace gruve::tiny

// A small network of bands with every kind of layer, for tests.
#pragma once

#include "offline_search/training/backprop.h"

namespace gruve {

/// 3 bands of 2 values each give 2 values each.
inline FloatNetwork small_network_of_bands() {
    FloatNetwork network;
    network.bands = 3;
    FloatDense first = random_dense(2, 4, Activation::tanh, 1), added = random_dense(4, 4, Activation::none, 3),
               again = random_dense(4, 4, Activation::none, 5);
    first.by_band = random_dense(3, 4, Activation::none, 7).weight;
    added.adds = again.adds = true;
    again.by_band = random_dense(3, 4, Activation::none, 8).weight;
    network.layers = {
        first, random_band_gru(4, 2, 2), added, random_gru(4, 4, 4), again, random_dense(4, 2, Activation::sigmoid, 6)};
    return network;
}

}  // namespace gruve

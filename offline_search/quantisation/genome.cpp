#include "offline_search/quantisation/genome.h"

namespace gruve {

Genome homogeneous(const FloatNetwork& network, int width) {
    const auto bits = static_cast<std::uint8_t>(width);
    Genome genome;
    genome.input = bits;
    for (const FloatLayer& layer : network.layers) {
        Genome::Layer widths;
        widths.gru.fill(bits);
        widths.dense = {bits, bits, bits};
        widths.sum = bits;
        if (const auto* dense = std::get_if<FloatDense>(&layer);
            dense && dense->activation == Activation::none && (dense->adds || &layer == &network.layers.back()))
            widths.dense = {bits, wide_width, 8};
        genome.layers.push_back(widths);
    }
    return genome;
}

}  // namespace gruve

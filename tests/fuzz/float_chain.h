// What every importer of float networks promises of the network that it returns.
#pragma once

#include <cstdlib>

#include "offline_search/network/float_network.h"

namespace gruve::fuzz {

/// Aborts unless the layers are a chain whose sizes agree, of finite values.
inline void expect_chain(const FloatNetwork& network) {
    Eigen::Index inputs = 0;
    for (const auto& layer : network.layers) {
        const auto* gru = std::get_if<FloatGru>(&layer);
        const auto& input = gru ? gru->weight_ih : std::get<FloatDense>(layer).weight;
        if (inputs != 0 && input.cols() != inputs) std::abort();
        if (gru && (gru->weight_hh.rows() != 3 * gru->weight_hh.cols() || gru->bias_ih.size() != gru->weight_ih.rows()))
            std::abort();
        inputs = gru ? gru->weight_hh.cols() : input.rows();
        if (!input.allFinite()) std::abort();
    }
    if (inputs == 0) std::abort();
}

}  // namespace gruve::fuzz

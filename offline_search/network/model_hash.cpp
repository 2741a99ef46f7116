#include "offline_search/network/model_hash.h"

#include <variant>

#include "offline_search/network/matrix_hash.h"

namespace gruve {

std::string model_hash(const std::vector<FloatNetwork>& networks) {
    MatrixHash model;
    for (const FloatNetwork& network : networks)
        for (const FloatLayer& layer : network.layers) {
            if (const auto* gru = std::get_if<FloatGru>(&layer)) {
                model.add(gru->weight_ih), model.add(gru->weight_hh), model.add(gru->bias_ih), model.add(gru->bias_hh);
            } else {
                const auto& dense = std::get<FloatDense>(layer);
                model.add(&dense.activation, sizeof dense.activation), model.add(dense.weight), model.add(dense.bias);
            }
        }
    return model.text();
}

}  // namespace gruve

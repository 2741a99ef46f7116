#include "offline_search/network/model_hash.h"

#include <variant>

#include "offline_search/network/matrix_hash.h"

namespace gruve {
namespace {

void add(MatrixHash& hash, const FloatGru& gru) {
    hash.add(gru.weight_ih);
    hash.add(gru.weight_hh);
    hash.add(gru.bias_ih);
    hash.add(gru.bias_hh);
}

void add(MatrixHash& hash, const FloatBandGru& both) {
    add(hash, both.forward);
    add(hash, both.backward);
}

void add(MatrixHash& hash, const FloatDense& dense) {
    hash.add(&dense.activation, sizeof dense.activation);
    hash.add(dense.weight);
    hash.add(dense.bias);
    if (dense.by_band.size() > 0) hash.add(dense.by_band);
}

}  // namespace

std::string model_hash(const std::vector<FloatNetwork>& networks) {
    MatrixHash hash;
    for (const FloatNetwork& network : networks)
        for (const FloatLayer& layer : network.layers) std::visit([&](const auto& l) { add(hash, l); }, layer);
    return hash.text();
}

}  // namespace gruve

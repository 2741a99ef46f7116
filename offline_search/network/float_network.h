// The float network that training makes and quantisation starts from.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "offline_search/network/float_layers.h"

namespace gruve {

/// A chain of layers, or with more than one band a *network of bands*: all layers then work on the channels of one
/// band, with weights that the bands share, and a FloatGru has a state for each band. Inputs and outputs are those of a
/// front end: value f of band b is at index f · bands + b. The first and the last layer are dense, and each GRU lies
/// between two dense layers.
struct FloatNetwork {
    int bands = 1;
    std::vector<FloatLayer> layers;
    std::map<std::string, std::string> metadata;  // task, labels (JSON), seed, scores, …; saved with the network

    int input_size() const;
    int output_size() const;
    /// Runs a sequence (features × steps) from a zero state; returns outputs × steps.
    Matrix forward(const Matrix& sequence) const;
};

/// For what only plays chains. Throws std::invalid_argument if `network` is one of bands.
void require_chain(const FloatNetwork& network);

}  // namespace gruve

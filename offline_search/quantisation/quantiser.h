// Float network + calibration data + widths → integer Model. Requantises once per operator and width, then only assembles.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/model/model.h"
#include "offline_search/network/float_network.h"
#include "offline_search/quantisation/genome.h"
#include "offline_search/quantisation/weight_quantiser.h"

namespace gruve {

/// How a genome becomes a model.
struct Scheme {
    bool narrow_state = false;  // paper mode: the state itself has only `state` bits
    bool gptq = true;           // else plain: the largest value seen fills every range, weights go to the nearest level
};

/// Real values of one level of a layer's activations. GRU: all but pre_activation; dense: pre_activation alone.
struct ActivationScales {
    double copy = 1, pre_r = 1, pre_z = 1, pre_n = 1, hn = 1, product_reset = 1, pre_activation = 1;
};

/// Levels, scales and biases that fine-tuning found, in place of those that calibration gives.
struct TunedWeights {
    std::vector<std::vector<QuantisedMatrix>>
        matrices;         // per layer: ir, iz, in, hr, hz, hn, or the dense layer's one; no mean error
    FloatNetwork biases;  // only its biases are read
};

/// Holds the calibration statistics and a cache by (layer, operator, width). Thread-safe after construction.
class Quantiser {
public:
    /// calibration: features × steps each. Throws DataError for too few steps, another number of features, or NaN weights.
    Quantiser(FloatNetwork network, const std::vector<Matrix>& calibration, Scheme scheme);
    /// Several networks for one task, of other hidden sizes, say; the genome says which (Genome::network).
    Quantiser(std::vector<FloatNetwork> networks, const std::vector<Matrix>& calibration, Scheme scheme);
    ~Quantiser();
    /// Result passes check(Model), else std::invalid_argument with its sentence. Deterministic.
    Model assemble(const Genome&) const;
    /// The same with other weights and biases, at the same activation ranges.
    Model assemble(const Genome&, const TunedWeights&) const;
    /// What the genome's weights are without tuning.
    TunedWeights weights(const Genome&) const;
    std::vector<ActivationScales> activation_scales(const Genome&) const;
    InputQuantiser input(const Genome&) const;
    const Scheme& scheme() const;
    const FloatNetwork& network(std::size_t which = 0) const;

private:
    struct Impl;
    std::vector<std::unique_ptr<Impl>> impls_;
    const Impl& of(const Genome&) const;
};

}  // namespace gruve

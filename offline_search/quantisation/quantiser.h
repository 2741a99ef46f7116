// Float network + calibration data + bit widths → integer Model.
#pragma once

#include <memory>
#include <vector>

#include "engine/model/model.h"
#include "offline_search/network/float_network.h"
#include "offline_search/quantisation/activation_range.h"
#include "offline_search/quantisation/genome.h"
#include "offline_search/quantisation/strategy.h"
#include "offline_search/quantisation/weight_quantiser.h"

namespace gruve {

/// How a genome becomes a model.
struct Scheme {
    bool narrow_state = false;  // as in the paper: the state itself has only `state` bits
    const Strategy* strategy = &calibrated_strategy();
};

/// Levels, scales and biases that fine-tuning found, in place of those from calibration.
struct TunedWeights {
    /// Per layer: ir, iz, in, hr, hz, hn of a GRU, or the one matrix of a dense layer. Without mean errors.
    std::vector<std::vector<QuantisedMatrix>> matrices;
    FloatNetwork biases;  // only its biases are read
};

/// Quantises each operator once per width and keeps the result, so that most models only need to be assembled.
/// Thread-safe once constructed. Deterministic.
class Quantiser {
public:
    /// calibration: sequences of features × steps. Throws DataError for fewer than min_calibration_steps steps, a wrong
    /// number of features, or weights or values that are not finite.
    Quantiser(FloatNetwork network, const std::vector<Matrix>& calibration, Scheme scheme);
    /// Several networks for one task, of different hidden sizes, for example. Genome::network chooses one.
    Quantiser(std::vector<FloatNetwork> networks, const std::vector<Matrix>& calibration, Scheme scheme);
    ~Quantiser();
    /// The model passes check(Model). Throws std::invalid_argument, with the fault in words, for a genome whose model
    /// would not.
    Model assemble(const Genome&) const;
    /// The same with other weights and biases, at the same activation ranges.
    Model assemble(const Genome&, const TunedWeights&) const;
    /// The genome's weights before any fine-tuning.
    TunedWeights weights(const Genome&) const;
    /// Per layer.
    std::vector<ActivationScales> activation_scales(const Genome&) const;
    InputQuantiser input(const Genome&) const;
    const Scheme& scheme() const;
    const FloatNetwork& network(std::size_t which = 0) const;

private:
    struct Impl;
    std::vector<std::unique_ptr<Impl>> impls_;  // one per network
    const Impl& of(const Genome&) const;
};

}  // namespace gruve

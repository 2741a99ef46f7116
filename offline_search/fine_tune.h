// Fine-tuning of one genome: the integer network learns to give what the float network gives.
#pragma once

#include <cstdint>
#include <functional>

#include "offline_search/quantise.h"

namespace gruve {

struct FineTuneSettings {
    int epochs = 20;
    int batch = 64;           // sequences
    int longest = 150;        // steps of a sequence; longer ones are cut
    float learning_rate = 5e-3f;
    std::uint64_t seed = 1;
    int jobs = 2;             // never changes the result
};

/// Starts from what calibration gives for `genome`; learns latent weights, a log-scale per multiplier and the biases, straight through
/// the roundings (Bengio et al., arXiv 1308.3432; learned step sizes: Esser et al., arXiv 1902.08153), from the float network's
/// outputs alone: cross entropy of softmax outputs where the last layer has no table, squared error otherwise.
/// sequences: features × steps. `more` is asked after each epoch; false stops early with what was learnt.
TunedWeights fine_tune(const Quantiser&, const Genome& genome, const std::vector<Matrix>& sequences, const FineTuneSettings&,
                       const std::function<bool(int epoch, double loss)>& more = {});

}  // namespace gruve

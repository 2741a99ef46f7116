// Fine-tuning of one genome: the integer network learns to give what the float network gives.
#pragma once

#include <cstdint>
#include <functional>

#include "offline_search/quantise.h"
#include "offline_search/task.h"

namespace gruve {

struct FineTuneSettings {
    int epochs = 6;
    int batch = 64;           // sequences
    float learning_rate = 1.5e-3f;
    std::uint64_t seed = 1;
    int jobs = 2;             // never changes the result
};

/// What an integer network shall answer, made once for all that are tuned.
struct TuningExamples {
    std::vector<Matrix> sequences;  // features × steps, all of one length
    std::vector<Matrix> wanted;     // the float network's outputs × steps
    std::vector<Matrix> weights;    // of the squared errors, outputs × steps; empty: all the same
    bool logits = false;            // the outputs are logits of classes
};
/// Sequences longer than `longest` steps become pieces of that length, each from a zero state; shorter ones repeat their last step.
TuningExamples tuning_examples(const FloatNetwork&, TuningSet, int jobs, int longest = 150);

/// Starts from what calibration gives for `genome`; learns latent weights, a log-scale per multiplier and the biases, straight through
/// the roundings (Bengio et al., arXiv 1308.3432; learned step sizes: Esser et al., arXiv 1902.08153), from the float network's
/// outputs alone: divergence of softmax outputs where they are logits, weighted squared error otherwise.
/// `more` is asked after each epoch; false stops early with what was learnt.
TunedWeights fine_tune(const Quantiser&, const Genome& genome, const TuningExamples&, const FineTuneSettings&,
                       const std::function<bool(int epoch, double loss)>& more = {});

}  // namespace gruve

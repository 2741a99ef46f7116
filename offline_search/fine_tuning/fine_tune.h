// Fine-tuning of one genome: its weights learn at the widths that they have.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "offline_search/fine_tuning/latent_weights.h"
#include "offline_search/quantisation/genome.h"
#include "offline_search/quantisation/quantiser.h"
#include "offline_search/training/adam.h"
#include "offline_search/training/tuning_goal.h"

namespace gruve {

struct FineTuneSettings {
    int epochs = 6;
    float learning_rate = 1.5e-3f;
    std::uint64_t seed = 1;
    int jobs = 2;  // never changes the result
};

/// Starts from what calibration gives for `genome`; learns latent weights, a log-scale per multiplier and the biases, straight through
/// the roundings (Bengio et al., arXiv 1308.3432; learned step sizes: Esser et al., arXiv 1902.08153).
class FineTuner {
public:
    /// The quantiser must outlive it.
    FineTuner(const Quantiser&, const Genome& genome, const TuningGoal&, const FineTuneSettings&);
    /// One pass over the goal's sequences; the mean loss on the way. settings.epochs of them are a whole tuning.
    double pass(const TuningGoal&);
    TunedWeights result() const { return latent_.result(); }

private:
    const Quantiser& quantiser_;
    Genome genome_;
    FineTuneSettings settings_;
    LatentWeights latent_;
    FloatNetwork student_, scale_gradient_;
    Adam adam_, scale_adam_;
    std::vector<int> order_;  // of the sequences
    std::mt19937_64 random_;
};

/// All passes for one genome.
TunedWeights fine_tune(const Quantiser&, const Genome& genome, TuningGoal&, const FineTuneSettings&);

}  // namespace gruve

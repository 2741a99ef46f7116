// Fine-tuning of one genome: the weights are trained at their final widths.
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
    int epochs = 6;      // passes over the goal's sequences
    int first_pass = 0;  // the number of the first pass, for goals that draw anew (TuningGoal::renew())
    float learning_rate = 1.5e-3f;
    std::uint64_t seed = 1;
    int jobs = 2;  // threads; the result does not depend on it
};

/// Starts from the calibrated weights of `genome` and trains latent weights, a log-scale per multiplier, and the
/// biases. Gradients pass straight through the roundings (Bengio et al., arXiv 1308.3432); the step sizes are learned
/// (Esser et al., arXiv 1902.08153).
class FineTuner {
public:
    /// The quantiser must outlive it.
    FineTuner(const Quantiser&, const Genome& genome, const TuningGoal&, const FineTuneSettings&);
    /// Starts from `start` (handed_down.h) in place of the calibrated weights.
    FineTuner(const Quantiser&, const Genome& genome, const TunedWeights& start, const TuningGoal&,
              const FineTuneSettings&);
    /// One pass over the goal's sequences; returns the mean loss during it. A complete run takes settings.epochs
    /// passes.
    double pass(const TuningGoal&);
    TunedWeights result() const { return latent_.result(); }

private:
    const Quantiser& quantiser_;
    Genome genome_;
    FineTuneSettings settings_;
    LatentWeights latent_;
    FloatNetwork student_, scale_gradient_;
    Adam adam_, scale_adam_;
    std::vector<int> order_;  // of the sequences in the next pass
    std::mt19937_64 random_;
};

/// A complete run for one genome: renews the goal before each pass.
TunedWeights fine_tune(const Quantiser&, const Genome& genome, TuningGoal&, const FineTuneSettings&);

}  // namespace gruve

// Scores of finished models, and their losses against homogeneous 8 bit.
#pragma once

#include <vector>

#include "engine/model/model.h"
#include "offline_search/selection/paired_loss.h"
#include "offline_search/selection/result.h"
#include "offline_search/tasks/task.h"

namespace gruve {

/// A model on its way to a preset.
struct Candidate {
    JudgedPoint judged;
    Model model;
};

/// A loss on fresh material (Task::evaluate_fresh()), which the search hasn't scored.
struct FreshLoss {
    PairedLoss error;
    double value = 0;    // in the metric, as measured
    double allowed = 0;  // the tolerance on this material
    int rounds = 0;      // draws of every clip
    /// Whether the metric's loss as measured and the bound of the smooth error's loss are within tolerance.
    bool tolerable(double confidence) const { return value <= allowed && upper_bound(error, confidence) <= allowed; }
};

class Judge {
public:
    /// eight: the homogeneous 8-bit model that all others are compared with.
    Judge(Task&, const Model& eight, int jobs);

    /// The score on the validation split.
    Score validation(const Model&) const;

    /// The error on training material (Task::evaluate_rehearsal()), which may order candidates before they are tested.
    double rehearsal(const Model&) const;

    /// Tests the model on fresh material. Draws further rounds until the draws add at most a fifth to the variance
    /// between the units, or the task has no more: how many depends on spreads alone, never on the mean, so that the
    /// bound stays what it is. The test split is never used.
    FreshLoss fresh(const Model&);

    /// Scores the model on the validation and test splits. Only for candidates that are chosen already: this looks at
    /// the test split.
    void score(Candidate&) const;

    /// Notes the evidence for the recommended candidate, and for the smallest one whose mean losses are within
    /// tolerance: what more units could show to be comparable. The candidates' validation splits must be scored.
    /// trials: the tests that have led to the recommendation.
    void weigh(std::vector<Candidate>&, const std::vector<Trial>& trials);

private:
    LossEvidence evidence(const Candidate&, double confidence);

    Task& task_;
    const Model eight_;
    int jobs_;
    Score validation_;                // of homogeneous 8 bit
    std::vector<Score> fresh_eight_;  // the same, by round
};

}  // namespace gruve

// Scores of finished models, and the risk of recommending a small one.
#pragma once

#include <vector>

#include "engine/model/model.h"
#include "offline_search/selection/result.h"
#include "offline_search/tasks/task.h"

namespace gruve {

/// A model on its way to a preset.
struct Candidate {
    JudgedPoint judged;
    Model model;
};

class Judge {
public:
    /// eight: the homogeneous 8-bit model that all others are compared with.
    Judge(Task&, const Model& eight, int jobs);

    /// Worst loss against 8 bit, divided by the task's tolerance: the larger of the metric's loss and the upper bound
    /// of the paired loss of the smooth error (paired_loss.h). The worst of two sets of clips counts: the validation
    /// clips, and altered ones, which may lose Task::altered_tolerances() times as much. A model may be recommended
    /// where the risk is at most 1.
    ///
    /// Why a bound: the smallest of thousands of genomes that passes on a few hundred clips may pass by luck. Why
    /// altered clips: they are many more and harder, and show first what quantisation breaks. The test split is never
    /// used.
    ///
    /// Where the validation clips alone give more than `enough`, that risk is returned and the altered clips are
    /// skipped.
    double risk(const Model&, double enough = 1) const;

    /// Scores the model on the validation and test splits. Only for candidates that are chosen already: this looks at
    /// the test split.
    void score(Candidate&) const;

    /// Notes the evidence for the recommended candidate, and for the smallest one whose mean losses are within
    /// tolerance: what more speakers could show to be comparable. The candidates' validation splits must be scored.
    void weigh(std::vector<Candidate>&) const;

    /// The score on the validation split.
    Score validation(const Model&) const;

private:
    double risk(const Score&, const Score& eight, double tolerances) const;
    LossEvidence evidence(const Candidate&) const;

    Task& task_;
    int jobs_;
    Score validation_, altered_;  // of homogeneous 8 bit
};

}  // namespace gruve

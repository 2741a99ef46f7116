// What a finished model is worth, and whether a small one may be recommended.
#pragma once

#include <optional>
#include <vector>

#include "engine/model/model.h"
#include "offline_search/search/evaluator.h"
#include "offline_search/selection/result.h"

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

    /// What a model may lose against homogeneous 8 bit, in tolerances of the task: the largest of the loss of the metric and the bound of the paired loss
    /// of the smooth error (paired_loss.h), on the validation clips and on altered ones. At most 1: it may be recommended. The smallest of
    /// thousands of genomes that passes on a few hundred clips passes by luck: hence the bound, whose units are speakers where clips
    /// are split by speaker; the altered clips are many more and harder, and what quantisation breaks shows on them first. The test split is
    /// not asked. Nor are the altered clips where more than `enough` is risked on the others.
    double risk(const Model&, double enough = 1) const;
    /// Scores on both splits. Looks at the test split: only for what is chosen already.
    void score(Candidate&) const;
    Score validation(const Model&) const;

private:
    Task& task_;
    int jobs_;
    Score validation_, altered_;  // of homogeneous 8 bit
    double risk(const Score&, const Score& eight, double tolerances) const;
};

/// The smallest point among everything scored with an error of at most `worst` whose risk is at most 1; at most `tries` are looked at, smallest first.
std::optional<Point> find_recommended(const Evaluator::Cache&, const GeneSpace&, const Quantiser&, const Judge&,
                                      double worst, int tries);

}  // namespace gruve

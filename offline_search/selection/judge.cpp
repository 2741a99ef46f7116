#include "offline_search/selection/judge.h"

#include <algorithm>

#include "engine/kernels/network.h"
#include "offline_search/selection/paired_loss.h"

namespace gruve {

Judge::Judge(Task& task, const Model& eight, int jobs) : task_(task), jobs_(jobs) {
    const Network network(eight);
    validation_ = task_.evaluate(network, Split::validation, jobs_);
    altered_ = task_.evaluate_altered(network, jobs_);
}

double Judge::risk(const Score& score, const Score& eight, double tolerances) const {
    return std::max(eight.value - score.value, paired_loss(score, eight).upper) /
           (tolerances * task_.metric().tolerance);
}

Score Judge::validation(const Model& model) const { return task_.evaluate(Network(model), Split::validation, jobs_); }

double Judge::risk(const Model& model, double enough) const {
    const Network network(model);
    const double plain = risk(task_.evaluate(network, Split::validation, jobs_), validation_, 1);
    if (plain > enough) return plain;
    return std::max(plain, risk(task_.evaluate_altered(network, jobs_), altered_, task_.altered_tolerances()));
}

void Judge::score(Candidate& candidate) const {
    const Network network(candidate.model);
    candidate.judged.validation = task_.evaluate(network, Split::validation, jobs_);
    candidate.judged.test = task_.evaluate(network, Split::test, jobs_);
}

}  // namespace gruve

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

LossEvidence Judge::evidence(const Candidate& candidate) const {
    const double tolerance = task_.metric().tolerance, altered_tolerance = task_.altered_tolerances() * tolerance;
    const PairedLoss plain = paired_loss(candidate.judged.validation, validation_),
                     altered = paired_loss(task_.evaluate_altered(Network(candidate.model), jobs_), altered_);
    const std::optional<int> needed = units_needed(plain, tolerance),
                             needed_altered = units_needed(altered, altered_tolerance);
    return {{plain.mean, plain.upper, tolerance},
            {altered.mean, altered.upper, altered_tolerance},
            plain.units,
            needed && needed_altered ? std::max(*needed, *needed_altered) : 0};
}

void Judge::weigh(std::vector<Candidate>& candidates) const {
    std::vector<Candidate*> order;
    for (Candidate& candidate : candidates) order.push_back(&candidate);
    std::stable_sort(order.begin(), order.end(), [](const Candidate* a, const Candidate* b) {
        return a->judged.point.objectives.bytes < b->judged.point.objectives.bytes;
    });
    bool tolerable = false;
    for (Candidate* candidate : order) {
        JudgedPoint& judged = candidate->judged;
        const double tolerance = task_.metric().tolerance;
        const bool small_loss = validation_.value - judged.validation.value <= tolerance &&
                                paired_loss(judged.validation, validation_).mean <= tolerance;
        if (!judged.recommended && (tolerable || !small_loss)) continue;
        const LossEvidence found = evidence(*candidate);  // altered clips take long
        const bool within = small_loss && found.altered.mean <= found.altered.allowed;
        if (judged.recommended || (within && !tolerable)) judged.evidence = found;
        tolerable = tolerable || within;
    }
}

}  // namespace gruve

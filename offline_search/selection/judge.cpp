#include "offline_search/selection/judge.h"

#include <algorithm>

#include "engine/kernels/network.h"
#include "offline_search/selection/choose.h"

namespace gruve {
namespace {

/// With fewer rounds, the variance of the draws is only guessed.
constexpr int least_rounds = 4;
/// The draws may add so much to the variance between units.
constexpr double enough_draws = 0.2;

/// The confidence that the candidate was tested at. One that wasn't tested gets what a test in its place would have
/// had, if all larger ones had passed.
double confidence_for(const Candidate& candidate, const std::vector<Trial>& trials) {
    const double bytes = candidate.judged.point.objectives.bytes;
    std::size_t larger = 0;
    for (const Trial& trial : trials) {
        if (trial.bytes == bytes && trial.passed && trial.fine_tuned == candidate.judged.fine_tuned)
            return trial.confidence;
        larger += trial.bytes > bytes;
    }
    const std::size_t tests = std::max(trials.size(), larger + 1);
    return 1 - family_level * static_cast<double>(larger + 1) / static_cast<double>(tests);
}

}  // namespace

Judge::Judge(Task& task, const Model& eight, int jobs) : task_(task), eight_(eight), jobs_(jobs) {
    validation_ = validation(eight);
}

Score Judge::validation(const Model& model) const { return task_.evaluate(Network(model), Split::validation, jobs_); }

double Judge::rehearsal(const Model& model) const { return task_.evaluate_rehearsal(Network(model), jobs_).error; }

FreshLoss Judge::fresh(const Model& model) {
    const Network network(model), eight(eight_);
    const int most = task_.fresh_rounds(), least = std::min(least_rounds, most);
    Score score, of_eight;
    int rounds = 0;
    while (rounds < least || (rounds < most && draws_to_units(score, of_eight, rounds) > enough_draws)) {
        if (static_cast<int>(fresh_eight_.size()) == rounds)
            fresh_eight_.push_back(task_.evaluate_fresh(eight, rounds, jobs_));
        add_round(of_eight, rounds, fresh_eight_[static_cast<std::size_t>(rounds)]);
        add_round(score, rounds, task_.evaluate_fresh(network, rounds, jobs_));
        ++rounds;
    }
    return {paired_loss(score, of_eight), of_eight.value - score.value,
            task_.fresh_tolerances() * task_.metric().tolerance, rounds};
}

void Judge::score(Candidate& candidate) const {
    const Network network(candidate.model);
    candidate.judged.validation = task_.evaluate(network, Split::validation, jobs_);
    candidate.judged.test = task_.evaluate(network, Split::test, jobs_);
}

LossEvidence Judge::evidence(const Candidate& candidate, double confidence) {
    const double tolerance = task_.metric().tolerance;
    const PairedLoss plain = paired_loss(candidate.judged.validation, validation_);
    const FreshLoss found = fresh(candidate.model);
    return {{plain.mean, plain.upper, tolerance},
            {found.error.mean, upper_bound(found.error, confidence), found.allowed},
            plain.units,
            units_needed(found.error, found.allowed, confidence).value_or(0),
            found.rounds,
            confidence};
}

void Judge::weigh(std::vector<Candidate>& candidates, const std::vector<Trial>& trials) {
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
        const LossEvidence found = evidence(*candidate, confidence_for(*candidate, trials));  // takes long
        const bool within = small_loss && found.altered.mean <= found.altered.allowed;
        if (judged.recommended || (within && !tolerable)) judged.evidence = found;
        tolerable = tolerable || within;
    }
}

}  // namespace gruve

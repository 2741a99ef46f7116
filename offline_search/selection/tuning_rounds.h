// Fine-tuning in rounds: members of a later round start from the weights of the nearest one of the rounds before.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "offline_search/fine_tuning/fine_tune.h"
#include "offline_search/search/checkpoint.h"
#include "offline_search/selection/judge.h"

namespace gruve {

/// A genome that fine-tuning has made better on the validation split.
struct TunedMember {
    Candidate candidate;
    TunedWeights weights;
};

class TuningRounds {
public:
    /// What the rounds read. All of it must outlive them.
    struct Inputs {
        Task& task;
        const Quantiser& quantiser;
        const GeneSpace& space;
        const Judge& judge;
        const std::vector<Matrix>& calibration;
    };
    /// known: weights of a checkpoint. say: receives lines of progress. stop: asked often.
    TuningRounds(const Inputs&, const FineTuneSettings&, TunedTexts known, std::function<void(const std::string&)> say,
                 std::function<bool()> stop);

    /// Fine-tunes the points side by side and scores them on the validation split. Each starts from the member with the
    /// nearest genes (handed_down.h), or from calibration where there is none. Weights that are known already aren't
    /// made again. A point that doesn't get better than it was, tuned or not, is left out. False, with nothing changed,
    /// where stop() returned true meanwhile: half a round isn't repeatable.
    bool run(const std::vector<Point>&);

    /// Each genome once, with its best weights.
    const std::vector<TunedMember>& members() const { return members_; }
    std::vector<Point> points_without(const Genes&) const;
    /// The genomes of all rounds, better or not.
    const std::set<Genes>& tried() const { return tried_; }
    /// All weights that were made, better or not, by what they depend on: genome, the parent's weights, passes.
    const TunedTexts& texts() const { return texts_; }

private:
    struct Start {
        std::string key;
        TunedWeights weights;
    };
    Start start_of(const Genes&) const;
    bool tune(const std::vector<Point>&, const std::vector<Start>&);
    void take(const Point&, TunedWeights);

    Inputs inputs_;
    FineTuneSettings settings_;  // of the next round
    TunedTexts texts_;
    std::function<void(const std::string&)> say_;
    std::function<bool()> stop_;
    std::vector<TunedMember> members_;
    std::set<Genes> tried_;
};

/// The member of the same float network whose genes differ by the fewest levels, of equal ones the first; nullptr where
/// there is none.
const TunedMember* nearest(const std::vector<TunedMember>&, const GeneSpace&, const Genes&);

}  // namespace gruve

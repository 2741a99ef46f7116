// Scores genomes: error on the validation split, and bytes. Batches run on all cores, and each genome is scored once,
// unless a race has dropped it and it matters later.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "datasets/support/interrupt.h"
#include "offline_search/quantisation/quantiser.h"
#include "offline_search/search/front.h"
#include "offline_search/search/genes.h"
#include "offline_search/search/work.h"
#include "offline_search/tasks/task.h"

namespace gruve {

class Evaluator {
public:
    using Cache = std::map<std::string, Scored>;  // by to_text(genes)

    /// Each thread scores one genome at a time: `jobs` threads call Task::evaluate at once, with one job each. The
    /// space, quantiser and task must outlive the evaluator. Where stop() returns true, evaluate() throws
    /// Interrupted; finished work stays valid.
    Evaluator(const GeneSpace&, const Quantiser&, Task&, int jobs, std::function<bool()> stop = {});

    /// The objectives of each genome, in the order of the batch. A score depends neither on jobs nor on the order.
    /// Throws std::runtime_error where the task's score isn't finite.
    std::vector<Objectives> evaluate(const std::vector<Genes>&);

    /// Lets evaluate(Work) drop genomes, by what whole scores of `genomes` teach the task. Does nothing if the task
    /// can't race or the cost of a step is an objective.
    void learn_race(const std::vector<Genes>& genomes);
    /// Keeps the whole scores that this process makes from now on, so that learn_race() needn't repeat them.
    void keep_scores() { keeps_ = task_.races() && costs_.empty(); }
    /// Like evaluate(), but drops genomes that are worse than the bar. One that was dropped before is scored again
    /// unless its bound is above this bar, too.
    std::vector<Scored> evaluate(const Work&);

    /// Genomes scored so far, dropped ones too. Repeats don't count; genomes of a restored cache do.
    std::int64_t evaluations() const { return static_cast<std::int64_t>(cache_.size()); }
    const Cache& cache() const { return cache_; }
    void restore(Cache cache) { cache_ = std::move(cache); }

    /// Scores a batch in this process, without the cache: the share of one process of a cluster.
    std::vector<Scored> score_here(const Work&) const;
    /// learn_race() in this process alone.
    void learn_race_here(const std::vector<Genes>& genomes);
    /// Hands new genomes, each once, to `scatter` instead of scoring them in this process. learn_race() hands its
    /// genomes to `teach`, for the other processes.
    using Scatter = std::function<std::vector<Scored>(const Work&)>;
    using Teach = std::function<void(const std::vector<Genes>&)>;
    void across(Scatter scatter, Teach teach) { scatter_ = std::move(scatter), teach_ = std::move(teach); }
    /// Makes the cost of a step an objective (step_cost.h). With an empty list it is none.
    void costs(std::vector<double> ns_by_width) { costs_ = std::move(ns_by_width); }
    int objectives() const { return costs_.empty() ? 2 : 3; }

    const GeneSpace& space() const { return space_; }

private:
    Scored score(const Genes&, const std::vector<Objectives>& bar) const;

    const GeneSpace& space_;
    const Quantiser& quantiser_;
    Task& task_;
    int jobs_;
    std::function<bool()> stop_;
    Cache cache_;
    Scatter scatter_;
    Teach teach_;
    bool races_ = false;
    std::vector<double> costs_;
    bool keeps_ = false;
    mutable std::mutex mutex_;                   // guards the member below
    mutable std::map<std::string, Score> kept_;  // by to_text(genes), until learn_race()
};

}  // namespace gruve

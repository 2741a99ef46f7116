// Scores genomes: error on the validation split, and bytes. Batches run on all cores, and each genome is scored once.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "datasets/support/interrupt.h"
#include "offline_search/quantisation/quantiser.h"
#include "offline_search/search/front.h"
#include "offline_search/search/genes.h"
#include "offline_search/tasks/task.h"

namespace gruve {

class Evaluator {
public:
    using Cache = std::map<std::string, Objectives>;  // by to_text(genes)

    /// Each thread scores one genome at a time: `jobs` threads call Task::evaluate at once, with one job each. The
    /// space, quantiser and task must outlive the evaluator. Where stop() returns true, evaluate() throws
    /// Interrupted; finished work stays valid.
    Evaluator(const GeneSpace&, const Quantiser&, Task&, int jobs, std::function<bool()> stop = {});

    /// The objectives of each genome, in the order of the batch. A score depends neither on jobs nor on the order.
    /// Throws std::runtime_error where the task's score isn't finite.
    std::vector<Objectives> evaluate(const std::vector<Genes>&);
    /// Genomes scored so far. Repeats don't count; genomes of a restored cache do.
    std::int64_t evaluations() const { return static_cast<std::int64_t>(cache_.size()); }
    const Cache& cache() const { return cache_; }
    void restore(Cache cache) { cache_ = std::move(cache); }

    /// Scores a batch in this process, without the cache: the share of one process of a cluster.
    std::vector<Objectives> score_here(const std::vector<Genes>&) const;
    /// Hands new genomes, each once, to `scatter` instead of scoring them in this process.
    using Scatter = std::function<std::vector<Objectives>(const std::vector<Genes>&)>;
    void across(Scatter scatter) { scatter_ = std::move(scatter); }
    /// Makes the cost of a step an objective (step_cost.h). With an empty list it is none.
    void costs(std::vector<double> ns_by_width) { costs_ = std::move(ns_by_width); }
    int objectives() const { return costs_.empty() ? 2 : 3; }

    const GeneSpace& space() const { return space_; }

private:
    Objectives score(const Genes&) const;

    const GeneSpace& space_;
    const Quantiser& quantiser_;
    Task& task_;
    int jobs_;
    std::function<bool()> stop_;
    Cache cache_;
    Scatter scatter_;
    std::vector<double> costs_;
};

}  // namespace gruve

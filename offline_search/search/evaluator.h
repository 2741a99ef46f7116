// Genes → error on the validation split and bytes, in batches over all cores, each genome once.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "offline_search/quantisation/quantiser.h"
#include "offline_search/search/front.h"
#include "offline_search/search/genes.h"
#include "offline_search/tasks/task.h"

namespace gruve {

/// A clean stop was asked for (Ctrl-C); what was finished before it stands.
struct Interrupted : std::runtime_error {
    Interrupted() : std::runtime_error("interrupted") {}
};

class Evaluator {
public:
    using Cache = std::map<std::string, Objectives>;  // by to_text(genes)

    /// One genome per thread: Task::evaluate is called from `jobs` threads at once, with one job each.
    /// Where stop() answers true, evaluate() ends with Interrupted.
    Evaluator(const GeneSpace&, const Quantiser&, Task&, int jobs, std::function<bool()> stop = {});

    /// Objectives in the order asked. The result depends on neither jobs nor order.
    std::vector<Objectives> evaluate(const std::vector<Genes>&);
    /// Genomes scored so far, repeats not counted, those of a restored cache included.
    std::int64_t evaluations() const { return static_cast<std::int64_t>(cache_.size()); }
    const Cache& cache() const { return cache_; }
    void restore(Cache cache) { cache_ = std::move(cache); }

    /// What this process scores of a batch: one that is part of a cluster, say.
    std::vector<Objectives> score_here(const std::vector<Genes>&) const;
    /// Hands batches (each genome once) to `scatter` instead of scoring them here.
    using Scatter = std::function<std::vector<Objectives>(const std::vector<Genes>&)>;
    void across(Scatter scatter) { scatter_ = std::move(scatter); }
    /// Makes the step's cost an objective (step_cost.h); empty: it is none.
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

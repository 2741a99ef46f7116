// Racing: scores the children of a generation only as far as the selection needs.
#pragma once

#include <vector>

#include "offline_search/search/evaluator.h"
#include "offline_search/search/first_population.h"
#include "offline_search/search/front.h"

namespace gruve {

/// The genomes that teach the task to race: some of the greedy path, which come close to a front at every size.
std::vector<Genes> genomes_to_learn_race(const GeneSpace&, const std::vector<Sensitivity>&);

/// Scores children so that NSGA-II, which keeps as many of `parents` and children as there are parents, keeps the same
/// ones as if all were scored whole.
///
/// A child that is dropped has a lower bound in place of its error. It is left at that only if it then lies behind the
/// last front that the selection looks at, and every member of the fronts up to this one is scored whole. One of them
/// dominates the child at its bound, so at its error, too. So neither the fronts nor the archive would hold it.
std::vector<Objectives> race(Evaluator&, const std::vector<Point>& parents, const std::vector<Genes>& children);

}  // namespace gruve

// The choice of presets: which points of a front become presets, and which one is recommended.
#pragma once

#include <optional>
#include <vector>

#include "offline_search/search/evaluator.h"
#include "offline_search/search/front.h"
#include "offline_search/selection/judge.h"

namespace gruve {

/// About `count` points of `front` (by rising bytes) whose error is at most `worst`, evenly spread over the bytes, both
/// ends included. The smallest point whose error is at most `recommended` is always among them.
std::vector<Point> choose_presets(const std::vector<Point>& front, std::size_t count, double worst, double recommended);

/// The smallest scored point whose error is at most `worst` and whose risk (judge.h) is at most 1; nothing where there
/// is none. Judges at most `tries` points, the smallest first.
std::optional<Point> find_recommended(const Evaluator::Cache& scored, const GeneSpace&, const Quantiser&, const Judge&,
                                      double worst, int tries);

/// Recommends the smallest candidate whose risk is at most 1; of equal sizes, the one with less error. Where all risk
/// more, it recommends the one that risks least. There must be at least one candidate.
void recommend_smallest(std::vector<Candidate>&, const Judge&);

}  // namespace gruve

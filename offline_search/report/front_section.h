// The report's verdict, its plot of score against size, and its plot of the hypervolume. Each function returns HTML.
#pragma once

#include <string>
#include <vector>

#include "offline_search/selection/result.h"

namespace gruve {

/// The recommended preset, how it compares with homogeneous 8 bit, and how it was chosen.
std::string verdict_html(const SearchResult&);

/// The fronts of all results in one plot. The results must belong to one task, and there must be at least one.
std::string front_html(const std::vector<const SearchResult*>&);

/// The hypervolume after each generation. Empty for a result without generations.
std::string history_html(const SearchResult&);

}  // namespace gruve

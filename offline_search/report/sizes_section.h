// Why not a smaller network at 8 bit? The answer of a search over hidden sizes.
#pragma once

#include <string>

#include "offline_search/selection/result.h"

namespace gruve {

/// The smallest point of `points` whose error is at most `error`; nullptr where there is none.
const Point* smallest_size_within(const std::vector<JudgedPoint>& points, double error);

/// An HTML table: at several errors above that of the best 8-bit network, the bytes of the smallest 8-bit network and
/// of the smallest one with mixed widths. Empty where the search had one hidden size.
std::string sizes_html(const SearchResult&);

}  // namespace gruve

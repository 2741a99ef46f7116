// The report's tables: presets, the widths along the front, the sensitivity of each operator, and the settings.
// Each function returns HTML.
#pragma once

#include <string>

#include "offline_search/selection/result.h"

namespace gruve {

/// All presets and the homogeneous points with bytes, scores on both splits and mean bits of the GRU weights.
std::string preset_table_html(const SearchResult&);

/// A heat map: one column for each useful point of the front, one row for each gene.
std::string widths_html(const SearchResult&);

/// A heat map: the loss when a single operator is lowered to each of its widths.
std::string sensitivity_html(const SearchResult&);

/// The command, seeds and hashes that repeat the search.
std::string settings_html(const SearchResult&);

}  // namespace gruve

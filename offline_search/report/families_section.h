// Families of similar genomes along the front.
#pragma once

#include <string>

#include "offline_search/selection/result.h"

namespace gruve {

/// An HTML table: the families, their ranges of bytes and score, and the widths that all members of a family share.
std::string families_html(const SearchResult&);

}  // namespace gruve

// The command that repeats a search, and the names that it gives.
#pragma once

#include <string>

#include "offline_search/selection/search_job.h"

namespace gruve {

/// "none", "best", "front" or "rounds".
std::string name_of(FineTuning);

/// Options that don't change the result are left out, paths are placeholders.
std::string command_of(const Task&, const SearchJob&);

/// The names of all presets of a search start with this.
std::string stem_of(const Task&, const SearchJob&);

}  // namespace gruve

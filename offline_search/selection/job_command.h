// What follows from the options of a search alone: its scheme, the command that repeats it, the names that it gives.
#pragma once

#include <string>

#include "offline_search/quantisation/quantiser.h"
#include "offline_search/selection/search_job.h"

namespace gruve {

/// "none", "best", "front" or "rounds".
std::string name_of(FineTuning);

/// Options that don't change the result are left out, paths are placeholders.
std::string command_of(const Task&, const SearchJob&);

/// The names of all presets of a search start with this.
std::string stem_of(const Task&, const SearchJob&);

/// How the search makes levels and scales.
Scheme scheme_of(const SearchJob&);

/// What a checkpoint names beside the scheme, empty for the usual error and bytes: " with ns ranked by heard".
std::string ranking_of(const SearchJob&);

}  // namespace gruve

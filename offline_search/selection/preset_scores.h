// What a preset records of its search's scores.
#pragma once

#include <string>

#include "engine/preset/preset.h"
#include "offline_search/selection/result.h"

namespace gruve {

/// The scores of the preset, the float network and homogeneous 8 bit: Score::shown where they have it, in the metric
/// that users know from other presets. result.homogeneous and the float network's scores must be set.
Scores preset_scores(const SearchResult& result, Split split, const JudgedPoint& judged);

/// "Chosen by heard gain: 10.90 points ± 0.91 on validation, … on test (8 bit 11.02 points and …).", where
/// preset_scores() are in another metric than the one that has chosen; otherwise "".
std::string ranking_text(const SearchResult& result, const JudgedPoint& judged);

}  // namespace gruve

// Which points of a front become presets.
#pragma once

#include <vector>

#include "offline_search/search/front.h"

namespace gruve {

/// About `count` points of `front` (by rising bytes) with an error of at most `worst`, evenly over the bytes, both ends kept, and
/// always the smallest point with an error of at most `recommended`.
std::vector<Point> choose_presets(const std::vector<Point>& front, std::size_t count, double worst, double recommended);

}  // namespace gruve

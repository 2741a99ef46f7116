// The choice of presets: which points of a front become presets, and which ones may be recommended, in which order.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "offline_search/search/front.h"

namespace gruve {

/// About `count` points of `front` (by rising bytes) whose error is at most `worst`, evenly spread over the bytes, both
/// ends included. The smallest point whose error is at most `recommended` is always among them.
std::vector<Point> choose_presets(const std::vector<Point>& front, std::size_t count, double worst, double recommended);

/// Candidates of the recommendation, from large to small: `steps` equal ratios of bytes lie between the smallest of
/// `points` and `largest` bytes. Each step gives its points of least error, `most` of them (of equal ones, the smaller
/// first), and all points from index `kept` on. Returns indices of `points`; steps without a point are left out.
std::vector<std::vector<std::size_t>> ladder(const std::vector<Objectives>& points, double largest, int steps,
                                             std::size_t most, std::size_t kept = static_cast<std::size_t>(-1));

/// The probability that a recommended preset loses more than its tolerance, at most, however many were tested.
inline constexpr double family_level = 0.05;

/// The fallback procedure (Wiens, Pharmaceutical Statistics 2003) for `count` tests in an order that was set before
/// their material was looked at. Each test owns an equal share of family_level. One that passes hands its level on to
/// the next, so that a sequence of easy tests leads to a last one at nearly the whole level, and a failure costs what
/// was handed on, not the rest. The probability that any false one passes is family_level at most. passes(i, l): the
/// test i at level l. Returns the last one that has passed; nothing where none has.
std::optional<std::size_t> last_to_pass(std::size_t count, const std::function<bool(std::size_t, double)>& passes);

}  // namespace gruve

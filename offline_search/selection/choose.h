// The choice of presets: which points of a front become presets, and which ones may be recommended, in which order.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "offline_search/search/front.h"

namespace gruve {

/// About `count` points of `front` (by rising bytes) whose error is at most `worst`, evenly spread over the bytes, both
/// ends included. The smallest point whose error is at most `recommended` is always among them.
std::vector<Point> choose_presets(const std::vector<Point>& front, std::size_t count, double worst, double recommended);

/// Candidates of the recommendation, from large to small: `steps` equal ratios of bytes lie between the smallest of
/// `points` and `largest` bytes, and each step gives its point of least error (of equal ones, the smaller). Returns
/// indices of `points`; steps without a point are left out.
std::vector<std::size_t> ladder(const std::vector<Objectives>& points, double largest, int steps);

/// A fixed sequence of tests: calls passes(0), passes(1), … until one fails or `count` have passed, and returns how many
/// have passed. If the order was set before the tests' material was looked at, then the last that passes is as sure as
/// one test is, however many there are: to name a false one, the first false one in order must pass (Maurer, Hothorn
/// and Lehmacher 1995).
std::size_t passed_in_sequence(std::size_t count, const std::function<bool(std::size_t)>& passes);

}  // namespace gruve

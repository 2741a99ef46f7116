// What a network says about a whole clip, decided from its logits at every step. Float and integer evaluation share the rule.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

namespace gruve {

/// The clip's last sixteenth counts: recorded words often end with their clip, so earlier steps know less. (One network on the
/// wake words' validation clips: last quarter 96.0 %, eighth 99.3 %, sixteenth 99.5 %.)
constexpr int decision_steps(int steps) { return std::max(1, steps / 16); }

/// logits: steps × labels, step after step. The label with the largest sum over the last decision_steps(steps); the lowest
/// such label where several are equal. Integer sums are exact, so every machine decides alike. labels ≥ 1, at least one step.
int decide_clip(std::span<const std::int16_t> logits, int labels);
int decide_clip(std::span<const float> logits, int labels);

}  // namespace gruve

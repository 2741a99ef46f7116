// Sensitivity: one number that moves all thresholds of a keyword preset together.
#pragma once

#include <cstddef>
#include <span>

#include "engine/preset/preset.h"

namespace gruve {

/// 0 stands for the preset's own thresholds, as they are. Above, more words are hit and more false alarms given; below,
/// fewer of both.
inline constexpr float least_sensitivity = -1.0f, usual_sensitivity = 0.0f, most_sensitivity = 1.0f;

/// Writes the threshold of each label at this sensitivity. A value out of range is limited; NaN counts as 0. Real-time
/// safe. Same bits on every machine.
///
/// With operating points: those with lower thresholds than the preset's own lie at equal distances between 0 and 1,
/// that with the most alarms at 1; those with higher ones lie at equal distances between 0 and −1, that with the fewest
/// at −1. Between two of them, and between 0 and the first, the log-odds of a threshold are interpolated.
///
/// On a side without points, the log-odds of a threshold move by 2 from 0 to the end: a threshold of 0.8 becomes 0.35
/// at 1 and 0.97 at −1.
void thresholds_at(const DetectionConfig&, float sensitivity, std::span<float> thresholds) noexcept;

/// The sensitivity at which the detector has the thresholds of this point.
float sensitivity_of(const DetectionConfig&, std::size_t point) noexcept;

/// A threshold whose log-odds are moved. 0 and 1 stay, and so does any with log_odds = 0. Real-time safe.
float moved_threshold(float threshold, double log_odds) noexcept;

}  // namespace gruve

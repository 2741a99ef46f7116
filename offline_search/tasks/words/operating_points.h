// Thresholds for given numbers of false alarms an hour, chosen and counted on validation streams.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "engine/preset/preset.h"
#include "offline_search/tasks/intervals.h"
#include "offline_search/tasks/words/recordings.h"

namespace gruve {

struct NoiseHits {
    std::optional<double> snr_db;  // none: without noise
    std::uint32_t hits = 0, words = 0;
};

/// What a preset's sensitivity gives, for people: its operating points and its own thresholds.
struct SensitivityRow {
    float sensitivity = 0;
    float aimed_per_hour = 0;  // 0: the preset's own thresholds
    std::vector<float> threshold;
    StreamCount counted;
    std::vector<NoiseHits> by_noise;  // of counted.hits; a preset doesn't hold them
};
/// From few alarms to many; empty without points.
std::vector<SensitivityRow> sensitivity_rows(const DetectionConfig&);

/// Sets preset.detection.points, for 0.5, 2 and 8 false alarms an hour, and preset.detection.counted. Same result for
/// any jobs.
///
/// The thresholds of a point are the preset's own ones, all moved by the same log-odds. They are the lowest in steps of
/// 0.2 at which neither they nor any higher ones give more false alarms an hour than the point allows. A rate that even
/// thresholds 4 higher exceed gets no point. Thresholds 4 lower are the lowest.
///
/// Alarms are counted in `negatives`, files without any of the words (see alarms.h), or, if there are none, in the
/// validation split's other speech and noise, the speech in thirty different noises (judged_streams.h). Without either
/// no points are set. Hits are counted in the validation split's word streams without noise, at 10 dB and at 0 dB SNR.
///
/// own_per_hour: above 0, the preset gets new thresholds of its own, and the points are moved from these. They lie
/// equally far above the words' levels (word_levels()) where the alarms are counted, as low as for a point of so many
/// alarms an hour, but at most 4 above the levels.
///
/// Returns the rows of sensitivity_rows(), with their hits by noise level.
std::vector<SensitivityRow> choose_operating_points(Preset&, const WordRecordings&,
                                                    std::span<const std::filesystem::path> negatives, int jobs,
                                                    double own_per_hour = 0);

double alarms_per_hour(const StreamCount&);
/// The exact 95 % interval of that rate. Recordings that were heard in several noises count once, with their mean
/// number of alarms, because they are not new evidence.
Interval alarm_interval(const StreamCount&);

/// Gives the preset the thresholds of this sensitivity for its own, and takes its operating points away.
void fix_sensitivity(Preset&, float sensitivity);

}  // namespace gruve

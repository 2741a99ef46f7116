// Metrics: the units of scores, and how scores are shown to people.
#pragma once

#include <string>
#include <string_view>

namespace gruve {

/// Values are kept in the metric's own unit: accuracy as 0..1, SI-SDR gain in dB. Higher is better.
struct Metric {
    std::string_view id;               // in presets and JSON files: "accuracy", "si_sdr_gain_db"
    std::string_view name;             // as people read it: "accuracy", "SI-SDR gain"
    std::string_view unit;             // of a shown value: "%", "dB"
    std::string_view difference_unit;  // of a shown difference: "points", "dB"
    double scale = 1;                  // shown value = scale · value
    double tolerance = 0;              // largest loss against 8 bit that counts as comparable, in the metric's own unit

    double shown(double value) const { return scale * value; }
    /// A value with its unit: "97.50 %", "6.34 dB".
    std::string text(double value) const;
    /// A difference of two values, with sign and unit: "−0.25 points", "+0.10 dB".
    std::string difference_text(double difference) const;
    /// The label of an axis: "accuracy, %".
    std::string axis() const;
};

/// Share of sequences with the right label, 0..1. Tolerance: half a percentage point.
inline constexpr Metric accuracy{"accuracy", "accuracy", "%", "points", 100, 0.005};
/// SI-SDR of the output minus that of the noisy input, in dB, averaged over the mixtures (Le Roux et al., "SDR –
/// half-baked or well done?", 2019). Tolerance: 0.1 dB.
inline constexpr Metric si_sdr_gain{"si_sdr_gain_db", "SI-SDR gain", "dB", "dB", 1, 0.1};
/// What is heard of the output minus what is heard of the noisy input, averaged over the mixtures. A point is about a
/// point of the score of `presets/judge`: 0.05 in PESQ, 0.05 in DNSMOS overall, 0.005 in STOI. Tolerance: 0.2 points.
inline constexpr Metric heard_gain{"heard_gain", "heard gain", "points", "points", 1, 0.2};

/// The metric with this id. An unknown metric gets its id as its name, no unit and no tolerance; the id must then
/// outlive the result.
Metric metric_named(std::string_view id);

}  // namespace gruve

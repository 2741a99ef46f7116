// What a score is measured in, and how people read it.
#pragma once

#include <string>
#include <string_view>

namespace gruve {

/// Values are kept in the metric's own unit: accuracy as 0..1, SI-SDR gain in dB. Higher is better.
struct Metric {
    std::string_view id;               // in presets and JSON files: "accuracy"
    std::string_view name;             // as people read it: "accuracy", "SI-SDR gain"
    std::string_view unit;             // of a shown value: "%", "dB"
    std::string_view difference_unit;  // of a shown difference: "points", "dB"
    double scale = 1;                  // a shown value is scale times the value
    double tolerance = 0;              // how much less than 8 bit still counts as comparable, in the metric's own unit

    double shown(double value) const { return scale * value; }
    /// "97.50 %", "6.34 dB".
    std::string text(double value) const;
    /// "−0.25 points", "+0.10 dB".
    std::string difference_text(double difference) const;
    /// "accuracy, %": the name of an axis.
    std::string axis() const;
};

/// Share of sequences whose label is right, 0..1. Tolerance: half a percentage point.
inline constexpr Metric accuracy{"accuracy", "accuracy", "%", "points", 100, 0.005};
/// SI-SDR of the output less that of the noisy input, mean over the mixtures, dB. Tolerance: 0.1 dB.
inline constexpr Metric si_sdr_gain{"si_sdr_gain_db", "SI-SDR gain", "dB", "dB", 1, 0.1};

/// The metric that a preset or a search names. An unknown one is shown as it is, under its id (which must outlive the result).
Metric metric_named(std::string_view id);

}  // namespace gruve

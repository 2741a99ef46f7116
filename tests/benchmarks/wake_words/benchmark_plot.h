// The plot of misses against false alarms, as an SVG file.
#pragma once

#include <string>
#include <vector>

#include "tests/benchmarks/wake_words/miss_curve.h"

namespace gruve::benchmarks {

struct NamedCurve {
    std::string name;
    MissCurve curve;
};

/// A point of Picovoice's own results (the README of wake-word-benchmark): at 10 dB and 0.1 false alarms an hour, the
/// mean of six words.
struct Published {
    const char* name;
    double missed_percent;
};
inline constexpr double published_rate = 0.1;
inline constexpr Published published[] = {{"Porcupine", 2.7}, {"Snowboy", 31.9}, {"PocketSphinx", 52.0}};

/// A step line for each curve, at most four, the 95 % interval of the first, and the published points.
std::string plot_of(const std::vector<NamedCurve>&);

}  // namespace gruve::benchmarks

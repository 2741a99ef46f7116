#include "engine/preset/metric.h"

#include <cmath>
#include <cstdio>

namespace gruve {
namespace {

std::string with_unit(std::string number, std::string_view unit) {
    if (!unit.empty()) (number += ' ') += unit;
    return number;
}

std::string two_decimals(double value) {
    char text[64];
    std::snprintf(text, sizeof text, "%.2f", value);
    return text;
}

}  // namespace

std::string Metric::text(double value) const { return with_unit(two_decimals(shown(value)), unit); }

std::string Metric::difference_text(double difference) const {
    constexpr double rounds_to_zero = 0.005;
    const double value = shown(difference);
    return with_unit((value <= -rounds_to_zero ? "−" : "+") + two_decimals(std::abs(value)), difference_unit);
}

std::string Metric::axis() const {
    return unit.empty() ? std::string(name) : std::string(name) + ", " + std::string(unit);
}

Metric metric_named(std::string_view id) {
    for (const Metric& known : {accuracy, si_sdr_gain, heard_gain})
        if (known.id == id) return known;
    return {id, id, "", "", 1, 0};
}

}  // namespace gruve

#include "offline_search/tasks/intervals.h"

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

namespace gruve {

Interval wilson_interval(int count, int n) {
    if (n == 0) return {0, 1};
    const double z = 1.96, p = static_cast<double>(count) / n, zz = z * z / n;
    const double centre = (p + zz / 2) / (1 + zz), half = z / (1 + zz) * std::sqrt(p * (1 - p) / n + zz / (4 * n));
    return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

Interval hourly_interval(int events, double seconds) {
    // Bounds: half the 2.5 % quantile of χ² with 2k degrees of freedom, and half the 97.5 % quantile with 2(k + 1).
    const auto half_chi_squared = [](double k, double z) {
        return k * std::pow(1.0 - 1.0 / (9.0 * k) + z / (3.0 * std::sqrt(k)), 3);
    };
    const double hours = seconds / 3600.0;
    if (events == 0) return {0.0, -std::log(0.025) / hours};
    return {half_chi_squared(events, -1.96) / hours, half_chi_squared(events + 1, 1.96) / hours};
}

Interval exact_hourly_interval(double events, double seconds) {
    const double hours = seconds / 3600.0;
    const double low = events > 0 ? boost::math::gamma_p_inv(events, 0.025) : 0.0;
    return {low / hours, boost::math::gamma_p_inv(events + 1.0, 0.975) / hours};
}

double most_an_hour(int events, double seconds) {
    return boost::math::gamma_p_inv(events + 1.0, 0.95) / (seconds / 3600.0);
}

}  // namespace gruve

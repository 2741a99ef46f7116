// 95 % confidence intervals of shares and of rates.
#pragma once

namespace gruve {

struct Interval {
    double low = 0, high = 0;
};
/// 95 % interval of count / n (Wilson), which is valid near 0 and 1, too.
Interval wilson_interval(int count, int n);
/// 95 % interval of a rate of events an hour (Poisson). The chi-squared quantiles are Wilson and Hilferty's
/// approximation; the interval for no events is exact.
Interval hourly_interval(int events, double seconds);
/// The exact 95 % interval of the same rate (Garwood, 1936), which takes a moment longer. `events` may be a mean.
Interval exact_hourly_interval(double events, double seconds);
/// The rate that is exceeded with a confidence of 5 % only: the exact one-sided 95 % bound.
double most_an_hour(int events, double seconds);

}  // namespace gruve

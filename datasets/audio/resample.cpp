#include "datasets/audio/resample.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

#include "datasets/support/data_error.h"

namespace gruve {
namespace {

/// Modified Bessel function of the first kind, order 0, by its power series.
double bessel_i0(double x) {
    double sum = 1.0, term = 1.0;
    for (int k = 1; term > 1e-12 * sum; ++k) {
        term *= (x / (2.0 * k)) * (x / (2.0 * k));
        sum += term;
    }
    return sum;
}

constexpr int zero_crossings = 32;    // on each side, at the lower rate
constexpr double kaiser_beta = 6.75;  // 70 dB stop-band attenuation
constexpr double cutoff = 0.465;      // of the lower rate: the middle of the transition band
constexpr std::int64_t most_table_values = std::int64_t{1} << 24;

/// The windowed sinc low-pass at offset x (in input samples); the lower rate is `ratio` ≤ 1 times the input rate.
double kernel(double x, double ratio) {
    const double position = x * ratio / zero_crossings;
    if (std::abs(position) >= 1.0) return 0.0;
    static const double peak = bessel_i0(kaiser_beta);
    const double window = bessel_i0(kaiser_beta * std::sqrt(1.0 - position * position)) / peak;
    const double u = 2.0 * cutoff * ratio * x * std::numbers::pi;
    return 2.0 * cutoff * ratio * (std::abs(u) < 1e-9 ? 1.0 : std::sin(u) / u) * window;
}

/// Dot product in eight partial sums, which the compiler may vectorise without changing the order of additions.
float dot(const float* a, const float* b, int count) {
    std::array<float, 8> sums{};
    int i = 0;
    for (; i + 8 <= count; i += 8)
        for (int k = 0; k < 8; ++k) sums[static_cast<std::size_t>(k)] += a[i + k] * b[i + k];
    float sum = ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
    for (; i < count; ++i) sum += a[i] * b[i];
    return sum;
}

}  // namespace

std::vector<float> resample(const std::vector<float>& samples, int from_hz, int to_hz) {
    if (from_hz <= 0 || to_hz <= 0)
        throw DataError("resampling from " + std::to_string(from_hz) + " to " + std::to_string(to_hz) +
                        " Hz: both rates must be above 0 Hz");
    const int divisor = std::gcd(from_hz, to_hz);
    const std::int64_t up = to_hz / divisor, down = from_hz / divisor;
    if (up == down || samples.empty()) return samples;

    // Output n lies at input position n·down/up. The fraction has `up` possible values, each with its own row of taps,
    // so that outputs n and n + up share a row.
    const double ratio = std::min(1.0, static_cast<double>(to_hz) / from_hz);
    const int half = static_cast<int>(std::ceil(zero_crossings / ratio));
    const int taps = 2 * half;
    const std::int64_t length = (static_cast<std::int64_t>(samples.size()) * up + down - 1) / down;
    const std::int64_t row_count = std::min(up, length);
    if (row_count * taps > most_table_values)
        throw DataError("resampling from " + std::to_string(from_hz) + " to " + std::to_string(to_hz) +
                        " Hz: the rates have a common divisor of only " + std::to_string(divisor) +
                        " Hz; convert the recording to a usual rate first");
    std::vector<float> rows(static_cast<std::size_t>(row_count * taps));
    for (std::int64_t row = 0; row < row_count; ++row)
        for (int k = 0; k < taps; ++k)
            rows[static_cast<std::size_t>(row * taps + k)] = static_cast<float>(
                kernel(k - half + 1 - static_cast<double>(row * down % up) / static_cast<double>(up), ratio));

    std::vector<float> padded(samples.size() + static_cast<std::size_t>(taps));
    std::copy(samples.begin(), samples.end(), padded.begin() + half - 1);
    std::vector<float> out(static_cast<std::size_t>(length));
    for (std::int64_t n = 0; n < length; ++n) {
        out[static_cast<std::size_t>(n)] =
            dot(&padded[static_cast<std::size_t>(n * down / up)], &rows[static_cast<std::size_t>(n % up * taps)], taps);
    }
    return out;
}

}  // namespace gruve

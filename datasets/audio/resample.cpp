#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

#include "datasets/audio/resample.h"
#include "datasets/support/data_error.h"

namespace gruve {
namespace {

/// Modified Bessel function of order 0 by its series.
double bessel_i0(double x) {
    double sum = 1.0, term = 1.0;
    for (int k = 1; term > 1e-12 * sum; ++k) {
        term *= (x / (2.0 * k)) * (x / (2.0 * k));
        sum += term;
    }
    return sum;
}

constexpr int kZeroCrossings = 32;  // on each side, at the lower rate
constexpr double kBeta = 6.75;      // Kaiser, 70 dB
constexpr std::int64_t most_table_values = std::int64_t{1} << 24;
constexpr double kCutoff = 0.465;  // of the lower rate: middle of the transition band

/// A low-pass sinc at offset x (in input samples), for a lower rate of `ratio` ≤ 1 times the input rate.
double kernel(double x, double ratio) {
    const double position = x * ratio / kZeroCrossings;
    if (std::abs(position) >= 1.0) return 0.0;
    static const double peak = bessel_i0(kBeta);
    const double window = bessel_i0(kBeta * std::sqrt(1.0 - position * position)) / peak;
    const double u = 2.0 * kCutoff * ratio * x * std::numbers::pi;
    return 2.0 * kCutoff * ratio * (std::abs(u) < 1e-9 ? 1.0 : std::sin(u) / u) * window;
}

/// Eight sums side by side, which the compiler may vectorise without reordering anything.
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
                        " Hz: rates must be above 0");
    const int divisor = std::gcd(from_hz, to_hz);
    const std::int64_t up = to_hz / divisor, down = from_hz / divisor;
    if (up == down || samples.empty()) return samples;

    // Output n sits at input position n·down/up; its fraction takes `up` values, each with its own row of taps: outputs n and n + up share one.
    const double ratio = std::min(1.0, static_cast<double>(to_hz) / from_hz);
    const int half = static_cast<int>(std::ceil(kZeroCrossings / ratio));
    const int taps = 2 * half;
    const std::int64_t length = (static_cast<std::int64_t>(samples.size()) * up + down - 1) / down;
    const std::int64_t row_count = std::min(up, length);
    if (row_count * taps > most_table_values)
        throw DataError("resampling from " + std::to_string(from_hz) + " to " + std::to_string(to_hz) +
                        " Hz: rates with a common divisor of only " + std::to_string(divisor) +
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

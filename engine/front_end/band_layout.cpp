#include "engine/front_end/band_layout.h"

#include <algorithm>

#include "engine/front_end/wide.h"
#include "engine/support/elementary.h"

namespace gruve {
namespace {

double erb_hz(double hz) { return 24.7 * (1.0 + 4.37e-3 * hz); }
double erb_rate(double hz) { return 21.4 * elementary::log10(1.0 + 4.37e-3 * hz); }
double erb_rate_to_hz(double rate) { return (elementary::exp10(rate / 21.4) - 1.0) / 4.37e-3; }

/// Fills `centres` with neighbours `step` ERBs apart, and returns the last one.
double place(double step, double min_spacing_hz, std::vector<double>& centres) {
    double hz = min_spacing_hz;
    for (double& centre : centres) {
        centre = hz;
        hz = std::max(hz + min_spacing_hz, erb_rate_to_hz(erb_rate(hz) + step));
    }
    return centres.back();
}

}  // namespace

std::vector<double> erb_centres(int bands, double min_spacing_hz, double high_hz) {
    std::vector<double> centres(static_cast<std::size_t>(bands));
    double low = 0, high = high_hz / erb_hz(0);  // bounds of the step in ERBs, which bisection finds
    for (int i = 0; i < 100; ++i) {
        const double middle = 0.5 * (low + high);
        (place(middle, min_spacing_hz, centres) < high_hz ? low : high) = middle;
    }
    place(low, min_spacing_hz, centres);
    return centres;
}

BandLayout::BandLayout(const std::vector<double>& centres_hz, double high_hz, double bin_hz, int bins)
    : upper_share_(static_cast<std::size_t>(bins)),
      power_end_(std::min(bins, static_cast<int>(high_hz / bin_hz + 0.5) + 1)) {
    const int bands = static_cast<int>(centres_hz.size());
    begin_.push_back(0);
    int k = 0;
    for (int s = 0; s <= bands; ++s) {
        for (; k < bins && (s == bands || k * bin_hz < centres_hz[static_cast<std::size_t>(s)]); ++k) {
            double share = s == 0 ? 1.0 : 0.0;
            if (s > 0 && s < bands) {
                const double below = centres_hz[static_cast<std::size_t>(s - 1)],
                             above = centres_hz[static_cast<std::size_t>(s)];
                share = (k * bin_hz - below) / (above - below);
            }
            upper_share_[static_cast<std::size_t>(k)] = static_cast<float>(share);
        }
        begin_.push_back(k);
    }
    for (const float share : upper_share_) part_share_.insert(part_share_.end(), 2, share);
    high_begin_ = bands - 1;
    if (power_end_ < bins)
        while (high_begin_ > 0 && centres_hz[static_cast<std::size_t>(high_begin_ - 1)] >= high_from * high_hz)
            --high_begin_;
    high_end_ = high_begin_ + 1;
    while (high_end_ < bands && centres_hz[static_cast<std::size_t>(high_end_)] < high_to * high_hz) ++high_end_;
}

float BandLayout::last_value(const float* band_values) const noexcept {
    float sum = 0;
    for (int b = high_begin_; b < high_end_; ++b) sum += band_values[b];
    return sum / static_cast<float>(high_end_ - high_begin_);
}

template <class Value, class Add>
void BandLayout::for_segments(int first, int last, Value value, Add add) const noexcept {
    for (int s = 0; s <= bands(); ++s) {
        const int end = std::min(begin_[static_cast<std::size_t>(s + 1)], last);
        float all = 0, upper = 0;
        for (int k = std::max(begin_[static_cast<std::size_t>(s)], first); k < end; ++k) {
            const float v = value(static_cast<std::size_t>(k));
            all += v;
            upper += upper_share_[static_cast<std::size_t>(k)] * v;
        }
        add(s, all - upper, upper);
    }
}

void BandLayout::gather_power(std::span<const std::complex<float>> spectrum, float scale,
                              std::span<float> powers) const noexcept {
    const float* parts = reinterpret_cast<const float*>(spectrum.data());
    std::fill(powers.begin(), powers.end(), 0.0f);
    for_segments(
        1, power_end_,
        [parts](std::size_t k) { return parts[2 * k] * parts[2 * k] + parts[2 * k + 1] * parts[2 * k + 1]; },
        [&](int s, float below, float above) {
            if (s > 0) powers[static_cast<std::size_t>(s - 1)] += scale * std::max(below, 0.0f);
            if (s < bands()) powers[static_cast<std::size_t>(s)] += scale * above;
        });
}

void BandLayout::gather(std::span<const float> bin_values, float scale, std::span<float> values) const noexcept {
    std::fill(values.begin(), values.end(), 0.0f);
    for_segments(
        1, std::min(power_end_, static_cast<int>(bin_values.size())), [&](std::size_t k) { return bin_values[k]; },
        [&](int s, float below, float above) {
            if (s > 0) values[static_cast<std::size_t>(s - 1)] += scale * below;
            if (s < bands()) values[static_cast<std::size_t>(s)] += scale * above;
        });
}

template <class Change>
void BandLayout::for_parts(std::span<const float> band_values, std::size_t bins, Change change) const noexcept {
    const float last = last_value(band_values.data());
    float below = band_values.front();
    int i = 0;
    for (int s = 0; s <= bands(); ++s) {
        const float above = s < bands() - 1 ? band_values[static_cast<std::size_t>(s)] : last;
        const float step = above - below;
        const int end = 2 * std::min(begin_[static_cast<std::size_t>(s + 1)], static_cast<int>(bins));
        for (; i < end; ++i) change(i, below + part_share_[static_cast<std::size_t>(i)] * step);
        below = above;
    }
}

void BandLayout::apply(std::span<const float> band_gains, std::span<std::complex<float>> spectrum) const noexcept {
    float* parts = reinterpret_cast<float*>(spectrum.data());
    run_wide(
        [&]<class>() { for_parts(band_gains, spectrum.size(), [parts](int i, float gain) { parts[i] *= gain; }); });
}

void BandLayout::mix(std::span<const float> band_shares, std::span<const std::complex<float>> other,
                     std::span<std::complex<float>> spectrum) const noexcept {
    const float* others = reinterpret_cast<const float*>(other.data());
    float* parts = reinterpret_cast<float*>(spectrum.data());
    run_wide([&]<class>() {
        for_parts(band_shares, other.size(),
                  [parts, others](int i, float share) { parts[i] += share * (others[i] - parts[i]); });
    });
}

}  // namespace gruve

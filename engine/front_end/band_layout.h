// The denoiser's bands: centres on the ERB scale, triangles between them.
#pragma once

#include <complex>
#include <span>
#include <utility>
#include <vector>

namespace gruve {

/// Centres of `bands` bands in Hz, ascending, the last one at high_hz. Neighbours are equally far apart on the ERB
/// scale (Glasberg and Moore 1990: ERB(f) = 24.7·(1 + 4.37 f/kHz) Hz), but never closer than min_spacing_hz, because an
/// analysis cannot resolve narrower bands. The first centre is at min_spacing_hz. Requires bands ≥ 2 and bands ·
/// min_spacing_hz ≤ high_hz.
std::vector<double> erb_centres(int bands, double min_spacing_hz, double high_hz);

/// Triangles over FFT bins. A bin between two centres belongs to both bands, in shares that add up to 1. A bin below
/// the first or above the last centre belongs to that band alone. Gains are spread with the same shares by which powers
/// are gathered. Where there are bins above high_hz, the last band, to which they belong, has the mean gain of the
/// bands between high_from and high_to of high_hz in place of its own: training knows hardly any speech there, because
/// recordings fade out towards high_hz.
class BandLayout {
public:
    static constexpr double high_from = 0.625, high_to = 0.9375;  // 5000 and 7500 Hz, of 8000

    /// bin_hz: distance of two bins. Bins above high_hz add to no band's power.
    BandLayout(const std::vector<double>& centres_hz, double high_hz, double bin_hz, int bins);

    int bands() const { return static_cast<int>(begin_.size()) - 2; }

    /// powers[b] = scale · Σ share · |spectrum[k]|². Leaves out bin 0: a DC offset is not sound.
    void gather_power(std::span<const std::complex<float>> spectrum, float scale,
                      std::span<float> powers) const noexcept;
    /// values[b] = scale · Σ share · bin_values[k] over the given bins, without bin 0.
    void gather(std::span<const float> bin_values, float scale, std::span<float> values) const noexcept;
    /// spectrum[k] *= Σ share · band_gains[b], with that of the last band as high_bands() says
    void apply(std::span<const float> band_gains, std::span<std::complex<float>> spectrum) const noexcept;
    /// spectrum[k] += Σ share · band_shares[b] · (other[k] − spectrum[k]) for the bins of `other`, likewise.
    void mix(std::span<const float> band_shares, std::span<const std::complex<float>> other,
             std::span<std::complex<float>> spectrum) const noexcept;

    /// Segment s holds the bins segment_begin(s) .. segment_begin(s + 1) − 1, between the centres of bands s − 1 and s.
    /// s: 0..bands(); segment_begin(bands() + 1) is the number of bins.
    int segment_begin(int s) const noexcept { return begin_[static_cast<std::size_t>(s)]; }
    /// Each bin's share of the band above it, s; the rest belongs to band s − 1.
    std::span<const float> upper_share() const noexcept { return upper_share_; }
    /// The bands whose mean the last one has in apply() and mix(): from the first to one before the second. Without
    /// bins above high_hz the last band alone.
    std::pair<int, int> high_bands() const noexcept { return {high_begin_, high_end_}; }
    /// Bins from this one on have no power.
    int power_end() const noexcept { return power_end_; }

private:
    /// Calls add(segment, sum for the band below, sum for the band above) with the sums of value(bin) over bins
    /// first..last − 1.
    template <class Value, class Add>
    void for_segments(int first, int last, Value value, Add add) const noexcept;

    /// Calls change(part, band values spread to it) for the real and imaginary parts of the first `bins` bins.
    template <class Change>
    void for_parts(std::span<const float> band_values, std::size_t bins, Change change) const noexcept;
    /// The mean over high_bands().
    float last_value(const float* band_values) const noexcept;

    std::vector<int> begin_;
    std::vector<float> upper_share_;
    std::vector<float> part_share_;  // upper_share_ with each value twice: for real and imaginary parts
    int power_end_;
    int high_begin_, high_end_;  // high_bands()
};

}  // namespace gruve

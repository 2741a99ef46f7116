// Where the denoiser's bands lie: centres on the ERB scale, triangles between them.
#pragma once

#include <complex>
#include <span>
#include <vector>

namespace gruve {

/// Centres of `bands` bands, ascending, the last one at high_hz. Neighbours are equally far apart on the ERB scale (Glasberg and
/// Moore 1990: ERB(f) = 24.7·(1 + 4.37 f/kHz) Hz), but never closer than min_spacing_hz, which is also the first centre: what an
/// analysis can't resolve needs no bands. Requires bands ≥ 2 and bands · min_spacing_hz ≤ high_hz.
std::vector<double> erb_centres(int bands, double min_spacing_hz, double high_hz);

/// Triangles over FFT bins: a bin between two centres belongs to both, in shares that add up to 1; below the first centre and
/// above the last it belongs to that one alone. Gains spread with the same shares as powers are gathered.
class BandLayout {
public:
    /// high_hz: bins above it have no power in any band (but the last band's gain).
    BandLayout(const std::vector<double>& centres_hz, double high_hz, double bin_hz, int bins);

    int bands() const { return static_cast<int>(begin_.size()) - 2; }

    /// powers[b] = scale · Σ share · |spectrum[k]|². Bin 0 is left out: an offset says nothing about sound.
    void gather_power(std::span<const std::complex<float>> spectrum, float scale,
                      std::span<float> powers) const noexcept;
    /// Adjoint of gather_power() at `spectrum`: dL/dRe + i·dL/dIm per bin.
    void gather_power_adjoint(std::span<const float> power_gradient, std::span<const std::complex<float>> spectrum,
                              float scale, std::span<std::complex<float>> spectrum_gradient) const noexcept;
    /// values[b] = scale · Σ share · bin_values[k] over the bins that are given, bin 0 left out.
    void gather(std::span<const float> bin_values, float scale, std::span<float> values) const noexcept;
    /// spectrum[k] *= Σ share · band_gains[b]
    void apply(std::span<const float> band_gains, std::span<std::complex<float>> spectrum) const noexcept;
    /// spectrum[k] += Σ share · band_shares[b] · (other[k] − spectrum[k]) for the bins that `other` has.
    void mix(std::span<const float> band_shares, std::span<const std::complex<float>> other,
             std::span<std::complex<float>> spectrum) const noexcept;
    /// band_gradient[b] = Σ share · bin_gradient[k]
    void spread_adjoint(std::span<const float> bin_gradient, std::span<float> band_gradient) const noexcept;

private:
    /// add(segment, its share for the band below, for the band above) of value(bin), over bins first … last − 1.
    template <class Value, class Add>
    void for_segments(int first, int last, Value value, Add add) const noexcept;

    /// change(part, what band_values are spread to there) of the real and imaginary parts of the first `bins` bins.
    template <class Change>
    void for_parts(std::span<const float> band_values, std::size_t bins, Change change) const noexcept;

    // Segment s holds bins begin_[s] .. begin_[s+1]−1, between the centres of bands s−1 and s.
    std::vector<int> begin_;
    std::vector<float> upper_share_;  // per bin: share of band s; the rest is band s−1's
    std::vector<float> part_share_;   // the same, twice in a row: for real and imaginary parts
    int power_end_;                   // bins with power
};

}  // namespace gruve

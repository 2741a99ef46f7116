// How much of each band repeats with a common period. Voices do, most noise does not.
#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "engine/front_end/band_layout.h"

namespace gruve {

/// Spectra of frames step_s apart → each band's correlation with the signal one period earlier. The period is the one
/// between half a step and three and a half steps (2.5..17.5 ms for steps of 5 ms) that fits the low bins best. The
/// frame one period earlier is approximated by the nearest earlier spectrum, its phases shifted by the difference
/// between the period and the distance of the frames. These are the pitch correlations of Valin, "A hybrid DSP/deep
/// learning approach to real-time full-band speech enhancement" (2018), without the second transform. Frames between
/// two steps are assumed to have the period of the last step. Only the constructor allocates; everything else is
/// real-time safe.
class Periodicity {
public:
    /// bin_hz: distance of two bins. Bins up to high_hz are read. step_s: time between two steps, which are
    /// frames_per_step frames apart.
    Periodicity(int bands, double bin_hz, double high_hz, double step_s, int frames_per_step);

    /// A step. powers: those of the bands, from layout.gather_power() with `scale`. floor: a power, in the same unit,
    /// that counts as silence. correlation: one value in −1..1 per band.
    void operator()(const BandLayout& layout, std::span<const std::complex<float>> spectrum,
                    std::span<const float> powers, float scale, float floor, std::span<float> correlation) noexcept;
    /// A frame between two steps.
    void pass(std::span<const std::complex<float>> spectrum) noexcept;
    std::size_t bins() const noexcept { return bins_; }
    /// Writes bins() bins of the spectrum one period before the last frame. The other bins of `spectrum` are left
    /// alone.
    void earlier(std::span<std::complex<float>> spectrum) const noexcept;
    void reset() noexcept;

private:
    static constexpr int past = 3;    // steps that are searched back
    static constexpr int reach = 16;  // shifts on either side, in thirtieths of a step: half a step and one more
    using Scores = std::array<float, 2 * reach + 1>;

    struct Frame {
        std::vector<float> real, imaginary;  // bins
        std::vector<float> squares;          // of the searched bins
        std::vector<float> powers;           // of the bands
    };
    template <class Wide>
    void hear(const BandLayout& layout, std::span<const std::complex<float>> spectrum, std::span<const float> powers,
              float scale, float floor, std::span<float> correlation) noexcept;
    /// Stores the bins as the newest frame of the ring.
    Frame& keep(std::span<const std::complex<float>> spectrum) noexcept;
    const Frame& frames_ago(std::size_t frames) const noexcept {
        return frames_[(newest_ + frames_.size() - frames) % frames_.size()];
    }
    /// Computes real_ and imaginary_: the frame of age_, its phases shifted by phase_.
    template <class Wide>
    void turn_earlier() noexcept;
    /// Scores all shifts of an earlier frame. Returns the best score, without the two outermost shifts.
    template <class Wide>
    float search(const Frame& now, const Frame& earlier, float energy_now, Scores& scores) noexcept;

    std::size_t bins_, searched_;
    double phase_per_shift_;              // of bin 1, in radians
    std::vector<float> cosines_, sines_;  // (reach + 1) × searched bins
    std::size_t frames_per_step_;
    std::vector<Frame> frames_;  // a ring
    std::size_t newest_ = 0;
    std::size_t age_ = 1;                  // steps back to the frame that is nearest to one period earlier
    float phase_ = 0;                      // phase shift of its bin 1, in radians
    std::vector<float> mean_, weight_;     // running mean of the searched bins' powers, and its inverse
    std::vector<float> real_, imaginary_;  // the spectrum one period earlier
    std::vector<float> cross_, cross_imaginary_;
    std::array<Scores, past> scores_{};
};

}  // namespace gruve

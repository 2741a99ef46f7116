// How much of each band repeats with one period, which a voice does and most noise does not.
#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "engine/front_end/band_layout.h"

namespace gruve {

/// Spectra of frames step_s apart → per band, the correlation with what was there one period earlier. The period is the one, among
/// half a step to three and a half (2.5..17.5 ms for steps of 5 ms), that suits the low bins best. An earlier spectrum, its phases
/// moved by what the period is longer or shorter than the frames' distance, stands for the frame one period earlier. After the pitch
/// correlations of Valin, "A hybrid DSP/deep learning approach to real-time full-band speech enhancement" (2018), without their second
/// transform. Between two steps there may be more frames; they are taken to have the last step's period. Real-time safe but for its
/// construction.
class Periodicity {
public:
    /// bin_hz: between two bins of a spectrum. Reads bins up to high_hz. step_s: between two steps, which are frames_per_step frames.
    Periodicity(int bands, double bin_hz, double high_hz, double step_s, int frames_per_step);

    /// A step. powers: of each band, as layout.gather_power gives them with `scale`; `floor`, in the same units, is too little to matter.
    /// correlation: one of −1..1 per band.
    void operator()(const BandLayout& layout, std::span<const std::complex<float>> spectrum,
                    std::span<const float> powers, float scale, float floor, std::span<float> correlation) noexcept;
    /// A frame between two steps.
    void pass(std::span<const std::complex<float>> spectrum) noexcept;
    std::size_t bins() const noexcept { return bins_; }
    /// The spectrum one period before the last frame, bins() of it; the others of `spectrum` stay.
    void earlier(std::span<std::complex<float>> spectrum) const noexcept;
    void reset() noexcept;

private:
    static constexpr int past = 3;    // earlier frames that are kept
    static constexpr int reach = 16;  // shifts on either side: half a step in thirtieths, and one more
    using Scores = std::array<float, 2 * reach + 1>;

    struct Frame {
        std::vector<float> real, imaginary;  // bins
        std::vector<float> squares;          // of the searched bins
        std::vector<float> powers;           // of the bands
    };
    template <class Wide>
    void hear(const BandLayout& layout, std::span<const std::complex<float>> spectrum, std::span<const float> powers,
              float scale, float floor, std::span<float> correlation) noexcept;
    /// Puts the bins into the ring as its newest frame.
    Frame& keep(std::span<const std::complex<float>> spectrum) noexcept;
    const Frame& frames_ago(std::size_t frames) const noexcept {
        return frames_[(newest_ + frames_.size() - frames) % frames_.size()];
    }
    /// real_, imaginary_: the frame of the last step's age, its phases moved by the last step's shift.
    template <class Wide>
    void turn_earlier() noexcept;
    /// Scores of all shifts of an earlier frame; returns the best but for the outermost two.
    template <class Wide>
    float search(const Frame& now, const Frame& earlier, float energy_now, Scores& scores) noexcept;

    std::size_t bins_, searched_;
    double phase_per_shift_;              // of bin 1
    std::vector<float> cosines_, sines_;  // (reach + 1) × searched bins
    std::size_t frames_per_step_;
    std::vector<Frame> frames_;  // a ring
    std::size_t newest_ = 0;
    std::size_t age_ = 1;                  // steps back to the frame that is nearest to one period earlier
    float phase_ = 0;                      // by which bin 1 of it moves
    std::vector<float> mean_, weight_;     // running mean of the searched bins' squares, and its inverse
    std::vector<float> real_, imaginary_;  // of the spectrum one period earlier
    std::vector<float> cross_, cross_imaginary_;
    std::array<Scores, past> scores_{};
};

}  // namespace gruve

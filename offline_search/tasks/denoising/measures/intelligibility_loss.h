// 1 − STOI as a loss, with its gradient with respect to the processed samples.
#pragma once

#include <complex>
#include <span>
#include <vector>

namespace gruve {

/// The correlation of third-octave envelopes over 384 ms, as in Stoi, with two simplifications: it works at the rate of
/// the recording, and silent frames are left out of the envelopes without joining the samples around them. Holds the
/// clean recording, so one object serves many processed versions.
class IntelligibilityLoss {
public:
    /// rate_hz: at least 8800, because the highest band is at 4.3 kHz.
    IntelligibilityLoss(std::span<const float> clean, int rate_hz);
    /// True with fewer than 30 frames of speech; the loss is then 0.
    bool empty() const { return segments() < 1; }
    /// 1 − mean correlation of `processed` (as long as the clean recording). Adds weight · dLoss/dSample to `gradient`.
    double operator()(std::span<const float> processed, double weight, std::span<float> gradient) const;

private:
    int segments() const;
    /// The spectrum and the band envelopes of an active frame. The spectrum is valid until the next call on this
    /// thread.
    std::span<const std::complex<float>> analyse(std::span<const float> samples, int frame,
                                                 std::span<float> envelope) const;
    int hop_, frame_, fft_size_;
    std::vector<float> window_;
    std::vector<int> band_edges_;   // first bin of each band, and one past the last bin of the last
    std::vector<int> active_;       // indices of the frames with speech
    std::vector<float> envelopes_;  // of the clean recording, bands × active frames
};

}  // namespace gruve

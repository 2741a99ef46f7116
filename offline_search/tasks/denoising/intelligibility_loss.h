// 1 − STOI as something to descend: its gradient with respect to the processed samples.
#pragma once

#include <complex>
#include <span>
#include <vector>

namespace gruve {

/// STOI's correlation of third-octave envelopes over 384 ms, as in Stoi, with two simplifications: it works at the recording's
/// own rate, and silent frames are left out of the envelopes without joining the samples around them.
/// Holds the clean side; made once per recording.
class IntelligibilityLoss {
public:
    /// rate_hz at least 8800, so that the highest band (4.3 kHz) is there.
    IntelligibilityLoss(std::span<const float> clean, int rate_hz);
    /// Fewer than 30 frames of speech: the loss is 0.
    bool empty() const { return segments() < 1; }
    /// 1 − mean correlation of `processed` (as long as clean). Adds weight · dLoss/dSample to `gradient`.
    double operator()(std::span<const float> processed, double weight, std::span<float> gradient) const;

private:
    int segments() const;
    /// Spectrum and band envelopes of one active frame; the spectrum is valid until the next call on this thread.
    std::span<const std::complex<float>> analyse(std::span<const float> samples, int frame,
                                                 std::span<float> envelope) const;
    int hop_, frame_, fft_size_;
    std::vector<float> window_;
    std::vector<int> band_edges_;   // first bin of each band, then the end of the last
    std::vector<int> active_;       // frames with speech
    std::vector<float> envelopes_;  // clean, bands × active frames
};

}  // namespace gruve

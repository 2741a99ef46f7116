// The distance between compressed spectra of several resolutions as a loss, with its gradient with respect to the
// processed samples.
#pragma once

#include <complex>
#include <span>
#include <vector>

namespace gruve {

/// Spectra of 20, 32 and 64 ms (Hann windows), in units in which the speech has power 1. Per bin, with the clean S and
/// the processed Y:
///
///     0.7 · left · (|Y|^0.3 − |S|^0.3)² + 0.3 · |Y·|Y|^(−0.7) − S·|S|^(−0.7)|²,    |·|² = re² + im² + 1e-6,
///
/// where `left` counts only if |Y| > |S|. The loss is the mean over bins and frames, then over resolutions. Compression
/// makes quiet remains of noise count about as much as they are heard.
/// After Braun and Tashev, "A consolidated view of loss functions for supervised deep learning-based speech
/// enhancement", 2021.
class SpectralLoss {
public:
    struct Weights {
        float left = 1.0f;
    };
    explicit SpectralLoss(int rate_hz, const Weights& weights = {1.0f}) : rate_hz_(rate_hz), weights_(weights) {}

    /// Returns weight · loss of `processed`, which is as long as `clean`. level: root mean square of the speech, > 0.
    /// Adds the gradient to `gradient`, which may be empty. Spectra of `clean` are made anew each time, because keeping
    /// them would take 2 MB a mixture.
    double operator()(std::span<const float> clean, std::span<const float> processed, double level, double weight = 1,
                      std::span<float> gradient = {}) const;

private:
    int rate_hz_;
    Weights weights_;
};

}  // namespace gruve

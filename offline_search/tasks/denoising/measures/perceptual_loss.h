// An approximation of PESQ's disturbance as a loss, with its gradient with respect to the processed samples.
#pragma once

#include <Eigen/Core>
#include <span>
#include <vector>

namespace gruve {

/// The loudness of clean and processed speech in the 49 bands of wide-band PESQ (ITU-T P.862.2, its tables), frames of
/// 32 ms every 16 ms. The louder a difference, the more it disturbs; sound that was added disturbs more than sound that
/// is missing. What PESQ does by rules that have no slope (aligning delays, skipping bad sections) is left out, and its
/// corrections of level and of the transmission's frequency response count as constants in the gradient.
/// After Martín-Doñas et al., "A deep learning loss function based on the perceptual evaluation of the speech quality",
/// IEEE Signal Processing Letters 25, 2018.
class PerceptualLoss {
public:
    /// Keeps the clean loudness, 60 kB for 2.5 s. clean: at 16 kHz, any length; below 0.34 s or without speech, the
    /// loss is 0. Throws std::invalid_argument for another rate.
    PerceptualLoss(std::span<const float> clean, int rate_hz);

    bool empty() const { return clean_.cols() == 0; }
    /// Returns weight · (0.1 · symmetric + 0.0309 · asymmetric disturbance): 0 for equal samples, 3 for bad speech.
    /// processed: as long as the clean samples. Adds the gradient to `gradient`, which may be empty.
    double operator()(std::span<const float> processed, double weight = 1, std::span<float> gradient = {}) const;

private:
    using Bands = Eigen::ArrayXXf;  // bands × frames
    Bands clean_;                   // band powers
    Eigen::ArrayXf silent_;         // 1 for frames without speech, else 0
    float scale_ = 1;               // brings the speech to PESQ's standard level
};

}  // namespace gruve

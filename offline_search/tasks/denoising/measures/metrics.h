// Objective measures of an enhanced recording against the clean one: SI-SDR and segmental SNR; means with confidence
// intervals.
#pragma once

#include <span>
#include <vector>

namespace gruve {

/// Scale-invariant signal-to-distortion ratio in dB (Le Roux et al. 2019): the component of the estimate along the
/// reference, against the rest. Clamped to ±100 dB; −100 for a silent reference or estimate. Throws
/// std::invalid_argument if the lengths differ.
double si_sdr_db(std::span<const float> reference, std::span<const float> estimate);

/// Mean SNR in dB of 30 ms frames, each clamped to −10 … 35 dB (Hansen and Pellom 1998), over the frames whose
/// reference lies within 40 dB of the loudest. NaN if the reference is silent or shorter than a frame. Throws
/// std::invalid_argument if the lengths differ.
double segmental_snr_db(std::span<const float> reference, std::span<const float> estimate, int rate_hz);

/// Mean and half width of its 95 % interval (normal approximation; 0 for fewer than two values). NaN values are
/// ignored.
struct MeanInterval {
    double mean = 0, ci95 = 0;
    int n = 0;
};
MeanInterval mean_interval(const std::vector<double>& values);

}  // namespace gruve

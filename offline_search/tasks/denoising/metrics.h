// How near an enhanced recording is to the clean one: SI-SDR, segmental SNR.
#pragma once

#include <span>
#include <vector>

namespace gruve {

/// Scale-invariant signal-to-distortion ratio in dB (Le Roux et al. 2019): the estimate's part along the reference against the
/// rest. Limited to ±100 dB; −100 for a silent reference or estimate. Throws std::invalid_argument where the lengths differ.
double si_sdr_db(std::span<const float> reference, std::span<const float> estimate);

/// Mean of the SNR of 30 ms frames in dB, each limited to −10..35 (Hansen & Pellom 1998), over frames whose reference lies
/// within 40 dB of the loudest. NaN for a silent reference or one shorter than a frame.
double segmental_snr_db(std::span<const float> reference, std::span<const float> estimate, int rate_hz);

/// Mean and half width of its 95 % interval (normal approximation; 0 for fewer than two values). NaN values are left out.
struct MeanInterval {
    double mean = 0, ci95 = 0;
    int n = 0;
};
MeanInterval mean_interval(const std::vector<double>& values);

}  // namespace gruve

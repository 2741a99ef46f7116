// STOI, short-time objective intelligibility.
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <span>
#include <vector>

namespace gruve {

/// Predicts how intelligible processed versions of one clean recording are, about 0 … 1 (Taal, Hendriks, Heusdens,
/// Jensen 2011): the correlation of third-octave band envelopes over 384 ms, at 10 kHz, without the frames more than 40
/// dB below the loudest. Everything that depends on the clean recording only is computed once.
class Stoi {
public:
    /// Throws std::invalid_argument for a rate that is not positive.
    Stoi(std::span<const float> clean, int rate_hz);

    /// STOI of `processed`. NaN if less than 384 ms remain. Throws std::invalid_argument if the lengths differ. Safe on
    /// several threads at the same time.
    double of(std::span<const float> processed) const;

private:
    int rate_hz_;
    std::size_t samples_;
    std::vector<int> active_;    // indices of the frames that aren't silent
    Eigen::MatrixXd envelopes_;  // bands × those frames
};

}  // namespace gruve

// Short-time objective intelligibility.
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <span>
#include <vector>

namespace gruve {

/// How intelligible versions of one clean recording are, about 0..1 (Taal, Hendriks, Heusdens, Jensen 2011): correlation of third-octave
/// band envelopes over 384 ms, at 10 kHz, frames 40 dB below the loudest removed. What hangs on the clean one alone is made once.
class Stoi {
public:
    /// Throws std::invalid_argument for a rate that is not positive.
    Stoi(std::span<const float> clean, int rate_hz);

    /// NaN where less than 384 ms remain. Throws std::invalid_argument where the lengths differ. Safe on several threads at once.
    double of(std::span<const float> processed) const;

private:
    int rate_hz_;
    std::size_t samples_;
    std::vector<int> active_;    // frames of the clean recording that count
    Eigen::MatrixXd envelopes_;  // bands × those frames
};

}  // namespace gruve

// How float weights and the ranges of signals become levels and scales: the strategy that is handed to a Quantiser.
#pragma once

#include "offline_search/quantisation/statistics.h"
#include "offline_search/quantisation/weight_quantiser.h"

namespace gruve {

/// Stateless, so that threads may share it. Deterministic.
class Strategy {
public:
    virtual ~Strategy() = default;
    /// Levels and scales of a matrix that reads `input`; one scale per row or one for the matrix. width: any weight
    /// width.
    virtual QuantisedMatrix weights(const Eigen::MatrixXd& weights, const ErrorFeedback& input, int width,
                                    bool row_scales) const = 0;
    /// Scale (real value of one level) of a signed activation of 2..8 bits. `activation`: of the table that reads it.
    virtual double scale(const Samples&, int bits, Activation activation) const = 0;
    /// The quantiser of the network's input, 2..8 bits.
    virtual InputQuantiser input(const Samples&, int bits) const = 0;
};

/// Minimises the error on the calibration data: GPTQ for weights, searched clips for ranges.
const Strategy& calibrated_strategy();
/// The baseline: the largest value seen becomes the largest level, and weights go to the nearest level.
const Strategy& plain_strategy();

}  // namespace gruve

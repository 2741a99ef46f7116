// Float matrix → levels and scales that lose least on the calibration data.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "offline_search/quantisation/statistics.h"

namespace gruve {

/// W ≈ diag(scale) · levels.
struct QuantisedMatrix {
    int rows = 0, cols = 0, width = 8;
    std::vector<std::int8_t> levels;  // rows × cols, as in Linear::weights
    std::vector<double> scale;        // one per row; all equal where the matrix has a single multiplier
    std::vector<double> mean_error;   // (W − diag(scale)·levels) · E[x], per row: belongs in the bias
};

/// The level of `width` nearest to `value` (in level units: 2-3 bits odd integers, 4-8 symmetric, ternary, binary).
int nearest_level(double value, int width);
/// Largest level of `width`.
int largest_level(int width);

/// What GPTQ needs of one input: made once, used for every width and matrix that reads it.
struct ErrorFeedback {
    explicit ErrorFeedback(const Moments&);
    Moments moments;
    Eigen::MatrixXd hessian;          // covariance with 1 % of its mean diagonal added: dead inputs stay defined
    std::vector<Eigen::Index> order;  // columns by descending diagonal
    Eigen::MatrixXd feedback;         // upper Cholesky factor of the ordered hessian's inverse
};

/// Per row (or one for the matrix): about 40 clip factors, the one with least eᵀ H e; then GPTQ (Frantar et al.,
/// arXiv 2210.17323) or rounding to nearest; then the scale refitted by least squares to the levels found.
QuantisedMatrix quantise_matrix(const Eigen::MatrixXd& weights, const ErrorFeedback&, int width, bool row_scales,
                                bool gptq);

}  // namespace gruve

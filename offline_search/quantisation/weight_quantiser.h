// Quantises a float matrix: levels and scales with the least error on the calibration data.
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
    std::vector<double> scale;        // one per row; all equal if the matrix has a single multiplier
    std::vector<double> mean_error;   // (W − diag(scale)·levels) · E[x], per row; to be added to the bias
};

/// The level of `width` nearest to `value`, which is in units of levels. Levels are odd integers at 2-3 bits, symmetric
/// integers at 4-8 bits, −1, 0, 1 (ternary) or −1, 1 (binary).
int nearest_level(double value, int width);
/// The largest level of `width`.
int largest_level(int width);

/// The data that GPTQ needs about one input. It is computed once and used for every width and every matrix that reads
/// the input.
struct ErrorFeedback {
    explicit ErrorFeedback(const Moments&);
    Moments moments;
    Eigen::MatrixXd hessian;          // covariance + 1 % of its mean diagonal: constant inputs leave it invertible
    std::vector<Eigen::Index> order;  // columns by descending diagonal
    Eigen::MatrixXd feedback;         // upper Cholesky factor of the inverse of the ordered hessian
};

/// In three steps, for each row or for the matrix as a whole: choose the scale, out of 40 clip factors, with the least
/// eᵀ H e; find the levels by GPTQ (Frantar et al., arXiv 2210.17323) or by rounding to nearest; refit the scale to
/// these levels by least squares.
QuantisedMatrix quantise_matrix(const Eigen::MatrixXd& weights, const ErrorFeedback&, int width, bool row_scales,
                                bool gptq);

}  // namespace gruve

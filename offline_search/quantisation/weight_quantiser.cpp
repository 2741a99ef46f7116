#include "offline_search/quantisation/weight_quantiser.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/model/operators.h"

namespace gruve {
namespace {

constexpr int clip_factors = 40;

Eigen::MatrixXd rounded(const Eigen::MatrixXd& weights, const Eigen::VectorXd& scale, int width) {
    Eigen::MatrixXd levels(weights.rows(), weights.cols());
    for (Eigen::Index row = 0; row < weights.rows(); ++row)
        for (Eigen::Index col = 0; col < weights.cols(); ++col)
            levels(row, col) = nearest_level(weights(row, col) / scale(row), width);
    return levels;
}

/// eᵀ H e of each row of `error`.
Eigen::VectorXd row_errors(const Eigen::MatrixXd& error, const Eigen::MatrixXd& hessian) {
    return (error * hessian).cwiseProduct(error).rowwise().sum();
}

Eigen::VectorXd search_scales(const Eigen::MatrixXd& weights, const ErrorFeedback& input, int width, bool row_scales) {
    Eigen::VectorXd largest = weights.cwiseAbs().rowwise().maxCoeff();
    if (!row_scales) largest.setConstant(largest.maxCoeff());
    largest = largest.cwiseMax(1e-12);  // a row of zeros needs a scale, too
    const double top = largest_level(width);
    Eigen::VectorXd best_scale = largest / top, best_error;
    for (int k = 1; k <= clip_factors; ++k) {
        const Eigen::VectorXd scale = largest * (1.05 * k / clip_factors / top);
        Eigen::VectorXd error =
            row_errors(weights - scale.asDiagonal() * rounded(weights, scale, width), input.hessian);
        if (!row_scales) error.setConstant(error.sum());
        if (k == 1) {
            best_error = error;
            best_scale = scale;
        }
        best_scale = (error.array() < best_error.array()).select(scale, best_scale);
        best_error = best_error.cwiseMin(error);
    }
    return best_scale;
}

/// GPTQ: rounds one column after another and spreads each rounding error over the remaining columns by the inverse
/// Hessian.
Eigen::MatrixXd gptq_levels(const Eigen::MatrixXd& weights, const Eigen::VectorXd& scale, const ErrorFeedback& input,
                            int width) {
    const Eigen::Index rows = weights.rows(), cols = weights.cols();
    Eigen::MatrixXd rest(rows, cols), levels(rows, cols);
    for (Eigen::Index i = 0; i < cols; ++i) rest.col(i) = weights.col(input.order[static_cast<std::size_t>(i)]);
    for (Eigen::Index i = 0; i < cols; ++i) {
        Eigen::VectorXd error(rows);
        for (Eigen::Index row = 0; row < rows; ++row) {
            const int level = nearest_level(rest(row, i) / scale(row), width);
            levels(row, input.order[static_cast<std::size_t>(i)]) = level;
            error(row) = (rest(row, i) - level * scale(row)) / input.feedback(i, i);
        }
        rest.rightCols(cols - i - 1) -= error * input.feedback.row(i).tail(cols - i - 1);
    }
    return levels;
}

/// s = lᵀHw / lᵀHl, the least-squares scale for the levels l; the old scale where that is not positive.
Eigen::VectorXd refit(const Eigen::MatrixXd& weights, const Eigen::MatrixXd& levels, const Eigen::VectorXd& scale,
                      const Eigen::MatrixXd& hessian, bool row_scales) {
    const Eigen::MatrixXd weighted = levels * hessian;
    Eigen::VectorXd numerator = weighted.cwiseProduct(weights).rowwise().sum();
    Eigen::VectorXd denominator = weighted.cwiseProduct(levels).rowwise().sum();
    if (!row_scales) {
        numerator.setConstant(numerator.sum());
        denominator.setConstant(denominator.sum());
    }
    Eigen::VectorXd result = scale;
    for (Eigen::Index row = 0; row < scale.size(); ++row)
        if (numerator(row) > 0 && denominator(row) > 0) result(row) = numerator(row) / denominator(row);
    return result;
}

}  // namespace

int largest_level(int width) {
    if (width == binary_width || width == ternary_width) return 1;
    return width <= 3 ? (1 << width) - 1 : (1 << (width - 1)) - 1;
}

int nearest_level(double value, int width) {
    const double top = largest_level(width);
    if (width == binary_width) return value < 0 ? -1 : 1;
    const bool odd_levels = width == 2 || width == 3;
    const double nearest = odd_levels ? 2 * std::floor(value / 2) + 1 : std::floor(value + 0.5);
    return static_cast<int>(std::clamp(nearest, -top, top));
}

ErrorFeedback::ErrorFeedback(const Moments& input)
    : moments(input), hessian(input.covariance), order(static_cast<std::size_t>(input.mean.size())) {
    const Eigen::Index n = hessian.rows();
    hessian.diagonal().array() += std::max(0.01 * hessian.diagonal().mean(), 1e-9);
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](Eigen::Index a, Eigen::Index b) { return hessian(a, a) > hessian(b, b); });
    Eigen::MatrixXd ordered(n, n);
    for (Eigen::Index i = 0; i < n; ++i)
        for (Eigen::Index j = 0; j < n; ++j)
            ordered(i, j) = hessian(order[static_cast<std::size_t>(i)], order[static_cast<std::size_t>(j)]);
    const Eigen::MatrixXd inverse = ordered.llt().solve(Eigen::MatrixXd::Identity(n, n));
    feedback = inverse.llt().matrixU();
}

QuantisedMatrix quantise_matrix(const Eigen::MatrixXd& weights, const ErrorFeedback& input, int width, bool row_scales,
                                bool gptq) {
    Eigen::VectorXd scale = search_scales(weights, input, width, row_scales);
    const Eigen::MatrixXd levels = gptq ? gptq_levels(weights, scale, input, width) : rounded(weights, scale, width);
    scale = refit(weights, levels, scale, input.hessian, row_scales);

    QuantisedMatrix result;
    result.rows = static_cast<int>(weights.rows());
    result.cols = static_cast<int>(weights.cols());
    result.width = width;
    const Eigen::VectorXd mean_error = (weights - scale.asDiagonal() * levels) * input.moments.mean;
    for (Eigen::Index row = 0; row < weights.rows(); ++row) {
        for (Eigen::Index col = 0; col < weights.cols(); ++col)
            result.levels.push_back(static_cast<std::int8_t>(levels(row, col)));
        result.scale.push_back(scale(row));
        result.mean_error.push_back(mean_error(row));
    }
    return result;
}

}  // namespace gruve

#include "offline_search/quantisation/plain_quantiser.h"

#include <algorithm>
#include <cmath>

#include "engine/model/fixed_point.h"

namespace gruve {
namespace {

constexpr double smallest_range = 1e-6;

}  // namespace

QuantisedMatrix quantise_plainly(const Eigen::MatrixXd& weights, int width, bool row_scales) {
    QuantisedMatrix result;
    result.rows = static_cast<int>(weights.rows());
    result.cols = static_cast<int>(weights.cols());
    result.width = width;
    for (Eigen::Index row = 0; row < weights.rows(); ++row) {
        const double largest = row_scales ? weights.row(row).cwiseAbs().maxCoeff() : weights.cwiseAbs().maxCoeff();
        const double scale = std::max(largest, smallest_range) / largest_level(width);
        for (Eigen::Index col = 0; col < weights.cols(); ++col)
            result.levels.push_back(static_cast<std::int8_t>(nearest_level(weights(row, col) / scale, width)));
        result.scale.push_back(scale);
        result.mean_error.push_back(0);
    }
    return result;
}

double plain_scale(const Samples& samples, int bits) {
    double largest = smallest_range;
    for (const float v : samples) largest = std::max(largest, static_cast<double>(std::abs(v)));
    return largest / signed_max(bits);
}

InputQuantiser plain_input(const Samples& samples, int bits) {
    const auto [least, most] = std::minmax_element(samples.begin(), samples.end());
    const double low = std::min(0.0, static_cast<double>(*least)),
                 high = std::max(smallest_range, static_cast<double>(*most));
    InputQuantiser quantiser;
    quantiser.bits = static_cast<std::uint8_t>(bits);
    quantiser.scale = static_cast<float>((high - low) / unsigned_max(bits));
    quantiser.zero_point =
        static_cast<std::int8_t>(std::floor(-low / (high - low) * unsigned_max(bits) + 0.5) + signed_min(bits));
    return quantiser;
}

}  // namespace gruve

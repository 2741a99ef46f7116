#include "offline_search/training/adam.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "offline_search/training/backprop.h"

namespace gruve {

Adam::Adam(const FloatNetwork& shapes, const AdamOptions& options)
    : options_(options), first_(zeros_like(shapes)), second_(zeros_like(shapes)) {}

std::vector<std::span<float>> Adam::moments() {
    auto all = parameters(first_);
    const auto second = parameters(second_);
    all.insert(all.end(), second.begin(), second.end());
    return all;
}

float Adam::learning_rate() const {
    if (step_ < options_.warm_up) {
        return options_.learning_rate * static_cast<float>(step_ + 1) / static_cast<float>(options_.warm_up);
    }
    const double share = static_cast<double>(step_ - options_.warm_up) / std::max(1, options_.steps - options_.warm_up);
    return options_.learning_rate * static_cast<float>(0.5 + 0.5 * std::cos(std::numbers::pi * std::min(1.0, share)));
}

bool Adam::step(FloatNetwork& network, FloatNetwork& gradient) {
    const auto slopes = parameters(gradient);
    double square = 0;
    for (auto slope : slopes) {
        for (float g : slope) square += static_cast<double>(g) * static_cast<double>(g);
    }
    if (!std::isfinite(square)) return false;
    const double norm = std::sqrt(square);
    const float scale = options_.clip > 0 && norm > options_.clip ? static_cast<float>(options_.clip / norm) : 1.0f;

    const float rate = learning_rate();
    ++step_;
    const float correction1 = 1.0f - std::pow(options_.beta1, static_cast<float>(step_));
    const float correction2 = 1.0f - std::pow(options_.beta2, static_cast<float>(step_));
    const auto values = parameters(network);
    const auto first = parameters(first_), second = parameters(second_);
    const auto decays = is_weight(network);
    for (std::size_t p = 0; p < values.size(); ++p) {
        const float keep = decays[p] ? 1.0f - rate * options_.weight_decay : 1.0f;
        for (std::size_t i = 0; i < values[p].size(); ++i) {
            const float g = slopes[p][i] *= scale;
            float& m = first[p][i];
            float& v = second[p][i];
            m += (1.0f - options_.beta1) * (g - m);
            v += (1.0f - options_.beta2) * (g * g - v);
            values[p][i] =
                values[p][i] * keep - rate * (m / correction1) / (std::sqrt(v / correction2) + options_.epsilon);
        }
    }
    return true;
}

}  // namespace gruve

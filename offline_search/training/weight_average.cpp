#include "offline_search/training/weight_average.h"

#include <algorithm>

#include "offline_search/training/backprop.h"

namespace gruve {

void average_in(FloatNetwork& average, FloatNetwork& network, int step, float steps) {
    const float rate = 1.0f / std::clamp(static_cast<float>(step), 1.0f, std::max(1.0f, steps));
    const auto to = parameters(average), from = parameters(network);
    for (std::size_t p = 0; p < to.size(); ++p)
        for (std::size_t i = 0; i < to[p].size(); ++i) to[p][i] += rate * (from[p][i] - to[p][i]);
}

}  // namespace gruve

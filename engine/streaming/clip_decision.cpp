#include "engine/streaming/clip_decision.h"

#include <cstddef>

namespace gruve {
namespace {

template <typename Sum, typename Logit>
int decide(std::span<const Logit> logits, int labels) {
    const auto width = static_cast<std::size_t>(labels);
    const auto steps = logits.size() / width;
    const auto first = steps - static_cast<std::size_t>(decision_steps(static_cast<int>(steps)));
    int best = 0;
    Sum largest{};
    for (std::size_t label = 0; label < width; ++label) {
        Sum sum{};
        for (std::size_t step = first; step < steps; ++step) sum += logits[step * width + label];
        if (label == 0 || sum > largest) {
            best = static_cast<int>(label);
            largest = sum;
        }
    }
    return best;
}

}  // namespace

int decide_clip(std::span<const std::int16_t> logits, int labels) { return decide<std::int64_t>(logits, labels); }
int decide_clip(std::span<const float> logits, int labels) { return decide<double>(logits, labels); }

}  // namespace gruve

#include "offline_search/selection/scored_ladder.h"

#include <algorithm>

#include "offline_search/selection/choose.h"

namespace gruve {

ScoredLadder scored_ladder(Evaluator& evaluator, double error, const std::vector<Objectives>& more,
                           const LadderShape& shape) {
    for (bool stopped = false;;) {
        ScoredLadder made;
        std::vector<bool> whole;
        std::vector<Objectives> all;
        for (const auto& [key, scored] : evaluator.cache()) {
            if (scored.objectives.error > error || (stopped && !scored.whole)) continue;
            made.points.push_back({genes_from(key), scored.objectives});
            all.push_back(scored.objectives);
            whole.push_back(scored.whole);
        }
        all.insert(all.end(), more.begin(), more.end());
        made.rungs = ladder(all, shape.largest, shape.steps, shape.most, made.points.size());

        // A bound that isn't among a step's least hides no error that is. But the smallest point of all shapes the
        // steps, so it must be known, too.
        std::vector<Genes> open;
        const auto look_at = [&](std::size_t i) {
            if (i < whole.size() && !whole[i]) open.push_back(made.points[i].genes);
        };
        for (const auto& rung : made.rungs) std::ranges::for_each(rung, look_at);
        if (!all.empty())
            look_at(static_cast<std::size_t>(
                std::ranges::min_element(all, {}, [](const Objectives& o) { return o.bytes; }) - all.begin()));
        if (open.empty()) return made;
        try {
            evaluator.evaluate(open);
        } catch (const Interrupted&) {
            stopped = true;
        }
    }
}

}  // namespace gruve

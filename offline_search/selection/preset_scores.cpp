#include "offline_search/selection/preset_scores.h"

namespace gruve {

Scores preset_scores(const SearchResult& result, Split split, const JudgedPoint& judged) {
    const bool validation = split == Split::validation;
    const JudgedPoint& eight = result.homogeneous.front();
    const Score& score = validation ? judged.validation : judged.test;
    const auto shown = [](const Score& s) { return s.shown.value_or(Score::Shown{s.value, s.ci95}); };
    return {result.shown_metric.empty() ? result.metric : result.shown_metric,
            shown(validation ? result.float_validation : result.float_test).value,
            shown(validation ? eight.validation : eight.test).value,
            shown(score).value,
            shown(score).ci95,
            static_cast<std::uint32_t>(score.n),
            std::string(name_of(split))};
}

std::string ranking_text(const SearchResult& result, const JudgedPoint& judged) {
    if (result.shown_metric.empty()) return "";
    const Metric metric = metric_named(result.metric);
    const JudgedPoint& eight = result.homogeneous.front();
    return "Chosen by " + std::string(metric.name) + ": " + score_text(judged.validation, metric) + " on validation, " +
           score_text(judged.test, metric) + " on test (8 bit " + metric.text(eight.validation.value) + " and " +
           metric.text(eight.test.value) + ").";
}

}  // namespace gruve

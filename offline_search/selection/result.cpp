#include "offline_search/selection/result.h"

#include <cstdio>

#include "datasets/support/data_error.h"
#include "offline_search/files/write_file.h"
#include "offline_search/search/json.h"

namespace gruve {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LossEvidence::Clips, mean, upper, allowed)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(LossEvidence, plain, altered, units, units_needed, rounds, confidence)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Trial, bytes, fine_tuned, loss, confidence, rounds, passed)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(MetricLoss, mean, low, high, units)

void to_json(nlohmann::json& json, const JudgedPoint& judged) {
    json = {{"name", judged.name},
            {"file", judged.file},
            {"point", judged.point},
            {"validation", judged.validation},
            {"test", judged.test},
            {"recommended", judged.recommended},
            {"fine_tuned", judged.fine_tuned}};
    if (judged.evidence.units > 0) json["evidence"] = judged.evidence;
    if (judged.test_loss.units > 0) json["test_loss"] = judged.test_loss;
}

void from_json(const nlohmann::json& json, JudgedPoint& judged) {
    json.at("name").get_to(judged.name);
    json.at("file").get_to(judged.file);
    json.at("point").get_to(judged.point);
    json.at("validation").get_to(judged.validation);
    json.at("test").get_to(judged.test);
    json.at("recommended").get_to(judged.recommended);
    json.at("fine_tuned").get_to(judged.fine_tuned);
    if (json.contains("evidence")) json.at("evidence").get_to(judged.evidence);
    if (json.contains("test_loss")) json.at("test_loss").get_to(judged.test_loss);
}

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(GeneInfo, name, widths)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(SearchResult, task, metric, scheme, command, model_hash, data_hash, tolerance, seed,
                                   population, generations, calibration, interrupted, float_validation, float_test,
                                   genes, homogeneous, presets, archive, history, sensitivity, reference,
                                   hypervolume_homogeneous, hypervolume_front)

void save_result(const std::filesystem::path& path, const SearchResult& result) {
    nlohmann::json json = result;
    json["trials"] = result.trials;
    json["sizes"] = result.sizes;
    if (!result.shown_metric.empty()) json["shown_metric"] = result.shown_metric;
    write_file(path, json.dump(1) + "\n");
}

SearchResult load_result(const std::filesystem::path& path) {
    try {
        const auto json = nlohmann::json::parse(read_text(path));
        SearchResult result = json.get<SearchResult>();
        if (json.contains("trials")) json.at("trials").get_to(result.trials);
        if (json.contains("sizes")) json.at("sizes").get_to(result.sizes);
        if (json.contains("shown_metric")) json.at("shown_metric").get_to(result.shown_metric);
        return result;
    } catch (const nlohmann::json::exception& error) {
        throw DataError(path.string() + ": not the result of a search: " + error.what());
    } catch (const std::invalid_argument& error) {
        throw DataError(path.string() + ": " + error.what());
    }
}

const JudgedPoint* recommended(const SearchResult& result) {
    for (const JudgedPoint& judged : result.presets)
        if (judged.recommended) return &judged;
    return nullptr;
}

double reduction(const SearchResult& result, const Point& point) {
    return 1 - point.objectives.bytes / result.homogeneous.front().point.objectives.bytes;
}

std::vector<const Point*> useful_points(const SearchResult& result) {
    const double worst = result.homogeneous.front().point.objectives.error + useful_tolerances * result.tolerance;
    std::vector<const Point*> useful;
    for (const Point& point : result.archive)
        if (point.objectives.error <= worst) useful.push_back(&point);
    return useful;
}

std::string score_text(const Score& score, const Metric& metric) {
    char half_width[32];
    std::snprintf(half_width, sizeof half_width, " ± %.2f", metric.shown(score.ci95));
    return metric.text(score.value) + half_width;
}

std::string shown_text(const SearchResult& result, const Score& score) {
    if (!score.shown) return "";
    return score_text({.value = score.shown->value, .ci95 = score.shown->ci95}, metric_named(result.shown_metric));
}

}  // namespace gruve

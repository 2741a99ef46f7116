// The search's types as JSON, for the checkpoint and search.json.
#pragma once

#include <nlohmann/json.hpp>

#include "offline_search/search/fingerprint.h"
#include "offline_search/search/run.h"

namespace gruve {

inline void to_json(nlohmann::json& json, const Objectives& o) { json = {o.error, o.bytes, o.ns, o.value}; }
inline void from_json(const nlohmann::json& json, Objectives& o) {
    json.at(0).get_to(o.error);
    json.at(1).get_to(o.bytes);
    json.at(2).get_to(o.ns);
    json.at(3).get_to(o.value);
}

/// A lower bound has no value: [error, bytes, ns].
inline void to_json(nlohmann::json& json, const Scored& s) {
    json = s.objectives;
    if (!s.whole) json.erase(3);
}
inline void from_json(const nlohmann::json& json, Scored& s) {
    s.whole = json.size() > 3;
    if (s.whole) return json.get_to(s.objectives), void();
    s.objectives = {json.at(0).get<double>(), json.at(1).get<double>(), json.at(2).get<double>(), 0};
}

inline void to_json(nlohmann::json& json, const Point& p) { json = {to_text(p.genes), p.objectives}; }
inline void from_json(const nlohmann::json& json, Point& p) {
    p.genes = genes_from(json.at(0).get<std::string>());
    json.at(1).get_to(p.objectives);
}

inline void to_json(nlohmann::json& json, const Sensitivity& s) { json = {s.gene, s.level, s.objectives}; }
inline void from_json(const nlohmann::json& json, Sensitivity& s) {
    json.at(0).get_to(s.gene);
    json.at(1).get_to(s.level);
    json.at(2).get_to(s.objectives);
}

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(GenerationRecord, generation, evaluations, hypervolume, best)

inline void to_json(nlohmann::json& json, const Score& s) {
    json = {{"value", s.value}, {"ci95", s.ci95}, {"n", s.n}, {"error", s.error}};
    if (s.shown) json["shown"] = {s.shown->value, s.shown->ci95};
}
inline void from_json(const nlohmann::json& json, Score& s) {
    json.at("value").get_to(s.value);
    json.at("ci95").get_to(s.ci95);
    json.at("n").get_to(s.n);
    json.at("error").get_to(s.error);
    if (json.contains("shown")) s.shown = {json.at("shown").at(0).get<double>(), json.at("shown").at(1).get<double>()};
}

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Fingerprint, task, scheme, model, data, seed, population)

}  // namespace gruve

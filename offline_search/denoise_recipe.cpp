#include "offline_search/denoise_recipe.h"

#include <cmath>
#include <cstdio>
#include <functional>
#include <map>

#include "datasets/audio_file.h"
#include "offline_search/backprop.h"
#include "offline_search/small_json.h"
#include "offline_search/write_file.h"

namespace gruve {
namespace {

using Json = nlohmann::json;

struct Member {
    double least, most;
    std::function<void(double)> set;
    double step = 0;  // 0: any number; otherwise a multiple of this
};
using Members = std::map<std::string, Member>;

std::string names(const Members& members) {
    std::string text;
    for (const auto& [name, member] : members) text += (text.empty() ? "" : ", ") + name;
    return text;
}

void read_members(const Json& json, const Members& members, const std::string& where) {
    for (const auto& [name, value] : json.items()) {
        if (value.is_object()) continue;
        const auto member = members.find(name);
        if (member == members.end()) throw DataError(where + "\"" + name + "\" is unknown, expected one of: " + names(members));
        const auto& [least, most, set, step] = member->second;
        const double number = value.is_number() ? value.get<double>() : least - 1;
        if (!(number >= least && number <= most) || (step > 0 && std::fmod(number, step) != 0)) {
            char range[80];
            std::snprintf(range, sizeof range, "a number from %g to %g%s", least, most, step > 1 ? " and a multiple of 4" : step > 0 ? ", whole" : "");
            throw DataError(where + "\"" + name + "\" is " + value.dump() + ", expected " + range);
        }
        set(number);
    }
}

}  // namespace

DenoiseRecipe read_denoise_recipe(const std::filesystem::path& path, DenoiseRecipe r) {
    const Json json = parse_small_json(path.string(), read_text(path));

    const auto whole = [](int& target) { return [&target](double v) { target = static_cast<int>(v); }; };
    const auto real = [](auto& target) { return [&target](double v) { target = static_cast<std::remove_reference_t<decltype(target)>>(v); }; };
    read_members(json,
                 {{"dense", {1, 1024, whole(r.dense), 1}},
                  {"batch", {gradient_shards, 1024, whole(r.batch), gradient_shards}},
                  {"steps_per_epoch", {1, 100000, whole(r.steps_per_epoch), 1}},
                  {"reuse", {1, 1000, whole(r.reuse), 1}},
                  {"epochs", {1, 100000, whole(r.epochs), 1}},
                  {"seconds", {1, 60, real(r.seconds)}},
                  {"noise_only", {0, 1, real(r.noise_only)}},
                  {"near_clean", {0, 1, real(r.near_clean)}},
                  {"late_start", {0, 1, real(r.late_start)}},
                  {"learning_rate", {1e-6, 1, real(r.learning_rate)}},
                  {"weight_decay", {0, 1, real(r.weight_decay)}}},
                 path.string() + ": ");
    for (const auto& [name, value] : json.items())
        if (value.is_object() && name != "loss") throw DataError(path.string() + ": \"" + name + "\" is an object; only \"loss\" may be one");
    if (json.contains("loss"))
        read_members(json["loss"],
                     {{"snr", {0, 100, real(r.loss.snr)}},
                      {"magnitude", {0, 100, real(r.loss.magnitude)}},
                      {"intelligibility", {0, 100, real(r.loss.intelligibility)}}},
                     path.string() + ": loss: ");
    return r;
}

std::string to_json(const DenoiseRecipe& r) {
    return nlohmann::ordered_json{{"latency_s", r.config.latency_s}, {"net_every", r.config.net_every}, {"dense", r.dense}, {"batch", r.batch},
                                  {"steps_per_epoch", r.steps_per_epoch}, {"reuse", r.reuse}, {"seconds", r.seconds}, {"noise_only", r.noise_only}, {"near_clean", r.near_clean},
                                  {"late_start", r.late_start}, {"learning_rate", r.learning_rate}, {"weight_decay", r.weight_decay},
                                  {"loss", {{"snr", r.loss.snr}, {"magnitude", r.loss.magnitude}, {"intelligibility", r.loss.intelligibility}}}}.dump();
}

}  // namespace gruve

#include "offline_search/files/small_json.h"

#include "datasets/support/data_error.h"

namespace gruve {
namespace {

constexpr int deepest_value = 3;   // {name: {"shape": [value]}}
constexpr int most_values = 1024;  // a safetensors header of eight layers with four tensors each has 384

}  // namespace

nlohmann::json parse_small_json(const std::string& file, std::string_view text) {
    using Json = nlohmann::json;
    int values = 0;
    const auto within_limits = [&](int depth, Json::parse_event_t event, const Json&) {
        if (depth > deepest_value)
            throw DataError(file + ": JSON nested deeper than " + std::to_string(deepest_value) + " levels");
        if (event != Json::parse_event_t::key && ++values > most_values)
            throw DataError(file + ": JSON of more than " + std::to_string(most_values) + " values");
        return true;
    };
    try {
        Json json = Json::parse(text, within_limits, true, true);
        if (json.is_object()) return json;
    } catch (const Json::exception& error) {
        throw DataError(file + ": not a JSON object: " + error.what());
    }
    throw DataError(file + ": not a JSON object");
}

}  // namespace gruve

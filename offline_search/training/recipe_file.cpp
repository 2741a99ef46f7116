#include "offline_search/training/recipe_file.h"

#include <cmath>
#include <cstdio>

#include "datasets/support/data_error.h"
#include "offline_search/files/small_json.h"
#include "offline_search/files/write_file.h"

namespace gruve {
namespace {

std::string names(const RecipeMembers& members) {
    std::string text;
    for (const auto& [name, member] : members) text += (text.empty() ? "" : ", ") + name;
    return text;
}

void read_members(const nlohmann::json& json, const RecipeMembers& members, const std::string& where) {
    for (const auto& [name, value] : json.items()) {
        if (value.is_object()) continue;
        const auto member = members.find(name);
        if (member == members.end())
            throw DataError(where + "\"" + name + "\" is unknown, expected one of: " + names(members));
        const auto& [least, most, set, step] = member->second;
        const double number = value.is_number() ? value.get<double>() : least - 1;
        if (!(number >= least && number <= most) || (step > 0 && std::fmod(number, step) != 0)) {
            char range[80];
            std::snprintf(range, sizeof range,
                          step > 1   ? "a number from %g to %g and a multiple of %g"
                          : step > 0 ? "a number from %g to %g, whole"
                                     : "a number from %g to %g",
                          least, most, step);
            throw DataError(where + "\"" + name + "\" is " + value.dump() + ", expected " + range);
        }
        set(number);
    }
}

}  // namespace

void read_recipe(const std::filesystem::path& path, const RecipeMembers& members, const std::string& group,
                 const RecipeMembers& grouped) {
    const nlohmann::json json = parse_small_json(path.string(), read_text(path));
    read_members(json, members, path.string() + ": ");
    for (const auto& [name, value] : json.items()) {
        if (!value.is_object()) continue;
        if (name != group)
            throw DataError(path.string() + ": \"" + name + "\" is an object; " +
                            (group.empty() ? "numbers are expected" : "only \"" + group + "\" may be one"));
        read_members(value, grouped, path.string() + ": " + group + ": ");
    }
}

}  // namespace gruve

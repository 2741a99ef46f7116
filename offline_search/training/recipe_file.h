// Recipes: JSON files with training settings.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

namespace gruve {

/// A number in a recipe, and its range.
struct RecipeMember {
    double least, most;
    std::function<void(double)> set;
    double step = 0;  // 0: any number; otherwise a multiple of this
};
using RecipeMembers = std::map<std::string, RecipeMember>;

inline RecipeMember whole(int& target, double least, double most, int step = 1) {
    return {least, most, [&target](double v) { target = static_cast<int>(v); }, static_cast<double>(step)};
}
template <typename Real>
RecipeMember real(Real& target, double least, double most) {
    return {least, most, [&target](double v) { target = static_cast<Real>(v); }};
}

/// Sets the members that the file contains. The file is an object of numbers (`members`). One of its members may be an
/// object named `group` with the numbers `grouped`; if `group` is empty, no objects are allowed.
/// Throws DataError naming the file, the member and its range.
void read_recipe(const std::filesystem::path&, const RecipeMembers& members, const std::string& group = {},
                 const RecipeMembers& grouped = {});

}  // namespace gruve

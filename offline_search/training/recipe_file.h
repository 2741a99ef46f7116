// Recipes: JSON files of training settings that a person copies and changes.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

namespace gruve {

/// A number that a recipe may hold.
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

/// Sets what the file names: numbers of `members`, and of `grouped` those in its one object, called `group` (empty: there is none).
/// Throws DataError naming the file, the member and what it may be.
void read_recipe(const std::filesystem::path&, const RecipeMembers& members, const std::string& group = {},
                 const RecipeMembers& grouped = {});

}  // namespace gruve

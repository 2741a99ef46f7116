#include "offline_search/report/gene_label.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "engine/model/operators.h"

namespace gruve {
namespace {

constexpr const char* row_multipliers = "row multipliers";
constexpr const char* hidden = "hidden";

/// Operators whose names need more than spaces.
constexpr std::pair<std::string_view, std::string_view> operator_labels[] = {
    {"one_minus_z", "1 − z"},
    {"product_reset", "reset product"},
    {"product_candidate", "candidate product"},
    {"product_state", "state product"},
};

}  // namespace

std::string gene_label(const std::string& name) {
    const std::size_t comma = name.find(", ");
    const std::size_t begin = comma == std::string::npos ? 0 : comma + 2;  // after "layer 1, "
    std::string label = name.substr(begin);
    for (const auto& [id, text] : operator_labels)
        if (label == id) label = text;
    std::replace(label.begin(), label.end(), '_', ' ');
    return name.substr(0, begin) + label;
}

bool sets_bits(const GeneInfo& gene) { return gene.name != row_multipliers && gene.name != hidden; }

std::string width_label(const GeneInfo& gene, int width) {
    if (gene.name == row_multipliers) return width == 1 ? "yes" : "no";
    return sets_bits(gene) && width == ternary_width ? "1.6" : std::to_string(width);
}

}  // namespace gruve

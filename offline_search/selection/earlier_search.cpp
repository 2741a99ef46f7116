#include "offline_search/selection/earlier_search.h"

#include <algorithm>

#include "datasets/support/data_error.h"
#include "datasets/support/random.h"

namespace gruve {

std::vector<GeneInfo> gene_infos(const GeneSpace& space) {
    std::vector<GeneInfo> infos;
    for (const Gene& gene : space.genes()) infos.push_back({gene.name, space.meaning(gene)});
    return infos;
}

EarlierSearch earlier_search(const std::filesystem::path& path, const GeneSpace& space) {
    if (path.empty()) return {};
    const SearchResult result = load_result(path);
    const std::vector<GeneInfo> here = gene_infos(space);
    const auto differ = std::ranges::mismatch(here, result.genes, [](const GeneInfo& a, const GeneInfo& b) {
        return a.name == b.name && a.widths == b.widths;
    });
    if (differ.in1 != here.end() || differ.in2 != result.genes.end())
        throw DataError(path.string() + ": searched " + std::to_string(result.genes.size()) + " genes, --model and " +
                        "--scheme have " + std::to_string(here.size()) + "; the first that differs is " +
                        (differ.in1 != here.end() ? differ.in1->name : differ.in2->name));
    EarlierSearch earlier{result.sensitivity, {}};
    for (const Point& point : result.archive) earlier.front.push_back(point.genes);
    const auto fits = [&](std::size_t gene, int level) { return level >= 0 && level <= space.highest(gene); };
    const bool whole_front = std::ranges::all_of(earlier.front, [&](const Genes& genes) {
        for (std::size_t gene = 0; gene < genes.size(); ++gene)
            if (gene >= space.size() || !fits(gene, genes[gene])) return false;
        return genes.size() == space.size();
    });
    std::size_t next = 0;  // greedy_path() relies on the order
    bool whole_scan = true;
    for (std::size_t gene = 0; gene < space.size(); ++gene)
        for (int level = 0; level <= space.highest(gene); ++level, ++next)
            whole_scan = whole_scan && next < earlier.sensitivity.size() &&
                         earlier.sensitivity[next].gene == static_cast<int>(gene) &&
                         earlier.sensitivity[next].level == level;
    if (!whole_front || !whole_scan || next != earlier.sensitivity.size())
        throw DataError(path.string() + ": its scan or its front doesn't fit its genes");
    return earlier;
}

std::string mark_of(const EarlierSearch& earlier) {
    if (earlier.sensitivity.empty()) return "";
    std::string text;
    for (const Genes& genes : earlier.front) text += to_text(genes) + " ";
    for (const Sensitivity& s : earlier.sensitivity) text += std::to_string(s.objectives.error) + " ";
    return " after " + std::to_string(hash_of(text, 0));
}

}  // namespace gruve

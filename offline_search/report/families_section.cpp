#include "offline_search/report/families_section.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/preset/metric.h"
#include "offline_search/report/gene_label.h"
#include "offline_search/report/svg_plot.h"

namespace gruve {
namespace {

constexpr std::size_t families_wanted = 4;

using Family = std::vector<const Point*>;

/// Mean absolute difference of two genomes' genes, each as a share of its range.
double distance(const SearchResult& result, const Genes& a, const Genes& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += std::abs(a[i] - b[i]) / std::max(1.0, static_cast<double>(result.genes[i].widths.size()) - 1);
    return sum / static_cast<double>(a.size());
}

/// Mean distance between the members of two families (average linkage).
double distance(const SearchResult& result, const Family& a, const Family& b) {
    double sum = 0;
    for (const Point* p : a)
        for (const Point* q : b) sum += distance(result, p->genes, q->genes);
    return sum / static_cast<double>(a.size() * b.size());
}

/// Agglomerative clustering: joins the two nearest families until few enough are left. Sorted by the smallest member.
std::vector<Family> families_of(const SearchResult& result, const std::vector<const Point*>& points) {
    std::vector<Family> families;
    for (const Point* point : points) families.push_back({point});
    while (families.size() > families_wanted) {
        std::size_t best_a = 0, best_b = 1;
        double nearest = 2;  // distances are at most 1
        for (std::size_t a = 0; a < families.size(); ++a)
            for (std::size_t b = a + 1; b < families.size(); ++b)
                if (const double d = distance(result, families[a], families[b]); d < nearest)
                    nearest = d, best_a = a, best_b = b;
        families[best_a].insert(families[best_a].end(), families[best_b].begin(), families[best_b].end());
        families.erase(families.begin() + static_cast<std::ptrdiff_t>(best_b));
    }
    const auto smallest = [](const Family& family) {
        double bytes = family.front()->objectives.bytes;
        for (const Point* point : family) bytes = std::min(bytes, point->objectives.bytes);
        return bytes;
    };
    std::sort(families.begin(), families.end(),
              [&](const Family& a, const Family& b) { return smallest(a) < smallest(b); });
    return families;
}

/// The genes that have the same width in all members: "linear ir 2, add z 5".
std::string shared_widths(const SearchResult& result, const Family& family) {
    std::string text;
    for (std::size_t i = 0; i < result.genes.size(); ++i) {
        const GeneInfo& gene = result.genes[i];
        const int level = family.front()->genes[i];
        if (std::any_of(family.begin(), family.end(), [&](const Point* p) { return p->genes[i] != level; })) continue;
        const int width = gene.widths.at(static_cast<std::size_t>(level));
        text += (text.empty() ? "" : ", ") + escape(gene_label(gene.name)) + " " + width_label(gene, width);
    }
    return text.empty() ? "nothing" : text;
}

/// Smallest and largest `value` of the members.
template <typename Value>
std::pair<double, double> range_of(const Family& family, Value value) {
    std::pair<double, double> range{value(*family.front()), value(*family.front())};
    for (const Point* point : family) {
        range.first = std::min(range.first, value(*point));
        range.second = std::max(range.second, value(*point));
    }
    return range;
}

std::string row(const SearchResult& result, const Family& family) {
    const Metric metric = metric_named(result.metric);
    const auto [fewest, most] = range_of(family, [](const Point& p) { return p.objectives.bytes; });
    const auto [worst, best] = range_of(family, [](const Point& p) { return p.objectives.value; });
    const std::string bytes = fewest == most ? grouped(fewest) : grouped(fewest) + " to " + grouped(most);
    return "<tr><td>" + std::to_string(family.size()) + "</td><td>" + bytes + "</td><td>" + metric.text(worst) +
           " to " + metric.text(best) + "</td><td style='text-align:left;white-space:normal'>" +
           shared_widths(result, family) + "</td></tr>\n";
}

}  // namespace

std::string families_html(const SearchResult& result) {
    const std::vector<const Point*> useful = useful_points(result);
    if (useful.size() < 2) return "<p class='soft'>Too few genomes to group.</p>\n";
    std::string html = "<div class='scroll'><table><thead><tr><th>genomes</th><th>bytes</th><th>" +
                       escape(metric_named(result.metric).axis()) +
                       "</th><th style='text-align:left'>bits that all members share</th></tr></thead><tbody>\n";
    for (const Family& family : families_of(result, useful)) html += row(result, family);
    return html + "</tbody></table></div>\n<p class='soft'>The useful part of the front in at most " +
           std::to_string(families_wanted) +
           " families. Genomes are grouped by the mean difference of their widths (average linkage).</p>\n";
}

}  // namespace gruve

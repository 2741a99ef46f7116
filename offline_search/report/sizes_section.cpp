#include "offline_search/report/sizes_section.h"

#include <algorithm>

#include "engine/preset/metric.h"
#include "offline_search/report/svg_plot.h"

namespace gruve {
namespace {

/// The units of the point's network.
int units_of(const SearchResult& result, const Point& point) {
    for (std::size_t i = 0; i < result.genes.size(); ++i)
        if (result.genes[i].name == "hidden")
            return result.genes[i].widths.at(static_cast<std::size_t>(point.genes[i]));
    return 0;
}

std::string cells(const SearchResult& result, const Point& point) {
    return "<td>" + std::to_string(units_of(result, point)) + "</td><td>" + grouped(point.objectives.bytes) + "</td>";
}

}  // namespace

const Point* smallest_size_within(const std::vector<JudgedPoint>& points, double error) {
    const Point* smallest = nullptr;
    for (const JudgedPoint& judged : points)
        if (judged.point.objectives.error <= error &&
            (smallest == nullptr || judged.point.objectives.bytes < smallest->objectives.bytes))
            smallest = &judged.point;
    return smallest;
}

std::string sizes_html(const SearchResult& result) {
    if (result.sizes.empty()) return "";
    const Metric metric = metric_named(result.metric);
    const double least =
        std::min_element(result.sizes.begin(), result.sizes.end(), [](const JudgedPoint& a, const JudgedPoint& b) {
            return a.point.objectives.error < b.point.objectives.error;
        })->point.objectives.error;
    std::string html =
        "<div class='scroll'><table><thead><tr><th>error above the least</th><th>8 bit, units</th><th>bytes</th>"
        "<th>mixed widths, units</th><th>bytes</th><th>smaller</th></tr></thead><tbody>\n";
    for (const int tolerances : {0, 1, 2, 4, 6}) {
        const double allowed = least + tolerances * result.tolerance;
        const Point* eight = smallest_size_within(result.sizes, allowed);
        const Point* mixed = smallest_within(result.archive, allowed);
        if (eight == nullptr || mixed == nullptr) continue;
        html += "<tr><td>" + metric.difference_text(tolerances * result.tolerance) + "</td>" + cells(result, *eight) +
                cells(result, *mixed) + "<td>" +
                number(100 * (1 - mixed->objectives.bytes / eight->objectives.bytes), 1) + " %</td></tr>\n";
    }
    return html +
           "</tbody></table></div>\n<p class='soft'>Why not a smaller network at 8 bit? The left half has the smallest "
           "one of the searched sizes whose smooth error on validation clips is at most so much above the least that "
           "any 8-bit network reaches; the right half has the smallest point of the front. The scores of the 8-bit "
           "networks on the test split are in search.json.</p>\n";
}

}  // namespace gruve

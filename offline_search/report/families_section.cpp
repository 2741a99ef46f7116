// Families of genomes along the front, and what the members of each share.
#include <algorithm>
#include <cmath>

#include "offline_search/report/report.h"
#include "offline_search/report/svg_plot.h"

namespace gruve {
namespace {

constexpr std::size_t clusters_wanted = 4;

using Cluster = std::vector<const Point*>;

/// Mean absolute difference of two genomes' genes, each as a share of its range.
double distance(const SearchResult& result, const Genes& a, const Genes& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += std::abs(a[i] - b[i]) / std::max(1.0, static_cast<double>(result.genes[i].widths.size()) - 1);
    return sum / static_cast<double>(a.size());
}

/// Mean distance between members (average linkage).
double distance(const SearchResult& result, const Cluster& a, const Cluster& b) {
    double sum = 0;
    for (const Point* p : a)
        for (const Point* q : b) sum += distance(result, p->genes, q->genes);
    return sum / static_cast<double>(a.size() * b.size());
}

std::vector<Cluster> clusters_of(const SearchResult& result, const std::vector<const Point*>& points) {
    std::vector<Cluster> clusters;
    for (const Point* point : points) clusters.push_back({point});
    while (clusters.size() > clusters_wanted) {
        std::size_t best_a = 0, best_b = 1;
        double nearest = 2;
        for (std::size_t a = 0; a < clusters.size(); ++a)
            for (std::size_t b = a + 1; b < clusters.size(); ++b)
                if (const double d = distance(result, clusters[a], clusters[b]); d < nearest)
                    nearest = d, best_a = a, best_b = b;
        clusters[best_a].insert(clusters[best_a].end(), clusters[best_b].begin(), clusters[best_b].end());
        clusters.erase(clusters.begin() + static_cast<std::ptrdiff_t>(best_b));
    }
    const auto smallest = [](const Cluster& c) {
        return (*std::min_element(
                    c.begin(), c.end(),
                    [](const Point* p, const Point* q) { return p->objectives.bytes < q->objectives.bytes; }))
            ->objectives.bytes;
    };
    std::sort(clusters.begin(), clusters.end(),
              [&](const Cluster& a, const Cluster& b) { return smallest(a) < smallest(b); });
    return clusters;
}

std::string span_text(double low, double high) {
    return low == high ? grouped(low) : grouped(low) + " … " + grouped(high);
}

/// "linear_ir 2, add_z 5, …": what all members have in common.
std::string shared_text(const SearchResult& result, const Cluster& cluster) {
    std::string text;
    for (std::size_t i = 0; i < result.genes.size(); ++i) {
        const int level = cluster.front()->genes[i];
        if (std::any_of(cluster.begin(), cluster.end(), [&](const Point* p) { return p->genes[i] != level; })) continue;
        const int width = result.genes[i].widths.at(static_cast<std::size_t>(level));
        const std::string shown = result.genes[i].name == "row multipliers" ? (width ? "per row" : "one")
                                  : width == ternary_width                  ? "1.6"
                                                                            : std::to_string(width);
        text += (text.empty() ? "" : ", ") + escape(result.genes[i].name) + " " + shown;
    }
    return text.empty() ? "nothing" : text;
}

}  // namespace

std::string clusters_html(const SearchResult& result) {
    const double worst = result.homogeneous.front().point.objectives.error + 20 * result.tolerance;
    std::vector<const Point*> useful;
    for (const Point& point : result.archive)
        if (point.objectives.error <= worst) useful.push_back(&point);
    if (useful.size() < 2) return "<p class='soft'>Too few genomes to group.</p>\n";
    std::string html = "<div class='scroll'><table><thead><tr><th>genomes</th><th>bytes</th><th>" +
                       escape(result.metric) +
                       "</th><th style='text-align:left'>what all of them share</th></tr></thead><tbody>\n";
    for (const Cluster& cluster : clusters_of(result, useful)) {
        const auto by = [&](auto value) {
            const auto [low, high] = std::minmax_element(
                cluster.begin(), cluster.end(), [&](const Point* a, const Point* b) { return value(*a) < value(*b); });
            return std::pair(value(**low), value(**high));
        };
        const auto bytes = by([](const Point& p) { return p.objectives.bytes; });
        const auto values = by([](const Point& p) { return p.objectives.value; });
        html += "<tr><td>" + std::to_string(cluster.size()) + "</td><td>" + span_text(bytes.first, bytes.second) +
                "</td><td>" + value_text(result.metric, values.first) + " … " +
                value_text(result.metric, values.second) + "</td><td style='text-align:left;white-space:normal'>" +
                shared_text(result, cluster) + "</td></tr>\n";
    }
    return html + "</tbody></table></div>\n<p class='soft'>The useful part of the front in at most " +
           std::to_string(clusters_wanted) +
           " families: genomes grouped by the mean difference of their widths (average linkage).</p>\n";
}

}  // namespace gruve

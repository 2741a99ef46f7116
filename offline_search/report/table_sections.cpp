#include "offline_search/report/table_sections.h"

#include <algorithm>
#include <cmath>

#include "engine/model/operators.h"
#include "engine/preset/metric.h"
#include "offline_search/report/gene_label.h"
#include "offline_search/report/svg_plot.h"

namespace gruve {
namespace {

/// As many columns of a heat map as fit a page.
constexpr std::size_t heat_columns = 28;

/// Light blue (few bits) to deep orange (many). The two can be told apart without colour vision, and black text stays
/// readable on both.
std::string width_colour(double share) {
    const auto mix = [&](double a, double b) { return number(a + (b - a) * std::clamp(share, 0.0, 1.0), 0); };
    return "rgb(" + mix(214, 244) + "," + mix(232, 150) + "," + mix(247, 90) + ")";
}

/// White (nothing lost) to red.
std::string loss_colour(double share) {
    const auto mix = [&](double a, double b) {
        return number(a + (b - a) * std::sqrt(std::clamp(share, 0.0, 1.0)), 0);
    };
    return "rgb(" + mix(238, 226) + "," + mix(243, 90) + "," + mix(240, 80) + ")";
}

/// A cell of a sortable table.
std::string cell(double sort_by, const std::string& text) {
    return "<td data-v='" + number(sort_by, 6) + "'>" + text + "</td>";
}

/// Mean bits of a weight over the six linears of the first GRU layer.
double mean_weight_bits(const SearchResult& result, const Genes& genes) {
    double bits = 0;
    for (std::size_t i = 0; i < linear_count && i < genes.size(); ++i)
        bits += bits_per_weight(result.genes[i].widths[static_cast<std::size_t>(genes[i])]) / linear_count;
    return bits;
}

/// Score::shown; nothing where the result has none.
std::string shown_cell(const SearchResult& result, const Score& score) {
    return result.shown_metric.empty() || !score.shown ? "" : cell(score.shown->value, shown_text(result, score));
}

/// The headings of shown_cell() on both splits.
std::string shown_headings(const SearchResult& result) {
    if (result.shown_metric.empty()) return "";
    const std::string name = escape(std::string(metric_named(result.shown_metric).name));
    return "<th>" + name + ", validation</th><th>" + name + ", test</th>";
}

std::string row(const SearchResult& result, const JudgedPoint& judged, const std::string& css,
                const std::string& name) {
    const Metric metric = metric_named(result.metric);
    const auto score = [&](const Score& s) { return cell(s.value, score_text(s, metric)); };
    const double smaller = reduction(result, judged.point);
    const double difference = judged.test.value - result.homogeneous.front().test.value;
    const double bits = mean_weight_bits(result, judged.point.genes);
    return "<tr class='" + css + "'><td>" + escape(name) +
           (judged.fine_tuned && judged.recommended ? ", fine-tuned" : "") + "</td>" +
           cell(judged.point.objectives.bytes, grouped(judged.point.objectives.bytes)) +
           cell(smaller, number(100 * smaller, 1) + " %") + score(judged.validation) + score(judged.test) +
           cell(difference, metric.difference_text(difference)) + shown_cell(result, judged.validation) +
           shown_cell(result, judged.test) + cell(bits, number(bits, 1)) + "</tr>\n";
}

/// At most heat_columns of the points, evenly by position, both ends included.
std::vector<const Point*> thinned(const std::vector<const Point*>& points) {
    if (points.size() <= heat_columns) return points;
    std::vector<const Point*> result;
    for (std::size_t i = 0; i < heat_columns; ++i)
        result.push_back(points[i * (points.size() - 1) / (heat_columns - 1)]);
    return result;
}

/// All numbers of bits that some gene may have, rising.
std::vector<int> all_bits(const SearchResult& result) {
    std::vector<int> all;
    for (const GeneInfo& gene : result.genes)
        if (sets_bits(gene)) all.insert(all.end(), gene.widths.begin(), gene.widths.end());
    std::sort(all.begin(), all.end(), [](int a, int b) { return bits_per_weight(a) < bits_per_weight(b); });
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

/// The scan's entry of a gene at `width`; nullptr where the gene has no such width.
const Sensitivity* sensitivity_at(const SearchResult& result, std::size_t gene, int width) {
    for (const Sensitivity& s : result.sensitivity)
        if (s.gene == static_cast<int>(gene) &&
            result.genes[gene].widths.at(static_cast<std::size_t>(s.level)) == width)
            return &s;
    return nullptr;
}

/// The gain or loss of `lowered` against the gene at its most bits, on a background that shows the loss.
std::string sensitivity_cell(const SearchResult& result, const Sensitivity* top, const Sensitivity* lowered) {
    if (top == nullptr || lowered == nullptr) return "<td style='background:none'></td>";
    const Metric metric = metric_named(result.metric);
    const double change = metric.shown(top->objectives.error - lowered->objectives.error);
    const std::string shown = number(std::abs(change), 1);
    return "<td style='background:" + loss_colour(-change / metric.shown(useful_tolerances * result.tolerance)) + "'>" +
           (shown == "0.0" ? "0" : (change < 0 ? "−" : "+") + shown) + "</td>";
}

}  // namespace

std::string preset_table_html(const SearchResult& result) {
    const Metric metric = metric_named(result.metric);
    std::string html =
        "<div class='scroll'><table class='sortable'><thead><tr><th>preset</th><th>bytes</th><th>smaller</th>"
        "<th>validation ± 95 %</th><th>test ± 95 %</th><th>test, against 8 bit</th>" +
        shown_headings(result) + "<th>mean weight bits</th></tr></thead><tbody>\n";
    for (const JudgedPoint& judged : result.presets)
        html += row(result, judged, judged.recommended ? "best" : "", judged.name);
    int width = max_width;
    for (const JudgedPoint& judged : result.homogeneous)
        html += row(result, judged, "same",
                    "homogeneous " + std::to_string(width--) + " bit" + (judged.fine_tuned ? ", fine-tuned" : ""));
    return html + "</tbody></table></div>\n<p class='soft'>Scores: " + escape(std::string(metric.name)) + " of " +
           std::to_string(result.float_validation.n) + " validation clips and " + std::to_string(result.float_test.n) +
           " test clips. The float network reaches " + metric.text(result.float_validation.value) + " and " +
           metric.text(result.float_test.value) + ". Click a heading to sort by it.</p>\n";
}

std::string widths_html(const SearchResult& result) {
    const Metric metric = metric_named(result.metric);
    const std::vector<const Point*> columns = thinned(useful_points(result));
    const JudgedPoint* best = recommended(result);
    std::string html = "<div class='scroll'><table class='heat'><thead class='tall'><tr><th>bytes</th>";
    for (const Point* point : columns)
        html += "<th" + std::string(best != nullptr && best->point == *point ? " style='color:var(--green)'" : "") +
                "><span>" + grouped(point->objectives.bytes) + "</span></th>";
    html += "</tr></thead><tbody>\n";
    for (std::size_t i = 0; i < result.genes.size(); ++i) {
        const GeneInfo& gene = result.genes[i];
        const double highest = std::max<double>(1, static_cast<double>(gene.widths.size()) - 1);
        html += "<tr><th>" + escape(gene_label(gene.name)) + "</th>";
        for (const Point* point : columns) {
            const int level = point->genes.at(i);
            html += "<td style='background:" + width_colour(level / highest) + "'>" +
                    width_label(gene, gene.widths.at(static_cast<std::size_t>(level))) + "</td>";
        }
        html += "</tr>\n";
    }
    html += "<tr><th>" + escape(metric.axis()) + "</th>";
    for (const Point* point : columns)
        html += "<td style='background:none;color:inherit;font-size:.72rem'>" +
                number(metric.shown(point->objectives.value), 1) + "</td>";
    return html +
           "</tr></tbody></table></div>\n<p class='soft'>One column for each point of the front, the smallest first. "
           "A cell holds an operator's bits, for the six linears the bits of their weights. Scores are of the "
           "validation split.</p>\n";
}

std::string sensitivity_html(const SearchResult& result) {
    const Metric metric = metric_named(result.metric);
    const std::vector<int> all = all_bits(result);
    std::string html = "<div class='scroll'><table class='heat'><thead><tr><th>bits</th>";
    for (const int width : all)
        html += "<th>" + (width == ternary_width ? std::string("1.6") : std::to_string(width)) + "</th>";
    html += "</tr></thead><tbody>\n";
    for (std::size_t i = 0; i < result.genes.size(); ++i) {
        const GeneInfo& gene = result.genes[i];
        if (!sets_bits(gene)) continue;
        html += "<tr><th>" + escape(gene_label(gene.name)) + "</th>";
        const Sensitivity* top = sensitivity_at(result, i, gene.widths.back());
        for (const int width : all) html += sensitivity_cell(result, top, sensitivity_at(result, i, width));
        html += "</tr>\n";
    }
    return html + "</tbody></table></div>\n<p class='soft'>Change of the " + escape(std::string(metric.name)) +
           (metric.difference_unit.empty() ? "" : " in " + std::string(metric.difference_unit)) +
           " on the validation split when this operator alone is lowered and all others keep their most bits. It is "
           "the change of the smooth error that the search minimises: for classes, the accuracy that the network's "
           "sharpened probabilities let expect.</p>\n";
}

std::string settings_html(const SearchResult& result) {
    return "<pre>" + escape(result.command) + "</pre>\n<p class='soft'>Scheme " + escape(result.scheme) + ", seed " +
           std::to_string(result.seed) + ", population " + std::to_string(result.population) + ", " +
           std::to_string(result.generations) + " generations, " + std::to_string(result.calibration) +
           " calibration sequences. Model " + escape(result.model_hash) + ", data " + escape(result.data_hash) +
           ". Bytes count the parameters that a device must hold: packed weights, biases, multipliers, shifts and "
           "tables.</p>\n";
}

}  // namespace gruve

// The preset table, the two heat maps, the settings.
#include <algorithm>
#include <cmath>

#include "engine/model/operators.h"
#include "offline_search/report/report.h"
#include "offline_search/report/svg_plot.h"
#include "offline_search/search/evaluator.h"

namespace gruve {
namespace {

constexpr std::size_t heat_columns = 28;

/// Light blue (few bits) to deep orange (many): told apart without colour vision, and black text stays readable.
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

std::string width_name(const GeneInfo& gene, int width) {
    if (gene.name == "row multipliers") return width == 1 ? "row" : "one";
    return width == ternary_width ? "1.6" : std::to_string(width);
}

/// Bits, not a choice of another kind.
bool is_width(const GeneInfo& gene) { return gene.name != "row multipliers" && gene.name != "hidden"; }

std::string cell(double sort_by, const std::string& text) {
    return "<td data-v='" + number(sort_by, 6) + "'>" + text + "</td>";
}

std::string row(const SearchResult& result, const JudgedPoint& judged, const std::string& css,
                const std::string& name) {
    const JudgedPoint& eight = result.homogeneous.front();
    const auto score = [&](const Score& s) {
        return cell(s.value,
                    value_text(result.metric, s.value) + " ± " + number(shown_value(result.metric, s.ci95), 2));
    };
    double weights = 0;
    for (std::size_t i = 0; i < linear_count && i < judged.point.genes.size(); ++i)
        weights +=
            bits_per_weight(result.genes[i].widths[static_cast<std::size_t>(judged.point.genes[i])]) / linear_count;
    const double smaller = reduction(result, judged.point);
    return "<tr class='" + css + "'><td>" + escape(name) +
           (judged.fine_tuned && judged.recommended ? ", fine-tuned" : "") + "</td>" +
           cell(judged.point.objectives.bytes, grouped(judged.point.objectives.bytes)) +
           cell(smaller, number(100 * smaller, 1) + " %") + score(judged.validation) + score(judged.test) +
           cell(judged.test.value - eight.test.value,
                difference_text(result.metric, judged.test.value - eight.test.value)) +
           cell(weights, number(weights, 1)) + "</tr>\n";
}

}  // namespace

std::string preset_table_html(const SearchResult& result) {
    std::string html =
        "<div class='scroll'><table "
        "class='sortable'><thead><tr><th>preset</th><th>bytes</th><th>smaller</th><th>validation ± 95 %</th><th>test ± "
        "95 %</th>"
        "<th>test − 8 bit</th><th>mean weight bits</th></tr></thead><tbody>\n";
    for (const JudgedPoint& judged : result.presets)
        html += row(result, judged, judged.recommended ? "best" : "", judged.name);
    for (const JudgedPoint& judged : result.homogeneous)
        html += row(result, judged, "same",
                    "homogeneous " + std::to_string(8 - (&judged - result.homogeneous.data())) + " bit");
    return html + "</tbody></table></div>\n<p class='soft'>n = " + std::to_string(result.float_validation.n) +
           " validation and " + std::to_string(result.float_test.n) + " test clips; float " +
           value_text(result.metric, result.float_validation.value) + " and " +
           value_text(result.metric, result.float_test.value) + ". A click on a heading sorts.</p>\n";
}

std::string widths_html(const SearchResult& result) {
    // The useful part of the front, from the smallest point on; thinned to what fits a page.
    const double worst = result.homogeneous.front().point.objectives.error + 20 * result.tolerance;
    std::vector<const Point*> useful, columns;
    for (const Point& point : result.archive)
        if (point.objectives.error <= worst) useful.push_back(&point);
    for (std::size_t i = 0; i < std::min(heat_columns, useful.size()); ++i)
        columns.push_back(useful[useful.size() <= heat_columns ? i : i * (useful.size() - 1) / (heat_columns - 1)]);
    const JudgedPoint* best = recommended(result);
    std::string html = "<div class='scroll'><table class='heat'><thead class='tall'><tr><th>bytes</th>";
    for (const Point* point : columns)
        html += "<th" + std::string(best != nullptr && best->point == *point ? " style='color:var(--green)'" : "") +
                "><span>" + grouped(point->objectives.bytes) + "</span></th>";
    html += "</tr></thead><tbody>\n";
    for (std::size_t i = 0; i < result.genes.size(); ++i) {
        const GeneInfo& gene = result.genes[i];
        html += "<tr><th>" + escape(gene.name) + "</th>";
        for (const Point* point : columns) {
            const int width = gene.widths.at(static_cast<std::size_t>(point->genes.at(i)));
            html += "<td style='background:" +
                    width_colour(static_cast<double>(point->genes[i]) /
                                 std::max<double>(1, static_cast<double>(gene.widths.size()) - 1)) +
                    "'>" + width_name(gene, width) + "</td>";
        }
        html += "</tr>\n";
    }
    html += "<tr><th>" + escape(result.metric) + "</th>";
    for (const Point* point : columns)
        html += "<td style='background:none;color:inherit;font-size:.72rem'>" +
                number(shown_value(result.metric, point->objectives.value), 1) + "</td>";
    return html +
           "</tr></tbody></table></div>\n<p class='soft'>One column per point of the front, smallest first; bits of "
           "each operator (weights of the six linears). Validation split.</p>\n";
}

std::string sensitivity_html(const SearchResult& result) {
    std::vector<int> all;
    for (const GeneInfo& gene : result.genes)
        if (is_width(gene)) all.insert(all.end(), gene.widths.begin(), gene.widths.end());
    std::sort(all.begin(), all.end(), [](int a, int b) { return bits_per_weight(a) < bits_per_weight(b); });
    all.erase(std::unique(all.begin(), all.end()), all.end());
    std::string html = "<div class='scroll'><table class='heat'><thead><tr><th>bits</th>";
    for (const int width : all)
        html += "<th>" + (width == ternary_width ? std::string("1.6") : std::to_string(width)) + "</th>";
    html += "</tr></thead><tbody>\n";
    for (std::size_t i = 0; i < result.genes.size(); ++i) {
        const GeneInfo& gene = result.genes[i];
        if (!is_width(gene)) continue;
        html += "<tr><th>" + escape(gene.name) + "</th>";
        const auto top = std::find_if(result.sensitivity.begin(), result.sensitivity.end(), [&](const Sensitivity& s) {
            return s.gene == static_cast<int>(i) && s.level + 1 == static_cast<int>(gene.widths.size());
        });
        for (const int width : all) {
            const auto found =
                std::find_if(result.sensitivity.begin(), result.sensitivity.end(), [&](const Sensitivity& s) {
                    return s.gene == static_cast<int>(i) && gene.widths.at(static_cast<std::size_t>(s.level)) == width;
                });
            if (found == result.sensitivity.end() || top == result.sensitivity.end()) {
                html += "<td style='background:none'></td>";
                continue;
            }
            const double change = shown_value(result.metric, top->objectives.error - found->objectives.error);
            const std::string shown = number(std::abs(change), 1);
            html +=
                "<td style='background:" + loss_colour(-change / shown_value(result.metric, 20 * result.tolerance)) +
                "'>" + (shown == "0.0" ? "0" : (change < 0 ? "−" : "+") + shown) + "</td>";
        }
        html += "</tr>\n";
    }
    return html + "</tbody></table></div>\n<p class='soft'>Change of " +
           (result.metric == "accuracy" ? "the accuracy to be expected from the (sharpened) probabilities, in points,"
                                        : escape(result.metric) + " in dB") +
           " on the validation split when this operator alone is lowered and all others keep their most bits.</p>\n";
}

std::string settings_html(const SearchResult& result) {
    return "<pre>" + escape(result.command) + "</pre>\n<p class='soft'>Scheme " + escape(result.scheme) + ", seed " +
           std::to_string(result.seed) + ", population " + std::to_string(result.population) + ", " +
           std::to_string(result.generations) + " generations, " + std::to_string(result.calibration) +
           " calibration sequences. Model " + escape(result.model_hash) + ", data " + escape(result.data_hash) +
           ". Sizes are real parameter bytes: packed weights, biases, multipliers, shifts, tables.</p>\n";
}

}  // namespace gruve

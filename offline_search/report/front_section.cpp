// The verdict, the plot of error against size, and the story of the hypervolume.
#include <algorithm>

#include "offline_search/report/report.h"
#include "offline_search/report/svg_plot.h"
#include "offline_search/search/evaluator.h"

namespace gruve {
namespace {

/// Points further below homogeneous 8 bit than this many tolerances aren't drawn: nobody would take them.
constexpr double drawn_tolerances = 10;

SvgPlot::Position position(const SearchResult& result, const Objectives& o) {
    return {o.bytes / 1000, shown_value(result.metric, o.value)};
}

std::string widths_text(const SearchResult& result, const Genes& genes) {
    std::string text;
    for (std::size_t i = 0; i < genes.size(); ++i)
        text += (i == 0 ? "" : " ") + result.genes[i].name + " " +
                std::to_string(result.genes[i].widths.at(static_cast<std::size_t>(genes[i])));
    return text;
}

std::string hover(const SearchResult& result, const Point& point) {
    return grouped(point.objectives.bytes) + " bytes, " + value_text(result.metric, point.objectives.value) + "\n" +
           widths_text(result, point.genes);
}

}  // namespace

std::string verdict_html(const SearchResult& result) {
    const JudgedPoint* best = recommended(result);
    const JudgedPoint& eight = result.homogeneous.front();
    const auto score = [&](const Score& s) {
        return value_text(result.metric, s.value) + " ± " + number(shown_value(result.metric, s.ci95), 2);
    };
    std::string html = "<p class='verdict'>";
    if (best == nullptr) {
        html += "No preset is smaller than homogeneous 8 bit within the tolerance.";
    } else {
        html += "Take <b>" + escape(best->file) + "</b>: " + grouped(best->point.objectives.bytes) + " bytes, <b>" +
                number(100 * reduction(result, best->point), 1) + " % smaller</b> than homogeneous 8 bit (" +
                grouped(eight.point.objectives.bytes) + " bytes). " + escape(result.metric) + " on the test split " +
                score(best->test) + " (n = " + std::to_string(best->test.n) + "), homogeneous 8 bit " +
                score(eight.test) + ", float " + score(result.float_test) + ".";
    }
    html += "</p>\n<p class='soft'>It is the smallest one found within " +
            difference_text(result.metric, result.tolerance).substr(1) +
            " of homogeneous 8 bit on the validation split, and near it on altered validation clips: by the metric as "
            "measured, by the smooth error with the one-sided 95 % bound of the "
            "paired difference, clips of one speaker taken together. (Where none is, the one whose bounds lie lowest.) "
            "This run scored the test split after everything was chosen.";
    if (result.interrupted)
        html += " <b>The search was stopped after generation " + std::to_string(result.generations) +
                "; --resume continues it.</b>";
    return html + "</p>\n";
}

std::string front_html(const std::vector<const SearchResult*>& results) {
    double low = 1e300, high = -1e300, bytes_low = 1e300, bytes_high = 0;
    for (const SearchResult* result : results) {
        const double eight = result->homogeneous.front().point.objectives.error;
        for (const Point& point : result->archive) {
            if (point.objectives.error > eight + drawn_tolerances * result->tolerance) continue;
            const auto p = position(*result, point.objectives);
            low = std::min(low, p.y), high = std::max(high, p.y), bytes_low = std::min(bytes_low, p.x);
        }
        high = std::max(high, shown_value(result->metric, result->float_validation.value));
        bytes_high = std::max(bytes_high, position(*result, result->homogeneous.front().point.objectives).x);
    }
    const double margin = std::max(0.08 * (high - low), 0.05);
    const SearchResult& first = *results.front();
    SvgPlot plot({std::max(0.0, bytes_low - 0.06 * bytes_high), 1.04 * bytes_high}, {low - margin, high + margin},
                 "parameter kilobytes",
                 first.metric + (first.metric == "accuracy" ? ", % of the validation split" : ", validation split"), 0,
                 high - low > 4 ? 0 : 1);
    int index = 0;
    for (const SearchResult* result : results) {
        const std::string css = std::to_string(index % 4),
                          scheme = results.size() > 1 ? result->scheme + ", seed " + std::to_string(result->seed) + ": "
                                                      : "";
        std::vector<SvgPlot::Position> corners, levels;
        for (const Point& point : result->archive) corners.push_back(position(*result, point.objectives));
        plot.steps(corners, "line-" + css);
        plot.legend(scheme + "front on validation", "line-" + css);
        for (const Point& point : result->archive)
            plot.mark(position(*result, point.objectives), "dot-" + css, 2.5, hover(*result, point));
        for (const JudgedPoint& judged : result->homogeneous) {
            levels.push_back(position(*result, judged.point.objectives));
            plot.mark(levels.back(), "dot-warm", 4, judged.name + "\n" + hover(*result, judged.point));
            const auto width = std::to_string(8 - (&judged - result->homogeneous.data()));
            if (index == 0) plot.label(levels.back(), width + " bit", "note", 8, 14);
        }
        plot.line(levels, "line-warm");
        for (const JudgedPoint& judged : result->presets)
            if (judged.fine_tuned)
                plot.mark(position(*result, judged.point.objectives), "dot-1", 4.5,
                          judged.name + "\n" + hover(*result, judged.point));
        if (results.size() == 1) {
            for (const JudgedPoint& judged : result->presets)
                plot.mark({judged.point.objectives.bytes / 1000, shown_value(result->metric, judged.test.value)},
                          "dot-test", 4,
                          judged.name + " on the test split: " + value_text(result->metric, judged.test.value));
        }
        if (const JudgedPoint* best = recommended(*result)) {
            const SvgPlot::Position place = position(*result, best->point.objectives);
            plot.mark(place, "dot-best", 6, best->name + "\n" + hover(*result, best->point));
            if (results.size() == 1)
                plot.label(place, "recommended: " + number(100 * reduction(*result, best->point), 0) + " % smaller",
                           "note", 12, 18);
        }
        ++index;
    }
    const double reference = shown_value(first.metric, first.float_validation.value);
    plot.line({{0, reference}, {1e9, reference}}, "line-dash");
    plot.legend("float network", "line-dash");
    plot.legend("homogeneous 8 … 2 bit", "dot-warm");
    plot.legend("recommended", "dot-best");
    if (std::any_of(first.presets.begin(), first.presets.end(), [](const JudgedPoint& p) { return p.fine_tuned; }))
        plot.legend("fine-tuned, validation", "dot-1");
    if (results.size() == 1) plot.legend("presets on the test split", "dot-test");
    return plot.text();
}

std::string history_html(const SearchResult& result) {
    if (result.history.empty()) return "";
    std::vector<SvgPlot::Position> points;
    for (const GenerationRecord& record : result.history)
        points.push_back({static_cast<double>(record.generation), record.hypervolume});
    const double low = std::min(result.hypervolume_homogeneous, points.front().y), high = points.back().y,
                 margin = std::max(0.05 * (high - low), 1e-4);
    SvgPlot plot({0, std::max(1.0, points.back().x)}, {low - margin, high + margin}, "generation", "hypervolume", 0,
                 high - low > 0.1 ? 2 : 3);
    plot.line(points, "line-0");
    plot.line({{0, result.hypervolume_homogeneous}, {1e9, result.hypervolume_homogeneous}}, "line-warm");
    plot.legend("all genomes so far", "line-0");
    plot.legend("homogeneous 8 … 2 bit: " + number(result.hypervolume_homogeneous, 3), "line-warm");
    return plot.text() +
           "<p class='soft'>Share of the box between the worst homogeneous error and the bytes of homogeneous 8 bit on "
           "one side, the float network's error at no bytes on the other. " +
           grouped(static_cast<double>(result.history.back().evaluations)) + " genomes were scored.</p>\n";
}

}  // namespace gruve

#include "offline_search/report/front_section.h"

#include <algorithm>
#include <cstdio>

#include "engine/model/operators.h"
#include "engine/preset/metric.h"
#include "offline_search/report/gene_label.h"
#include "offline_search/report/svg_plot.h"

namespace gruve {
namespace {

/// The frame ignores points that lose more than this many tolerances against homogeneous 8 bit: nobody would use them.
constexpr double drawn_tolerances = 10;

SvgPlot::Position position(const SearchResult& result, double bytes, double value) {
    return {bytes / 1000, metric_named(result.metric).shown(value)};
}

SvgPlot::Position position(const SearchResult& result, const Point& point) {
    return position(result, point.objectives.bytes, point.objectives.value);
}

std::string widths_text(const SearchResult& result, const Genes& genes) {
    std::string text;
    for (std::size_t i = 0; i < genes.size(); ++i)
        text += (i == 0 ? "" : ", ") + gene_label(result.genes[i].name) + " " +
                width_label(result.genes[i], result.genes[i].widths.at(static_cast<std::size_t>(genes[i])));
    return text;
}

std::string hover(const SearchResult& result, const Point& point) {
    return grouped(point.objectives.bytes) + " bytes, " + metric_named(result.metric).text(point.objectives.value) +
           "\n" + widths_text(result, point.genes);
}

/// Ranges of a plot of fronts: parameters in kB, values in the metric's shown unit.
struct Frame {
    Range kilobytes, values;
};

Frame frame_of(const std::vector<const SearchResult*>& results) {
    double low = 1e300, high = -1e300, kilobytes_low = 1e300, kilobytes_high = 0;
    for (const SearchResult* result : results) {
        const Point& eight = result->homogeneous.front().point;
        for (const Point& point : result->archive) {
            if (point.objectives.error > eight.objectives.error + drawn_tolerances * result->tolerance) continue;
            const auto p = position(*result, point);
            low = std::min(low, p.y), high = std::max(high, p.y), kilobytes_low = std::min(kilobytes_low, p.x);
        }
        high = std::max(high, position(*result, 0, result->float_validation.value).y);
        kilobytes_high = std::max(kilobytes_high, position(*result, eight).x);
    }
    const double margin = std::max(0.08 * (high - low), 0.05);
    return {{std::max(0.0, kilobytes_low - 0.06 * kilobytes_high), 1.04 * kilobytes_high},
            {low - margin, high + margin}};
}

/// A step line along the front and a dot on each of its points, in colour number `index`.
void draw_front(SvgPlot& plot, const SearchResult& result, int index, const std::string& run) {
    const std::string colour = std::to_string(index % 4);
    std::vector<SvgPlot::Position> corners;
    for (const Point& point : result.archive) corners.push_back(position(result, point));
    plot.steps(corners, "line-" + colour);
    plot.legend(run + "front on validation", "line-" + colour);
    for (const Point& point : result.archive)
        plot.mark(position(result, point), "dot-" + colour, 2.5, hover(result, point));
}

void draw_homogeneous(SvgPlot& plot, const SearchResult& result, bool labelled) {
    std::vector<SvgPlot::Position> levels;
    int width = max_width;
    for (const JudgedPoint& judged : result.homogeneous) {
        levels.push_back(position(result, judged.point));
        plot.mark(levels.back(), "dot-warm", 4, judged.name + "\n" + hover(result, judged.point),
                  judged.file.empty() ? "" : judged.name);
        if (labelled) plot.label(levels.back(), std::to_string(width) + " bit", "note", 8, 14);
        --width;
    }
    plot.line(levels, "line-warm");
}

/// Homogeneous 8 bit of each hidden size: the front without a search.
void draw_sizes(SvgPlot& plot, const SearchResult& result) {
    std::vector<SvgPlot::Position> sizes;
    for (const JudgedPoint& judged : result.sizes) {
        sizes.push_back(position(result, judged.point));
        plot.mark(sizes.back(), "dot-size", 4, judged.name + "\n" + hover(result, judged.point));
    }
    plot.line(sizes, "line-size");
    plot.legend("8 bit, networks of all sizes", "dot-size");
}

/// alone: the plot shows this result only, so that there is room for the presets' scores on the test split.
void draw_presets(SvgPlot& plot, const SearchResult& result, bool alone) {
    // The scores on the test split may lie outside the frame. These are there to click on in any case.
    for (const JudgedPoint& judged : result.presets)
        if (!judged.name.ends_with("-8bit"))  // draw_homogeneous() has drawn it
            plot.mark(position(result, judged.point), judged.fine_tuned ? "dot-1" : "dot-0", 4.5,
                      judged.name + "\n" + hover(result, judged.point), judged.name);
    if (alone)
        for (const JudgedPoint& judged : result.presets)
            plot.mark(position(result, judged.point.objectives.bytes, judged.test.value), "dot-test", 4,
                      judged.name + " on the test split: " + metric_named(result.metric).text(judged.test.value),
                      judged.name);
    if (const JudgedPoint* best = recommended(result)) {
        const SvgPlot::Position place = position(result, best->point);
        plot.mark(place, "dot-best", 6, best->name + "\n" + hover(result, best->point), best->name);
        if (alone)
            plot.label(place, "recommended: " + number(100 * reduction(result, best->point), 0) + " % smaller", "note",
                       12, 18);
    }
}

/// "+0.12 points (tolerance 0.50 points)".
std::string bound_text(const Metric& metric, const LossEvidence::Clips& clips) {
    return metric.difference_text(clips.upper) + " (tolerance " + metric.difference_text(clips.allowed).substr(1) + ")";
}

/// One line for each test.
std::string trials_html(const SearchResult& result, const Metric& metric) {
    std::string html = " Tests: ";
    for (const Trial& trial : result.trials) {
        char confidence[16];
        std::snprintf(confidence, sizeof confidence, "%.1f %%", 100 * trial.confidence);
        html += (&trial == &result.trials.front() ? "" : "; ") + grouped(trial.bytes) + " bytes " +
                (trial.fine_tuned ? "(tuned) " : "") + (trial.passed ? "passed" : "failed") + ", bound " +
                metric.difference_text(trial.loss.upper) + " at " + confidence;
    }
    return html + ".";
}

/// How the recommended preset was found, for results of the present rule and of the one before.
std::string rule_html(const SearchResult& result, const Metric& metric) {
    if (result.trials.empty())
        return "It is the smallest preset that is comparable with homogeneous 8 bit: it loses at most " +
               metric.difference_text(result.tolerance).substr(1) +
               " on the validation split, and at most a wider tolerance on altered validation clips. On each, the loss "
               "is the larger of two: the metric's loss as measured, and the one-sided 95 % upper bound of the paired "
               "loss of the smooth error, with the clips of a speaker taken together. Where no preset passes, the one "
               "with the lowest loss is recommended.";
    return "It is the smallest candidate that passed a test on material that the search had not scored: altered clips, "
           "or further mixtures, of validation speakers. The search's own scores, and altered training clips, chose " +
           std::to_string(result.trials.size()) +
           " candidates of different sizes beforehand. Each was tested once, from large to small, by the fallback "
           "procedure: it owns an equal share of 5 %, and one that passes hands its level on to the next. So the "
           "probability is at most 5 % that any that passed loses more than the tolerance of that material. A "
           "candidate "
           "passes where the one-sided bound of the paired loss of the smooth error, with the clips of a speaker taken "
           "together, is within tolerance, and the metric's loss as measured is, too." +
           trials_html(result, metric);
}

/// The bounds behind the recommendation, and how many speakers a smaller preset would need.
std::string evidence_html(const SearchResult& result) {
    const Metric metric = metric_named(result.metric);
    const auto bounds = [&](const LossEvidence& evidence) {
        return bound_text(metric, evidence.altered) +
               (evidence.rounds > 0 ? " on " + std::to_string(evidence.rounds) + " draws of the fresh material"
                                    : " on altered clips") +
               " and " + bound_text(metric, evidence.plain) + " on validation clips";
    };
    std::string html;
    if (const JudgedPoint* best = recommended(result); best != nullptr && best->evidence.units > 0)
        html += " The bounds of its loss, over " + std::to_string(best->evidence.units) +
                " independent units (speakers, where the split is by speaker), are " + bounds(best->evidence) +
                (best->evidence.rounds > 0 ? ", by which the search has chosen."
                                           : ". They do not count that it is the smallest of many that passed.");
    for (const JudgedPoint& judged : result.presets) {
        if (judged.recommended || judged.evidence.units == 0) continue;
        html += " The smallest preset whose loss as measured is within tolerance is " + escape(judged.name) + ", " +
                number(100 * reduction(result, judged.point), 1) + " % smaller than 8 bit. Its bounds are " +
                bounds(judged.evidence) + ". ";
        html += judged.evidence.units_needed == 0
                    ? "No number of further units would show that it is comparable."
                    : "About " + std::to_string(judged.evidence.units_needed) +
                          " units would show that it is comparable, if their losses are like these.";
    }
    return html;
}

}  // namespace

std::string verdict_html(const SearchResult& result) {
    const Metric metric = metric_named(result.metric);
    const JudgedPoint* best = recommended(result);
    const JudgedPoint& eight = result.homogeneous.front();
    std::string html = "<p class='verdict'>";
    if (best == nullptr) {
        html += "No preset is smaller than homogeneous 8 bit within the tolerance.";
    } else {
        html += "Take <b>" + escape(best->file) + "</b>: " + grouped(best->point.objectives.bytes) + " bytes, <b>" +
                number(100 * reduction(result, best->point), 1) + " % smaller</b> than homogeneous 8 bit (" +
                grouped(eight.point.objectives.bytes) +
                " bytes). On the test split (n = " + std::to_string(best->test.n) + ") its " +
                escape(std::string(metric.name)) + " is " + score_text(best->test, metric) +
                ". Homogeneous 8 bit reaches " + score_text(eight.test, metric) + ", the float network " +
                score_text(result.float_test, metric) + ".";
    }
    if (best != nullptr && best->test_loss.units > 1)
        html += " Paired, clip by clip, it loses " + metric.difference_text(best->test_loss.mean) +
                " there (95 %: " + metric.difference_text(best->test_loss.low) + " to " +
                metric.difference_text(best->test_loss.high) + ").";
    html += "</p>\n<p class='soft'>" + rule_html(result, metric) +
            " This run scored the test split after everything was chosen.";
    html += evidence_html(result);
    if (result.interrupted)
        html += " <b>The search was stopped after generation " + std::to_string(result.generations) +
                "; --resume continues it.</b>";
    return html + "</p>\n";
}

std::string front_html(const std::vector<const SearchResult*>& results) {
    const SearchResult& first = *results.front();
    const Metric metric = metric_named(first.metric);
    const Frame frame = frame_of(results);
    const bool alone = results.size() == 1;
    SvgPlot plot(frame.kilobytes, frame.values, "parameters, kB", metric.axis() + " (validation split)", 0,
                 frame.values.high - frame.values.low > 4 ? 0 : 1);
    int index = 0;
    for (const SearchResult* result : results) {
        const std::string run = alone ? "" : result->scheme + ", seed " + std::to_string(result->seed) + ": ";
        draw_front(plot, *result, index, run);
        draw_homogeneous(plot, *result, index == 0);
        if (alone && !result->sizes.empty()) draw_sizes(plot, *result);
        draw_presets(plot, *result, alone);
        ++index;
    }
    const double reference = metric.shown(first.float_validation.value);
    plot.line({{0, reference}, {1e9, reference}}, "line-dash");
    plot.legend("float network", "line-dash");
    plot.legend("homogeneous, 8 to 2 bits", "dot-warm");
    plot.legend("recommended", "dot-best");
    if (std::any_of(first.presets.begin(), first.presets.end(), [](const JudgedPoint& p) { return p.fine_tuned; }))
        plot.legend("fine-tuned, validation", "dot-1");
    const auto in_frame = [&](const JudgedPoint& judged) {
        const double value = metric.shown(judged.test.value);
        return value >= frame.values.low && value <= frame.values.high;
    };
    if (alone && std::any_of(first.presets.begin(), first.presets.end(), in_frame))
        plot.legend("presets on the test split", "dot-test");
    return plot.text();
}

std::string history_html(const SearchResult& result) {
    if (result.history.empty()) return "";
    std::vector<SvgPlot::Position> points;
    for (const GenerationRecord& record : result.history)
        points.push_back({static_cast<double>(record.generation), record.hypervolume});
    const double low = std::min(result.hypervolume_homogeneous, points.front().y), high = points.back().y;
    const double margin = std::max(0.05 * (high - low), 1e-4);
    SvgPlot plot({0, std::max(1.0, points.back().x)}, {low - margin, high + margin}, "generation",
                 "hypervolume, share of the box", 0, high - low > 0.1 ? 2 : 3);
    plot.line(points, "line-0");
    plot.line({{0, result.hypervolume_homogeneous}, {1e9, result.hypervolume_homogeneous}}, "line-warm");
    plot.legend("all genomes so far", "line-0");
    plot.legend("homogeneous, 8 to 2 bits: " + number(result.hypervolume_homogeneous, 3), "line-warm");
    return plot.text() +
           "<p class='soft'>The hypervolume is the area that the front dominates, as a share of a box. One corner of "
           "the box is the worst homogeneous error at the bytes of homogeneous 8 bit, the opposite corner is the float "
           "network's error at no bytes. The search scored " +
           grouped(static_cast<double>(result.history.back().evaluations)) + " genomes.</p>\n";
}

}  // namespace gruve

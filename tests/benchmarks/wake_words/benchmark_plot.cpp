#include "tests/benchmarks/wake_words/benchmark_plot.h"

#include <cmath>

#include "offline_search/report/svg_plot.h"
#include "offline_search/tasks/intervals.h"

namespace gruve::benchmarks {
namespace {

constexpr double most_alarms = 1.0, most_missed = 60;

constexpr const char* style =
    "<style>text{font-family:sans-serif;font-size:12px;fill:#5b6570}.axis{font-size:13px}"
    ".note{font-size:11px;paint-order:stroke;stroke:#fff;stroke-width:4px}"
    ".grid{stroke:#d9dee3;stroke-width:1}polyline{fill:none;stroke-width:2}"
    ".line-0{stroke:#0b6bcb}.line-1{stroke:#7a49b8}.line-2{stroke:#1a7f4b}.line-3{stroke:#b08400}"
    ".line-dash{stroke:#0b6bcb;stroke-dasharray:5 4;stroke-width:1}.dot-warm{fill:#c8501e}</style>"
    "<rect width='100%' height='100%' fill='#fff'/>";

/// The whole plot without its figure, as a file of its own.
std::string standalone(const std::string& figure) {
    const auto begin = figure.find("<svg"), end = figure.find("</svg>");
    std::string svg = figure.substr(begin, end - begin) + "</svg>\n";
    svg.insert(svg.find('>') + 1, style);
    svg.insert(4, " xmlns='http://www.w3.org/2000/svg'");
    return svg;
}

}  // namespace

std::string plot_of(const std::vector<NamedCurve>& curves) {
    SvgPlot plot({0, most_alarms}, {0, most_missed}, "false alarms of each word, an hour at most", "clips missed, %", 1,
                 0);
    using Line = std::vector<SvgPlot::Position>;
    for (std::size_t i = 0; i < curves.size() && i < 4; ++i) {
        const std::string css = "line-" + std::to_string(i);
        const double hours = curves[i].curve.seconds / 3600;
        Line missed, low, high;
        for (int alarms = 0; alarms <= std::floor(most_alarms * hours); ++alarms) {
            const double rate = alarms / hours;
            const Missed all = missed_in(curves[i].curve.at(rate));
            const Interval interval = wilson_interval(all.missed, all.clips);
            missed.push_back({rate, 100.0 * all.missed / all.clips});
            low.push_back({rate, 100 * interval.low});
            high.push_back({rate, 100 * interval.high});
        }
        plot.steps(missed, css);
        plot.legend(curves[i].name, css);
        if (i > 0) continue;
        plot.steps(low, "line-dash");
        plot.steps(high, "line-dash");
        plot.legend("its 95 % interval", "line-dash");
    }
    for (const Published& point : published) {
        plot.mark({published_rate, point.missed_percent}, "dot-warm", 4.5, point.name);
        plot.label({published_rate, point.missed_percent},
                   std::string(point.name) + ", " + number(point.missed_percent, 1) + " %", "note", 9, -6);
    }
    plot.legend("published by Picovoice, other recordings", "dot-warm");
    return standalone(plot.text());
}

}  // namespace gruve::benchmarks

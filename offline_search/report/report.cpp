#include "offline_search/report/report.h"

#include <cmath>
#include <cstdio>

#include "offline_search/report/svg_plot.h"
#include "offline_search/search/evaluator.h"

namespace gruve {
namespace {

const char* const style = R"(
:root { --ink:#1b1f24; --soft:#5b6570; --rule:#d9dee3; --paper:#fff; --panel:#f6f8fa; --accent:#0b6bcb; --warm:#c8501e; --green:#1a7f4b; --violet:#7a49b8; }
@media (prefers-color-scheme: dark) { :root { --ink:#e6e9ec; --soft:#9aa5b1; --rule:#353c44; --paper:#14171a; --panel:#1d2126; --accent:#5aa9f5; --warm:#f08a5d; --green:#4fc389; --violet:#b491e6; } }
body { font:16px/1.5 system-ui,sans-serif; color:var(--ink); background:var(--paper); max-width:70rem; margin:2rem auto; padding:0 1.25rem; }
h1 { font-size:1.7rem; margin:0 0 .25rem; } h2 { font-size:1.3rem; margin:2.5rem 0 .5rem; } h3 { font-size:1.05rem; margin:2rem 0 .25rem; }
p { max-width:46rem; } .soft { color:var(--soft); font-size:.9rem; }
.verdict { background:var(--panel); border-left:4px solid var(--green); padding:.8rem 1.1rem; border-radius:4px; }
figure { margin:.5rem 0; } svg.plot { width:100%; height:auto; display:block; }
.grid { stroke:var(--rule); stroke-width:1; } .tick, .axis, .note { fill:var(--soft); font-size:12px; } .axis { font-size:13px; }
polyline { fill:none; stroke-width:2; } .line-0 { stroke:var(--accent); } .line-1 { stroke:var(--violet); } .line-2 { stroke:var(--green); } .line-3 { stroke:var(--warm); }
.line-dash { stroke:var(--soft); stroke-dasharray:5 4; stroke-width:1.5; } .line-warm { stroke:var(--warm); stroke-width:1.5; stroke-dasharray:2 3; }
.dot-0 { fill:var(--accent); } .dot-1 { fill:var(--violet); } .dot-2 { fill:var(--green); } .dot-3 { fill:var(--warm); } .dot-warm { fill:var(--warm); }
.dot-test { fill:none; stroke:var(--accent); stroke-width:1.5; } .dot-best { fill:var(--green); stroke:var(--paper); stroke-width:1.5; }
.scroll { overflow-x:auto; } table { border-collapse:collapse; font-size:.88rem; font-variant-numeric:tabular-nums; } th, td { padding:.28rem .6rem; text-align:right; border-bottom:1px solid var(--rule); white-space:nowrap; }
th:first-child, td:first-child { text-align:left; } thead th { color:var(--soft); font-weight:600; } table.sortable thead th { cursor:pointer; } tr.best td { font-weight:600; color:var(--green); } tr.same td { color:var(--soft); }
table.heat td, table.heat th { padding:.1rem .3rem; border:1px solid var(--paper); text-align:center; min-width:1.7rem; } table.heat th:first-child { text-align:left; font-weight:400; } table.heat td { color:#1b1f24; }
table.heat thead th { font-size:.75rem; } .tall th { height:4.6rem; vertical-align:bottom; } .tall th span { writing-mode:vertical-rl; transform:rotate(180deg); }
code, pre { font:.85rem/1.45 ui-monospace,monospace; } pre { background:var(--panel); padding:.7rem 1rem; white-space:pre-wrap; overflow-wrap:anywhere; border-radius:4px; }
)";

const char* const sort_script = R"(
document.querySelectorAll('table.sortable').forEach(t => t.querySelectorAll('thead th').forEach((h, i) => h.addEventListener('click', () => {
  const down = h.dataset.down = h.dataset.down === '1' ? '' : '1', body = t.tBodies[0];
  const key = r => { const c = r.cells[i], v = c.dataset.v; return v === undefined ? c.textContent : parseFloat(v); };
  [...body.rows].sort((a, b) => { const x = key(a), y = key(b); return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1); }).forEach(r => body.append(r));
})));
)";

/// The command below a figure that makes the page, and its figures, again.
std::string made_by(const SearchResult& result) {
    return "<p class='soft'>From search.json of <code>" + escape(result.command) +
           "</code>, by <code>gruve report OUT</code>.</p>\n";
}

std::string section(const SearchResult& result, bool compared) {
    std::string html = "<h2>" + escape(result.task) +
                       (compared ? ", scheme " + escape(result.scheme) + ", seed " + std::to_string(result.seed) : "") +
                       "</h2>\n";
    html += verdict_html(result);
    html += "<h3>Error against size</h3>\n" + front_html({&result}) + made_by(result);
    html += "<h3>Presets</h3>\n" + preset_table_html(result);
    html += "<h3>Widths along the front</h3>\n" + widths_html(result) + made_by(result);
    html += "<h3>Families of genomes</h3>\n" + clusters_html(result) + made_by(result);
    html += "<h3>Sensitivity of each operator</h3>\n" + sensitivity_html(result) + made_by(result);
    html += "<h3>Hypervolume per generation</h3>\n" + history_html(result) + made_by(result);
    return html + "<h3>Settings</h3>\n" + settings_html(result);
}

/// The plot of a figure as a file: with its own style, in light colours.
std::string standalone(const std::string& html) {
    const auto begin = html.find("<svg class='plot'"), end = html.find("</svg></figure>");
    if (begin == std::string::npos || end == std::string::npos) return "";
    std::string svg = html.substr(begin, end - begin) + "</svg>\n";
    const std::string css = style;
    std::string light = css.substr(css.find("body {"));
    // Not every viewer knows variables: --name:value; of the first rule, put in where var(--name) stands.
    for (auto at = css.find("--"); at < css.find('}'); at = css.find("--", at + 2)) {
        const auto colon = css.find(':', at), semicolon = css.find(';', colon);
        const std::string use = "var(" + css.substr(at, colon - at) + ")",
                          value = css.substr(colon + 1, semicolon - colon - 1);
        for (auto found = light.find(use); found != std::string::npos; found = light.find(use))
            light.replace(found, use.size(), value);
    }
    svg.insert(svg.find('>') + 1, "<style>text{font-family:sans-serif}" + light +
                                      "</style><rect width='100%' height='100%' fill='#fff'/>");
    double width = 0, height = 0;
    std::sscanf(svg.c_str() + svg.find("viewBox"), "viewBox='0 0 %lf %lf'", &width, &height);
    constexpr double scale = 1.5;
    svg.insert(4, " xmlns='http://www.w3.org/2000/svg' width='" + number(scale * width, 0) + "' height='" +
                      number(scale * height, 0) + "'");
    return svg;
}

/// Results of one task together, in the order of their first appearance.
std::vector<std::vector<const SearchResult*>> by_task(const std::vector<SearchResult>& results) {
    std::vector<std::vector<const SearchResult*>> groups;
    for (const SearchResult& result : results) {
        bool placed = false;
        for (auto& group : groups)
            if (group.front()->task == result.task) group.push_back(&result), placed = true;
        if (!placed) groups.push_back({&result});
    }
    return groups;
}

}  // namespace

double shown_value(const std::string& metric, double value) { return metric == "accuracy" ? 100 * value : value; }

std::string value_text(const std::string& metric, double value) {
    return number(shown_value(metric, value), 2) + (metric == "accuracy" ? " %" : " dB");
}

std::string difference_text(const std::string& metric, double difference) {
    const double shown = shown_value(metric, difference);
    return (shown < -0.004 ? "−" : "+") + number(std::abs(shown), 2) + (metric == "accuracy" ? " points" : " dB");
}

const JudgedPoint* recommended(const SearchResult& result) {
    for (const JudgedPoint& judged : result.presets)
        if (judged.recommended) return &judged;
    return nullptr;
}

double reduction(const SearchResult& result, const Point& point) {
    return 1 - point.objectives.bytes / result.homogeneous.front().point.objectives.bytes;
}

std::map<std::string, std::string> report_figures(const std::vector<SearchResult>& results) {
    std::map<std::string, std::string> figures;
    for (const auto& group : by_task(results))
        figures[group.front()->task + "-front.svg"] = standalone(front_html(group));
    for (const SearchResult& result : results)
        figures[result.task + "-" + result.scheme + "-seed" + std::to_string(result.seed) + "-hypervolume.svg"] =
            standalone(history_html(result));
    return figures;
}

std::string report_html(const std::vector<SearchResult>& results) {
    std::string title = "Search report";
    if (results.size() == 1) title += ": " + results[0].task;
    std::string html =
        "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'><meta name='viewport' "
        "content='width=device-width'><title>" +
        escape(title) + "</title><style>" + style + "</style></head><body>\n<h1>" + escape(title) + "</h1>\n";
    const bool compared = results.size() > 1;
    if (compared)
        for (const auto& group : by_task(results))
            html += "<h2>" + escape(group.front()->task) + ": all runs</h2>\n" + front_html(group);
    for (const SearchResult& result : results) html += section(result, compared);
    return html + "<script>" + sort_script + "</script></body></html>\n";
}

}  // namespace gruve

#include "offline_search/report/report.h"

#include <cstdio>

#include "offline_search/report/families_section.h"
#include "offline_search/report/front_section.h"
#include "offline_search/report/page_style.h"
#include "offline_search/report/sizes_section.h"
#include "offline_search/report/svg_plot.h"
#include "offline_search/report/table_sections.h"

namespace gruve {
namespace {

/// The line below a figure that names the commands which make it again.
std::string made_by(const SearchResult& result) {
    return "<p class='soft'>Data: search.json of <code>" + escape(result.command) +
           "</code>. Drawn by <code>gruve report OUT</code>.</p>\n";
}

std::string section(const SearchResult& result, bool compared, const std::string& listen) {
    std::string html = "<h2>" + escape(result.task) +
                       (compared ? ", scheme " + escape(result.scheme) + ", seed " + std::to_string(result.seed) : "") +
                       "</h2>\n";
    html += verdict_html(result);
    html += "<h3>Score against size</h3>\n" + front_html({&result}) + made_by(result) + listen;
    if (const std::string sizes = sizes_html(result); !sizes.empty())
        html += "<h3>Smaller networks at 8 bit</h3>\n" + sizes + made_by(result);
    html += "<h3>Presets</h3>\n" + preset_table_html(result);
    html += "<h3>Widths along the front</h3>\n" + widths_html(result) + made_by(result);
    html += "<h3>Families of genomes</h3>\n" + families_html(result) + made_by(result);
    html += "<h3>Sensitivity of each operator</h3>\n" + sensitivity_html(result) + made_by(result);
    html += "<h3>Hypervolume per generation</h3>\n" + history_html(result) + made_by(result);
    return html + "<h3>Settings</h3>\n" + settings_html(result);
}

/// The plot of a figure as an SVG file with its own style, in light colours.
std::string standalone(const std::string& html) {
    const auto begin = html.find("<svg class='plot'"), end = html.find("</svg></figure>");
    if (begin == std::string::npos || end == std::string::npos) return "";
    std::string svg = html.substr(begin, end - begin) + "</svg>\n";
    const std::string css = page_style;
    std::string light = css.substr(css.find("body {"));
    // Not every SVG viewer knows CSS variables: replace each var(--name) by the value in the first rule.
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

/// Groups the results by task. The groups are in the order in which their tasks appear first.
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

std::map<std::string, std::string> report_figures(const std::vector<SearchResult>& results) {
    std::map<std::string, std::string> figures;
    for (const auto& group : by_task(results))
        figures[group.front()->task + "-front.svg"] = standalone(front_html(group));
    for (const SearchResult& result : results)
        figures[result.task + "-" + result.scheme + "-seed" + std::to_string(result.seed) + "-hypervolume.svg"] =
            standalone(history_html(result));
    return figures;
}

std::string report_html(const std::vector<SearchResult>& results, const std::string& listen) {
    std::string title = "Search report";
    if (results.size() == 1) title += ": " + results[0].task;
    std::string html =
        "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'><meta name='viewport' "
        "content='width=device-width'><title>" +
        escape(title) + "</title><style>" + page_style + "</style></head><body><main>\n<h1>" + escape(title) +
        "</h1>\n";
    const bool compared = results.size() > 1;
    if (compared)
        for (const auto& group : by_task(results))
            html += "<h2>" + escape(group.front()->task) + ": all runs</h2>\n" + front_html(group);
    for (const SearchResult& result : results)
        html += section(result, compared, &result == &results.front() ? listen : "");
    return html + "</main><script>" + sort_script + "</script></body></html>\n";
}

}  // namespace gruve

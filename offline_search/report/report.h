// report.html: one self-contained page about one search or several.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "offline_search/selection/result.h"

namespace gruve {

/// A whole HTML page with inline SVG and CSS, and a short script that sorts tables. It loads nothing from the network.
/// Several results are compared: first a plot of each task, then a section for each result. listen: HTML that plays the
/// presets (listen_section.h), or a sentence that says why the page doesn't; it follows the first plot.
std::string report_html(const std::vector<SearchResult>&, const std::string& listen = "");

/// The page's plots as separate SVG files: file name → SVG.
std::map<std::string, std::string> report_figures(const std::vector<SearchResult>&);

}  // namespace gruve

// report.html: one self-contained page about one search or several.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "offline_search/selection/result.h"

namespace gruve {

/// A whole HTML page with inline SVG and CSS, and a short script that sorts tables. It loads nothing from the network.
/// Several results are compared: first a plot of each task, then a section for each result.
std::string report_html(const std::vector<SearchResult>&);

/// The page's plots as separate SVG files: file name → SVG.
std::map<std::string, std::string> report_figures(const std::vector<SearchResult>&);

}  // namespace gruve

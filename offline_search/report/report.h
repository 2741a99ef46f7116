// report.html: one self-contained page about one or several searches.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "offline_search/selection/result.h"

namespace gruve {

/// A whole HTML page: inline SVG and style, a few lines of script to sort tables, nothing from the network.
/// Several results are compared: one plot per task, then a section each.
std::string report_html(const std::vector<SearchResult>&);

// The parts of the page, each a piece of HTML.
std::string verdict_html(const SearchResult&);
/// All results must be of one task.
std::string front_html(const std::vector<const SearchResult*>&);
std::string preset_table_html(const SearchResult&);
std::string widths_html(const SearchResult&);
std::string sensitivity_html(const SearchResult&);
std::string history_html(const SearchResult&);
std::string clusters_html(const SearchResult&);
std::string settings_html(const SearchResult&);

/// The page's plots as files of their own: name → SVG.
std::map<std::string, std::string> report_figures(const std::vector<SearchResult>&);

/// "96.32 %" or "8.41 dB"; a difference: "−0.27 points" or "+0.03 dB".
std::string value_text(const std::string& metric, double value);
std::string difference_text(const std::string& metric, double difference);
/// Accuracy in percent, dB as it is.
double shown_value(const std::string& metric, double value);
/// The preset that the search recommends (judge.h); nullptr where there is none.
const JudgedPoint* recommended(const SearchResult&);
/// 1 − bytes / bytes of homogeneous 8 bit.
double reduction(const SearchResult&, const Point&);

}  // namespace gruve

// Lines of progress about a step within an epoch.
#pragma once

#include <string_view>

namespace gruve {

/// The words before the number of the step, in every such line and in no other.
inline constexpr std::string_view step_words = ", step ";

/// Whether a line of progress is about a step. A log can do without it: the epoch's own line follows.
inline bool is_step_line(std::string_view line) { return line.find(step_words) != std::string_view::npos; }

}  // namespace gruve

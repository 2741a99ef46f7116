// Progress on stderr, and the clean stop by Ctrl-C.
#pragma once

#include <atomic>
#include <string>

namespace gruve {

/// Set by the first Ctrl-C. Long work looks at it between steps, keeps its finished steps and stops.
extern std::atomic<bool> interrupted;

/// Prints a line to stderr; where stderr is a terminal, it replaces the line before. Returns false after Ctrl-C, so
/// that the caller stops.
bool print_progress(const std::string& line);

}  // namespace gruve

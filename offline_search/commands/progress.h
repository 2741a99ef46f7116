// Progress on stderr, and the clean stop by Ctrl-C.
#pragma once

#include <string>

#include "datasets/support/interrupt.h"

namespace gruve {

/// From now on the first Ctrl-C (or SIGTERM) sets `interrupted`, and the second one ends the program. For commands
/// that look at `interrupted`; in the others the first one ends the program.
void catch_interrupts();

/// Shows a line on stderr. On a terminal it takes the place of the line before, cut to the terminal's width, without
/// colours or other escape sequences. Elsewhere (a file, a pipe, TERM=dumb) it is a line of its own, and lines about a
/// step (training/step_line.h) are left out. Returns false after Ctrl-C, so that the caller stops.
bool print_progress(const std::string& line);

/// Ends the line that print_progress() left open on a terminal.
void end_progress();

}  // namespace gruve

#include "offline_search/commands/progress.h"

#include <unistd.h>

#include <iostream>

namespace gruve {

std::atomic<bool> interrupted = false;

bool print_progress(const std::string& line) {
    static const bool terminal = isatty(STDERR_FILENO) != 0;
    if (terminal) {
        std::cerr << "\r\x1b[K" << line << std::flush;
    } else {
        std::cerr << line << '\n';
    }
    if (interrupted) std::cerr << (terminal ? "\n" : "") << "stopping\n";
    return !interrupted;
}

}  // namespace gruve

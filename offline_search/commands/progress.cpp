#include "offline_search/commands/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "offline_search/training/step_line.h"

namespace gruve {
namespace {

/// Whether a line can be written over. A dumb terminal (an editor's) prints carriage returns as they are.
bool on_terminal() {
    static const bool terminal = [] {
        const char* name = std::getenv("TERM");
        return isatty(STDERR_FILENO) != 0 && name != nullptr && *name != '\0' && std::string_view(name) != "dumb";
    }();
    return terminal;
}

/// Columns; 80 if the terminal doesn't say.
std::size_t terminal_width() {
    winsize size{};
    const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : 80;
}

/// The first `columns` characters of a UTF-8 text; sets `columns` to the number that there are.
std::string_view cut(std::string_view text, std::size_t& columns) {
    std::size_t count = 0, bytes = 0;
    for (; bytes < text.size(); ++bytes) {
        const bool continues = (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80;
        if (!continues && ++count > columns) break;
    }
    columns = std::min(count, columns);
    return text.substr(0, bytes);
}

std::size_t shown_columns = 0;  // of the line that is open on the terminal

void on_signal(int signal) {
    interrupted = true;
    std::signal(signal, SIG_DFL);
    constexpr std::string_view text = "\nstopping; a second Ctrl-C ends at once\n";
    [[maybe_unused]] const auto written = write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

void catch_interrupts() {
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
}

bool print_progress(const std::string& line) {
    if (on_terminal()) {
        std::size_t columns = std::max<std::size_t>(terminal_width(), 2) - 1;  // the last column would wrap
        const std::size_t most = columns;
        const std::string_view text = cut(line, columns);
        const std::size_t rest = std::min(shown_columns, most) > columns ? std::min(shown_columns, most) - columns : 0;
        std::cerr << '\r' << text << std::string(rest, ' ') << std::flush;
        shown_columns = columns;
    } else if (!is_step_line(line)) {
        std::cerr << line << '\n';
    }
    return !interrupted;
}

void end_progress() {
    if (shown_columns > 0) std::cerr << '\n';
    shown_columns = 0;
}

}  // namespace gruve

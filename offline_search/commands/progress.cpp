#include "offline_search/commands/progress.h"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <string_view>

#include "datasets/system/process.h"
#include "offline_search/training/step_line.h"

namespace gruve {
namespace {

bool on_terminal() {
    static const bool terminal = can_write_over();
    return terminal;
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
        std::size_t columns = std::max<std::size_t>(terminal_columns(), 2) - 1;  // the last column would wrap
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

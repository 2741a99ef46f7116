#include "datasets/system/process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace gruve {

void prepare_process(int&, char**&) {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (fcntl(stream, F_GETFD) < 0) {
            const int file = open("/dev/null", O_RDONLY);  // gets the lowest free number, which is that of the stream
            if (file != stream && file >= 0) close(file);
        }
}

int process_id() { return getpid(); }

void ignore_closed_pipes() { std::signal(SIGPIPE, SIG_IGN); }

int run_program(std::vector<std::string> arguments, Output output) {
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (output == Output::discarded) {
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    }
    pid_t child = 0;
    const int failed = posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) throw std::system_error(failed, std::generic_category());
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) throw std::system_error(errno, std::generic_category());
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

void become_program_beside(const char* name, const char* option) {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    const std::string program = error ? name : (self.parent_path() / name).string();  // else by PATH
    execlp(program.c_str(), name, option, static_cast<char*>(nullptr));
    throw std::system_error(errno, std::generic_category(), program);
}

/// A dumb terminal (an editor's) prints carriage returns as they are.
bool can_write_over() {
    const char* name = std::getenv("TERM");
    return isatty(STDERR_FILENO) != 0 && name != nullptr && *name != '\0' && std::string_view(name) != "dumb";
}

std::size_t terminal_columns() {
    winsize size{};
    const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : 80;
}

}  // namespace gruve

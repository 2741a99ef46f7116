#include "datasets/starter_set/espeak.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "datasets/support/data_error.h"

namespace gruve {
namespace {

/// Runs a program from PATH, discards its output and returns its exit status.
int run(std::vector<std::string> arguments) {
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t child = 0;
    const int error = posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error == ENOENT)
        throw DataError("espeak-ng is not installed; it makes the voices of the starter set (apt install espeak-ng)");
    if (error != 0) throw DataError(std::string("espeak-ng cannot be started: ") + std::strerror(error));
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

}  // namespace

Audio speak(const Voice& voice, const std::string& text, const std::filesystem::path& aside) {
    const int status = run({"espeak-ng", "-v", voice.name, "-p", std::to_string(voice.pitch), "-s",
                            std::to_string(voice.speed), "-w", aside.string(), "--", text});
    if (status != 0)
        throw DataError("espeak-ng failed with status " + std::to_string(status) + " on voice " + voice.name +
                        ", text \"" + text + "\"; is the disk full, or espeak-ng-data missing?");
    Audio audio = read_audio(aside);
    std::error_code ignored;
    std::filesystem::remove(aside, ignored);
    return audio;
}

}  // namespace gruve

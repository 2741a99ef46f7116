#include "datasets/starter_set/espeak.h"

#include <system_error>

#include "datasets/support/data_error.h"
#include "datasets/system/process.h"

namespace gruve {
namespace {

/// Runs espeak-ng and returns its exit status.
int run(std::vector<std::string> arguments) {
    try {
        return run_program(std::move(arguments), Output::discarded);
    } catch (const std::system_error& error) {
        if (error.code() == std::errc::no_such_file_or_directory)
            throw DataError(
                "espeak-ng is not installed; it makes the voices of the starter set (apt install espeak-ng)");
        throw DataError("espeak-ng cannot be started: " + error.code().message());
    }
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

// gruve plugins: runs gruve-plugins, which lies beside gruve. It is part of the plugins, which this folder may not
// include.
#include <CLI/CLI.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>

#include "datasets/system/process.h"
#include "offline_search/commands/commands.h"

namespace gruve {
namespace {

/// Becomes that program; returns only by an exception.
[[noreturn]] void run_beside(const char* name, const char* option) {
    try {
        become_program_beside(name, option);
    } catch (const std::system_error& error) {
        throw std::runtime_error(std::string(error.what()) +
                                 " (it is built with the CMake option GRUVE_APP_PLUGINS, and installed with gruve)");
    }
}

}  // namespace

void add_plugins(CLI::App& app) {
    const auto refresh = std::make_shared<bool>(false);
    CLI::App* command = app.add_subcommand("plugins", "List the presets that LADSPA and LV2 hosts choose by number");
    command->add_flag("--refresh", *refresh,
                      "Number your own presets (~/.local/share/gruve/presets/*.gruve, or those of $GRUVE_PRESETS), and "
                      "write ~/.lv2/gruve-own-presets.lv2, which names them to LV2 hosts");
    command->callback([refresh] { run_beside("gruve-plugins", *refresh ? "--refresh" : nullptr); });
}

}  // namespace gruve

// The gruve command.
#include <CLI/CLI.hpp>
#include <Eigen/Core>
#include <csignal>
#include <exception>
#include <iostream>

#include "offline_search/commands/commands.h"
#include "offline_search/search/cluster.h"

namespace {

using namespace gruve;

/// The commands, in the order of their use.
constexpr void (*commands[])(CLI::App&) = {add_starter_set, add_train,        add_import,      add_search, add_report,
                                           add_evaluate,    add_info,         add_card,        add_render, add_listen,
                                           add_mix,         add_denoise_test, add_stream_test, add_export};

/// The first Ctrl-C asks for a clean stop, the second one ends the program.
void on_signal(int signal) {
    interrupted = true;
    std::signal(signal, SIG_DFL);
}

}  // namespace

int main(int argc, char** argv) {
    // Eigen cuts products into blocks that fit the caches, which orders their sums: with sizes of its own a training gives other bits on another processor.
    Eigen::setCpuCacheSizes(32 << 10, 1 << 20, 32 << 20);
    constexpr double default_timeout_s = 300;
    Cluster processes(argc, argv, default_timeout_s);
    cluster = &processes;
    CLI::App app{
        "Small recurrent networks for audio, quantised operator by operator: train a float network on recordings,\n"
        "search for the bit width of every operator, judge and play the presets.",
        "gruve"};
    app.require_subcommand(1);
    app.set_version_flag("--version", "gruve " GRUVE_VERSION);
    app.footer(
        "`gruve COMMAND --help` tells all options of a command. Exit status: 0 done, 1 the work failed, 2 wrong "
        "usage.");
    for (const auto add : commands) add(app);
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
    try {
        app.parse(argc, argv);
        return 0;
    } catch (const CLI::ParseError& error) {  // asking for help counts as one, with exit code 0
        return app.exit(error) == 0 ? 0 : 2;
    } catch (const std::exception& error) {
        std::cerr << "gruve: " << error.what() << '\n';
        return 1;
    }
}

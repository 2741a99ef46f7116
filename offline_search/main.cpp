// The gruve command.
#include <CLI/CLI.hpp>
#include <Eigen/Core>
#include <exception>
#include <filesystem>
#include <iostream>

#include "datasets/system/process.h"
#include "offline_search/commands/commands.h"
#include "offline_search/commands/progress.h"
#include "offline_search/files/standard_output.h"
#include "offline_search/search/cluster.h"

namespace {

using namespace gruve;

/// Adds the commands, in the order in which --help lists them.
void add_commands(CLI::App& app, Cluster& processes) {
    add_starter_set(app);
    add_data(app);
    add_record(app);
    add_train(app);
    add_import(app);
    add_search(app, processes);
    add_report(app);
    add_evaluate(app);
    add_info(app);
    add_card(app);
    add_render(app);
    add_listen(app);
    add_mix(app);
    add_denoise_test(app);
    add_stream_test(app);
    add_tune_alarms(app);
    add_export(app);
    add_plugins(app);
}

/// Runs the command of the arguments. Returns the exit status.
int run(CLI::App& app, int argc, char** argv) {
    try {
        app.parse(argc, argv);
        flush_standard_output();
        return 0;
    } catch (const CLI::ParseError& error) {  // --help is one, with exit code 0
        if (app.exit(error) != 0) return 2;
        flush_standard_output();
        return 0;
    }
}

}  // namespace

int main(int argc, char** argv) {
    prepare_process(argc, argv);
    // Eigen cuts products into blocks that fit the caches, and the blocks order the sums. With fixed cache sizes a
    // training gives the same bits on every processor.
    Eigen::setCpuCacheSizes(32 << 10, 1 << 20, 32 << 20);
    constexpr double default_timeout_s = 300;
    Cluster processes(argc, argv, default_timeout_s);
    CLI::App app{
        "Small recurrent networks for audio, quantised operator by operator: train a float network on recordings,\n"
        "search for the bit width of every operator, then judge and play the presets.",
        "gruve"};
    app.require_subcommand(1);
    app.allow_windows_style_options(false);  // on Windows, too, /name is a path
    app.set_version_flag("--version", "gruve " GRUVE_VERSION);
    app.footer(
        "`gruve COMMAND --help` lists all options of a command. Exit status: 0 for success, 1 for failure, 2 for wrong "
        "usage.");
    add_commands(app, processes);
    try {
        return run(app, argc, argv);
    } catch (const std::filesystem::filesystem_error& error) {
        end_progress();
        std::cerr << "gruve: " << error.path1().string() << ": " << error.code().message() << '\n';
        return 1;
    } catch (const std::exception& error) {
        end_progress();
        std::cerr << "gruve: " << error.what() << '\n';
        return 1;
    }
}

// The subcommands of `gruve`, one file each. main.cpp lists them.
//
// Every command adds itself with CLI::App::add_subcommand and a callback; a callback throws on failure: main() prints
// the message to stderr and exits with 1 (2 for wrong usage). With --json stdout holds JSON alone.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>

namespace CLI {
class App;
}

namespace gruve {

void add_train(CLI::App&);
void add_import(CLI::App&);
void add_search(CLI::App&);
void add_evaluate(CLI::App&);
void add_report(CLI::App&);
void add_info(CLI::App&);
void add_card(CLI::App&);
void add_render(CLI::App&);
void add_mix(CLI::App&);
void add_starter_set(CLI::App&);
void add_denoise_test(CLI::App&);
void add_stream_test(CLI::App&);
void add_listen(CLI::App&);
void add_export(CLI::App&);

class Cluster;
/// The processes of this job, where mpirun started several; set by main.
extern Cluster* cluster;

/// Set by Ctrl-C; long work looks at it between steps, keeps what is finished and stops.
extern std::atomic<bool> interrupted;

/// One line of progress on stderr, over the last one where stderr is a terminal; answers false once Ctrl-C
/// was pressed, so that long work stops cleanly and keeps what is finished.
bool print_progress(const std::string& line);

struct Preset;
/// What a command can do with: presets of integers alone, or those of the float network too.
enum class Networks { integer, any };
/// Reads a .gruve file; errors name it.
Preset load_preset(const std::filesystem::path&, Networks allowed = Networks::integer);

}  // namespace gruve

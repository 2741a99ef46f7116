// The subcommands of `gruve`. main.cpp lists them; add_train is defined in command_train.cpp, and so on.
//
// Each function adds its command to the program with CLI::App::add_subcommand and a callback. A callback throws on
// failure: main() prints the message to stderr and exits with 1, or with 2 for wrong usage (CLI::ParseError). With
// --json a command writes JSON to stdout and nothing else.
#pragma once

namespace CLI {
class App;
}

namespace gruve {

class Cluster;

void add_starter_set(CLI::App&);
void add_data(CLI::App&);
void add_record(CLI::App&);
void add_train(CLI::App&);
void add_import(CLI::App&);
/// The cluster must outlive the app.
void add_search(CLI::App&, Cluster&);
void add_report(CLI::App&);
void add_evaluate(CLI::App&);
void add_info(CLI::App&);
void add_card(CLI::App&);
void add_render(CLI::App&);
void add_listen(CLI::App&);
void add_mix(CLI::App&);
void add_denoise_test(CLI::App&);
void add_stream_test(CLI::App&);
void add_tune_alarms(CLI::App&);
void add_export(CLI::App&);
void add_plugins(CLI::App&);

}  // namespace gruve

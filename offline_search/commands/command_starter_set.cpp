#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "datasets/starter_set/starter_set.h"
#include "datasets/support/data_error.h"
#include "offline_search/commands/commands.h"

namespace gruve {

void add_starter_set(CLI::App& app) {
    auto* command = app.add_subcommand(
        "starter-set", "Make a small synthetic data set (espeak-ng voices, computed noises) to try things with");
    auto folder = std::make_shared<std::string>();
    command->add_option("--out", *folder, "Folder for words/, speech/ and noise/")->required();
    command->callback([folder] {
        if (!make_starter_set(*folder, print_progress)) throw DataError("stopped; run it again to complete " + *folder);
        std::cerr << "synthetic starter set: " << *folder << '\n';
    });
}

}  // namespace gruve

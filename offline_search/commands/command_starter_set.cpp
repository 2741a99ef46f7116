// gruve starter-set: makes a small synthetic data set.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "datasets/starter_set/starter_set.h"
#include "datasets/support/data_error.h"
#include "offline_search/commands/commands.h"
#include "offline_search/commands/progress.h"
#include "offline_search/files/output_path.h"

namespace gruve {

void add_starter_set(CLI::App& app) {
    auto* command = app.add_subcommand(
        "starter-set", "Make a small synthetic data set to experiment with: voices by espeak-ng and computed noises");
    auto folder = std::make_shared<std::string>();
    command->add_option("--out", *folder, "Folder to write words/, speech/ and noise/ to")->required();
    command->callback([folder] {
        catch_interrupts();
        require_writable_folder(*folder);
        if (!make_starter_set(*folder, print_progress))
            throw DataError("stopped; run the command again to complete " + *folder);
        end_progress();
        std::cerr << "synthetic starter set: " << *folder << '\n';
    });
}

}  // namespace gruve

// gruve export: a preset as source code for a device.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "offline_search/commands/commands.h"
#include "offline_search/export_c.h"
#include "offline_search/write_file.h"

namespace gruve {

void add_export(CLI::App& app) {
    auto* command = app.add_subcommand("export", "Write a preset as one C header, for devices (engine/device)");
    struct Options {
        std::filesystem::path preset, out;
    };
    auto options = std::make_shared<Options>();
    command->add_option("--c", options->preset, "Preset (.gruve)")->required()->check(CLI::ExistingFile);
    command->add_option("--out", options->out, "Header to write (default: the preset's file name, ending in .h, in this folder)");
    command->callback([options] {
        if (options->out.empty()) options->out = options->preset.filename().replace_extension(".h");
        const Preset preset = load_preset(options->preset);
        write_file(options->out, export_c(preset));
        std::cout << options->out.string() << ": " << c_name(preset) << ", " << parameter_bytes(preset.model).total() << " bytes of parameters\n";
    });
}

}  // namespace gruve

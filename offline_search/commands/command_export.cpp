// gruve export: writes a preset as C source for a device, or the float network behind a preset as a preset to listen
// to.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "engine/preset/serialise_preset.h"
#include "offline_search/commands/commands.h"
#include "offline_search/commands/load_preset.h"
#include "offline_search/export/export_c.h"
#include "offline_search/export/float_preset.h"
#include "offline_search/files/output_path.h"
#include "offline_search/files/write_file.h"
#include "offline_search/network/safetensors.h"

namespace gruve {
namespace {

struct ExportOptions {
    std::filesystem::path preset, model, like, out;
};

void export_header(const ExportOptions& options) {
    const Preset preset = load_preset(options.preset);
    const auto out = options.out.empty() ? options.preset.filename().replace_extension(".h") : options.out;
    write_file(out, export_c(preset));
    std::cout << out.string() << ": " << c_name(preset) << ", " << parameter_bytes(preset) << " bytes of parameters\n";
}

void export_float(const ExportOptions& options) {
    const Preset preset = float_preset(load_preset(options.like), load_safetensors(options.model));
    const auto out = options.out.empty() ? std::filesystem::path(preset.name + ".gruve") : options.out;
    write_file(out, serialise(preset));
    std::cout << out.string() << ": " << preset.name << ", " << preset.float_model.parameter_bytes()
              << " bytes of parameters\n";
}

}  // namespace

void add_export(CLI::App& app) {
    auto* command = app.add_subcommand("export",
                                       "Write a preset as one C header for a device (engine/device), or a float "
                                       "network as a preset to compare with by ear");
    auto options = std::make_shared<ExportOptions>();
    auto* preset =
        command->add_option("--c", options->preset, "Preset (.gruve) to write as a C header")->check(CLI::ExistingFile);
    auto* model = command->add_option("--float", options->model, "Float network (.safetensors) to write as a preset")
                      ->check(CLI::ExistingFile)
                      ->excludes(preset);
    auto* like =
        command
            ->add_option("--like", options->like,
                         "With --float: a preset that was searched from this network. Its front end and labels "
                         "are used")
            ->check(CLI::ExistingFile);
    model->needs(like);
    like->needs(model);
    command->add_option("--out", options->out, "File to write. Default: the preset's name, in the current folder");
    command->callback([options] {
        if (!options->out.empty()) require_writable_file(options->out);
        if (options->preset.empty() && options->model.empty()) throw CLI::RequiredError("--c or --float");
        if (options->model.empty())
            export_header(*options);
        else
            export_float(*options);
    });
}

}  // namespace gruve

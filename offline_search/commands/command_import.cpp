// gruve import: turns another program's float model into a model for gruve search.
#include <CLI/CLI.hpp>
#include <iostream>

#include "offline_search/commands/commands.h"
#include "offline_search/files/output_path.h"
#include "offline_search/network/import_model.h"
#include "offline_search/network/safetensors.h"

namespace gruve {
namespace {

struct ImportArguments {
    std::filesystem::path model, description, out;
};

void run(const ImportArguments& options) {
    require_writable_file(options.out);
    const FloatNetwork network = import_model(
        options.model, options.description.empty() ? ImportDescription{} : read_description(options.description));
    save_safetensors(options.out, network);
    std::cout << "wrote " << options.out.string() << ": " << network.input_size() << " inputs, "
              << network.layers.size() << " layers, " << network.output_size() << " outputs\n";
}

}  // namespace

void add_import(CLI::App& app) {
    auto options = std::make_shared<ImportArguments>();
    auto* command = app.add_subcommand(
        "import",
        "Convert a float GRU that was trained with PyTorch or Keras or saved for RTNeural, AIDA-X or GuitarML");
    command
        ->add_option(
            "--model", options->model,
            "The model. Either PyTorch's names (gru.weight_ih_l0, …, fc.weight, fc.bias) in .safetensors, .npz "
            "or .json, or a state_dict as of GuitarML, or the layers of RTNeural, AIDA-X or Keras in .json")
        ->required()
        ->check(CLI::ExistingFile);
    command
        ->add_option("--description", options->description,
                     "JSON file with facts that the weights don't hold: {\"task\": \"wake_words\", \"labels\": "
                     "[\"other\", …], \"layers\": [{\"prefix\": \"gru.\"}, {\"prefix\": \"fc.\"}]}. The task "
                     "names the front end that the model expects. layers gives the order of the layers and, as "
                     "\"activation\", the activation of each (none, tanh or sigmoid). \"bare\": true leaves out the "
                     "skip and the gains that files of AIDA-X and GuitarML can have around their layers")
        ->check(CLI::ExistingFile);
    command->add_option("--out", options->out, "Model to write (.safetensors)")->required();
    command->footer(
        "Pass the result to `gruve search --model`, as you would a model of `gruve train`. The cell is PyTorch's GRU; "
        "Keras calls it reset_after=True, its default.");
    command->callback([options] { run(*options); });
}

}  // namespace gruve

// gruve import: somebody else's float model → a model that gruve search takes.
#include <CLI/CLI.hpp>
#include <iostream>

#include "offline_search/commands/commands.h"
#include "offline_search/network/import_model.h"
#include "offline_search/network/safetensors.h"

namespace gruve {
namespace {

struct Options {
    std::filesystem::path model, description, out;
};

void run(const Options& options) {
    const FloatNetwork network = import_model(
        options.model, options.description.empty() ? ImportDescription{} : read_description(options.description));
    save_safetensors(options.out, network);
    std::cout << "wrote " << options.out.string() << ": " << network.input_size() << " inputs, "
              << network.layers.size() << " layers, " << network.output_size() << " outputs\n";
}

}  // namespace

void add_import(CLI::App& app) {
    auto options = std::make_shared<Options>();
    auto* command =
        app.add_subcommand("import", "Take over a float GRU that PyTorch, Keras or RTNeural trained or saved");
    command
        ->add_option("--model", options->model,
                     "PyTorch's names in .safetensors, .npz or .json (gru.weight_ih_l0, …, fc.weight, fc.bias), or "
                     "RTNeural's / Keras's layers in .json")
        ->required()
        ->check(CLI::ExistingFile);
    command
        ->add_option("--description", options->description,
                     "What the weights don't say, as JSON: {\"task\": \"wake_words\", \"labels\": [\"other\", …], "
                     "\"layers\": [{\"prefix\": \"gru.\"}, {\"prefix\": \"fc.\"}]}; "
                     "the task names the front end that the model expects, layers the order and the activations (none, "
                     "tanh, sigmoid)")
        ->check(CLI::ExistingFile);
    command->add_option("--out", options->out, "The model to write (safetensors)")->required();
    command->footer(
        "Then `gruve search --model` as for a model of `gruve train`. The cell is PyTorch's GRU (Keras: "
        "reset_after=True, its default).");
    command->callback([options] { run(*options); });
}

}  // namespace gruve

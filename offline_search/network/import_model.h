// Imports float models that other programs trained.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "offline_search/network/float_network.h"
#include "offline_search/network/tensors.h"

namespace gruve {

/// The facts that a file of weights does not state.
struct ImportDescription {
    std::string task;                 // the task whose front end the model expects
    std::vector<std::string> labels;  // of the outputs, in order; empty for denoising
    struct Part {
        std::string prefix;                        // of the tensors' names: "gru." for gru.weight_ih_l0
        Activation activation = Activation::none;  // after a dense layer
    };
    std::vector<Part> parts;  // in the order of the signal; empty if the names alone are enough
    bool bare = false;        // import the layers alone, even if the file adds a skip or gains around them
};

/// Reads {"task": "wake_words", "labels": ["other", …], "layers": [{"prefix": "gru."}, {"prefix": "fc.", "activation":
/// "tanh"}], "bare": true}. Throws DataError that names file and entry.
ImportDescription read_description(const std::filesystem::path&);

/// Imports a model. The ending of the file's name decides the format:
///   .safetensors, .npz   PyTorch's names: weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0 of a GRU (…_l1 for
///                        further layers), weight and bias of a dense layer. Missing biases are zero. The
///                        names of a GRUCell, without _l0, are those of a single layer
///   .json                layers as RTNeural and Keras write them (gates in the order z, r, h; reset_after, so two
///                        biases per gate), or a state dict of nested lists, at the top (PyTorch) or in
///                        state_dict (GuitarML)
/// Throws DataError, naming file, tensor, the shape or name expected and the one found, for unknown names, shapes that
/// do not fit, values that are not finite, cells other than this one (reset before the product, two directions), and
/// files that add their input to their output or scale them (AIDA-X, GuitarML), unless the description says `bare`.
FloatNetwork import_model(const std::filesystem::path&, const ImportDescription&);

/// The network of tensors with PyTorch's names. `file` is its name in messages.
FloatNetwork network_of(const std::string& file, Tensors named_tensors, const ImportDescription&);
/// The network of a JSON text {"layers": […]}, see import_model(). `file` is its name in messages.
FloatNetwork network_of_layers(const std::string& file, const std::string& json);

}  // namespace gruve

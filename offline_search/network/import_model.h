// Float models that other programs trained → a FloatNetwork.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "offline_search/network/float_network.h"
#include "offline_search/network/tensors.h"

namespace gruve {

/// What a file of weights does not say.
struct ImportDescription {
    std::string task;                 // whose front end the model expects
    std::vector<std::string> labels;  // of its outputs, in order; empty for denoising
    struct Part {
        std::string prefix;                        // of the tensors' names: "gru." for gru.weight_ih_l0
        Activation activation = Activation::none;  // after a dense layer
    };
    std::vector<Part> parts;  // in the order of the signal; empty: found by the names alone
};

/// {"task": "wake_words", "labels": ["other", …], "layers": [{"prefix": "gru."}, {"prefix": "fc.", "activation": "tanh"}]}.
/// Throws DataError naming file and entry.
ImportDescription read_description(const std::filesystem::path&);

/// By the ending of the file's name: .safetensors and .npz with PyTorch's names (weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, …_l1 for
/// further layers; weight and bias of dense ones; missing biases are zero), .json as RTNeural and Keras write layers (gates z, r, h;
/// reset_after, that is two biases a gate) or as a state dict of nested lists.
/// Throws DataError naming file, tensor, expected and found: unknown names, shapes that don't fit, values that aren't finite, cells that
/// are not this one (reset before the product, two directions).
FloatNetwork import_model(const std::filesystem::path&, const ImportDescription&);

/// The network of PyTorch-named tensors. `file` is for messages.
FloatNetwork network_of(const std::string& file, Tensors, const ImportDescription&);
/// The network of a JSON text {"layers": […]}, see above.
FloatNetwork network_of_layers(const std::string& file, const std::string& json);

}  // namespace gruve

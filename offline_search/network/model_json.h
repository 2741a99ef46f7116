// Float models as JSON: layers as RTNeural, AIDA-X and Keras write them, or a state dict of nested lists (GuitarML).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "offline_search/network/tensors.h"

namespace gruve {

/// {"type", "activation", "reset_after", "weights": [nested lists, …]}
struct JsonLayer {
    std::string type, activation;
    bool reset_after = true;
    std::vector<Tensor> weights;
};

/// One of the two kinds. Everything else in the file is ignored.
struct JsonModel {
    bool has_layers = false;
    std::vector<JsonLayer> layers;  // of {"layers": [layer, …]}
    Tensors tensors;                // of {"name": nested lists, …} or {"state_dict": {"name": nested lists, …}}
    /// What the file does to the signal besides its layers, as "in_skip 1". AIDA-X: in_skip, in_gain and out_gain
    /// beside the layers; GuitarML: skip in model_data. Those that are 0 do nothing and are left out.
    std::vector<std::string> around;
};

/// Reads a model. `file` is its name in messages. Numbers go straight into tensors, so that the memory needed stays
/// within a few times the size of the text. Throws DataError, naming file and place, if the text is not a JSON object,
/// for lists that do not form a tensor, and for more than 64 layers, 8 weights in a layer or 1024 tensors.
JsonModel read_model_json(const std::string& file, std::string_view text);

}  // namespace gruve

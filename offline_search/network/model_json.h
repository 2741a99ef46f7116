// Float models as JSON: lists of layers as RTNeural and Keras users write them, and state dicts of nested lists.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "offline_search/network/tensors.h"

namespace gruve {

struct JsonLayer {
    std::string type, activation;
    bool reset_after = true;
    std::vector<Tensor> weights;
};

/// One of the two kinds; everything else in the file is skipped.
struct JsonModel {
    bool has_layers = false;
    std::vector<JsonLayer>
        layers;       // {"layers": [{"type", "activation", "reset_after", "weights": [nested lists, …]}, …]}
    Tensors tensors;  // {"name": nested lists, …}
};

/// Numbers go straight into tensors, so that a file takes a few times its size and no more. Throws DataError naming file and place for
/// what is not JSON, lists that are no tensor, more than 64 layers, 8 weights in one or 1024 tensors.
JsonModel read_model_json(const std::string& file, std::string_view text);

}  // namespace gruve

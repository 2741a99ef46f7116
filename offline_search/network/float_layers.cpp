#include "offline_search/network/float_layers.h"

namespace gruve {

int input_size(const FloatLayer& layer) {
    if (const auto* dense = std::get_if<FloatDense>(&layer)) return static_cast<int>(dense->weight.cols());
    if (const auto* gru = std::get_if<FloatGru>(&layer)) return gru->input_size();
    return std::get<FloatBandGru>(layer).input_size();
}

int output_size(const FloatLayer& layer) {
    if (const auto* dense = std::get_if<FloatDense>(&layer)) return static_cast<int>(dense->weight.rows());
    if (const auto* gru = std::get_if<FloatGru>(&layer)) return gru->hidden_size();
    return 2 * std::get<FloatBandGru>(layer).hidden_size();
}

}  // namespace gruve

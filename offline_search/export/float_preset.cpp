#include "offline_search/export/float_preset.h"

#include "datasets/support/data_error.h"
#include "engine/preset/check_preset.h"
#include "offline_search/network/model_hash.h"

namespace gruve {
namespace {

/// In Eigen's order, which is column by column.
std::vector<float> values_of(const auto& matrix) { return {matrix.data(), matrix.data() + matrix.size()}; }

FloatModel::Gru gru_of(const FloatGru& gru) {
    return {gru.input_size(),         gru.hidden_size(),      values_of(gru.weight_ih),
            values_of(gru.weight_hh), values_of(gru.bias_ih), values_of(gru.bias_hh)};
}

void add(FloatModel& model, const FloatGru& gru) { model.layers.emplace_back(gru_of(gru)); }
void add(FloatModel& model, const FloatBandGru& both) {
    model.layers.emplace_back(FloatModel::BandGru{gru_of(both.forward), gru_of(both.backward)});
}
void add(FloatModel& model, const FloatDense& dense) {
    model.layers.emplace_back(FloatModel::Dense{dense.activation, static_cast<int>(dense.weight.cols()),
                                                static_cast<int>(dense.weight.rows()), values_of(dense.weight),
                                                values_of(dense.bias), values_of(dense.by_band), dense.adds});
}

}  // namespace

FloatModel float_model_of(const FloatNetwork& network) {
    FloatModel model;
    model.bands = network.bands;
    for (const FloatLayer& layer : network.layers) std::visit([&](const auto& l) { add(model, l); }, layer);
    return model;
}

Preset float_preset(const Preset& like, const FloatNetwork& network) {
    const std::string hash = model_hash({network});
    if (!like.model_hash.empty() && like.model_hash != hash)
        throw DataError(like.name + " was searched from another network: from model " + like.model_hash +
                        ", but this one is model " + hash + " (a search of several networks has one hash for all)");
    Preset preset = like;
    preset.name = like.name.substr(0, like.name.rfind('-')) + "-float";  // next to NAME-8bit and NAME-recommended
    preset.float_model = float_model_of(network);
    preset.model = {};
    for (Scores* scores : {&preset.validation, &preset.test}) {
        scores->value = scores->float_value;
        scores->ci95 = 0;  // the search stores none for the float network
    }
    preset.provenance += " The float network that the presets of this search were made from.";
    if (const std::string error = check(preset); !error.empty())
        throw DataError(like.name + " was searched from another network: " + error);
    return preset;
}

}  // namespace gruve

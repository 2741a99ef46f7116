#include "engine/model/float_model.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace gruve {
namespace {

constexpr int largest_size = 4096;

template <class... F>
struct Overload : F... {
    using F::operator()...;
};
template <class... F>
Overload(F...) -> Overload<F...>;  // clang 14, which builds the fuzz targets, needs this deduction guide

using Vectors = std::vector<std::pair<const std::vector<float>*, std::int64_t>>;

Vectors vectors_of(const FloatModel::Gru& gru) {
    const std::int64_t in = gru.input_size, h = gru.hidden_size;
    return {{&gru.weight_ih, 3 * h * in}, {&gru.weight_hh, 3 * h * h}, {&gru.bias_ih, 3 * h}, {&gru.bias_hh, 3 * h}};
}

/// A layer's vectors, each with the number of values that it must hold.
Vectors vectors_of(const FloatModel::Layer& layer, int bands) {
    return std::visit(Overload{[&](const FloatModel::Dense& d) {
                                   const std::int64_t in = d.input_size, out = d.output_size;
                                   Vectors vectors{{&d.weight, out * in}, {&d.bias, out}};
                                   if (!d.by_band.empty()) vectors.emplace_back(&d.by_band, out * bands);
                                   return vectors;
                               },
                               [](const FloatModel::Gru& g) { return vectors_of(g); },
                               [](const FloatModel::BandGru& g) {
                                   Vectors vectors = vectors_of(g.forward), backward = vectors_of(g.backward);
                                   vectors.insert(vectors.end(), backward.begin(), backward.end());
                                   return vectors;
                               }},
                      layer);
}

std::string check_size(const std::string& place, int size) {
    return size >= 1 && size <= largest_size
               ? ""
               : place + ": size " + std::to_string(size) + ", allowed 1.." + std::to_string(largest_size);
}

std::string check_values(const std::string& place, const FloatModel::Layer& layer, int bands) {
    for (const auto& [values, count] : vectors_of(layer, bands)) {
        if (static_cast<std::int64_t>(values->size()) != count)
            return place + ": " + std::to_string(values->size()) + " values, expected " + std::to_string(count);
        if (!std::ranges::all_of(*values, [](float x) { return std::isfinite(x); }))
            return place + ": a value is not finite";
    }
    return "";
}

/// Sizes of a layer alone.
std::string check_sizes(const std::string& place, const FloatModel::Layer& layer) {
    for (const int size : {input_size(layer), output_size(layer)})
        if (std::string error = check_size(place, size); !error.empty()) return error;
    if (const auto* gru = std::get_if<FloatModel::BandGru>(&layer))
        if (gru->backward.input_size != gru->forward.input_size ||
            gru->backward.hidden_size != gru->forward.hidden_size)
            return place + ": backward has " + std::to_string(gru->backward.input_size) + " inputs and " +
                   std::to_string(gru->backward.hidden_size) + " units, allowed " +
                   std::to_string(gru->forward.input_size) + " and " + std::to_string(gru->forward.hidden_size) +
                   " as forward";
    return "";
}

/// Whether the layer may stand where it does. path: channels of the path, 0 before the first layer.
std::string check_order(const std::string& place, const FloatModel& model, std::size_t i, int path) {
    const auto* dense = std::get_if<FloatModel::Dense>(&model.layers[i]);
    if (model.bands == 1) {
        if (std::holds_alternative<FloatModel::BandGru>(model.layers[i]))
            return place + ": a GRU over bands in a network of one band, allowed with 2.." + std::to_string(max_bands);
        return dense != nullptr && (dense->adds || !dense->by_band.empty())
                   ? place + ": adds or by_band in a network of one band, allowed with 2.." + std::to_string(max_bands)
                   : "";
    }
    const bool first = i == 0, last = i + 1 == model.layers.size();
    if ((first || last) && (dense == nullptr || dense->adds))
        return place + ": the " + (first ? "first" : "last") +
               " layer of a network of bands, allowed is a dense layer that does not add";
    if (dense == nullptr && !std::holds_alternative<FloatModel::Dense>(model.layers[i - 1]))
        return place + ": a GRU after a GRU, allowed after a dense layer";
    if (dense == nullptr || !dense->adds) return "";
    if (dense->activation != Activation::none) return place + ": it adds and has an activation, allowed one of them";
    return dense->output_size == path ? ""
                                      : place + ": gives " + std::to_string(dense->output_size) +
                                            " values, but the path that it adds to has " + std::to_string(path);
}

}  // namespace

int input_size(const FloatModel::Layer& layer) {
    return std::visit(Overload{[](const FloatModel::BandGru& g) { return g.forward.input_size; },
                               [](const auto& l) { return l.input_size; }},
                      layer);
}

int output_size(const FloatModel::Layer& layer) {
    return std::visit(Overload{[](const FloatModel::Dense& d) { return d.output_size; },
                               [](const FloatModel::Gru& g) { return g.hidden_size; },
                               [](const FloatModel::BandGru& g) {  // a size that check() refuses may not overflow
                                   return 2 * std::clamp(g.forward.hidden_size, 0, largest_size);
                               }},
                      layer);
}

int FloatModel::input_size() const { return layers.empty() ? 0 : bands * gruve::input_size(layers.front()); }
int FloatModel::output_size() const { return layers.empty() ? 0 : bands * gruve::output_size(layers.back()); }

std::size_t FloatModel::parameter_bytes() const {
    std::size_t bytes = 0;
    for (const Layer& layer : layers)
        for (const auto& [values, count] : vectors_of(layer, bands)) bytes += values->size() * sizeof(float);
    return bytes;
}

std::string check(const FloatModel& model) {
    if (model.bands < 1 || model.bands > max_bands)
        return "float model: bands " + std::to_string(model.bands) + ", allowed 1.." + std::to_string(max_bands);
    if (model.layers.empty() || model.layers.size() > static_cast<std::size_t>(most_layers(model.bands)))
        return "float model: " + std::to_string(model.layers.size()) + " layers, allowed 1.." +
               std::to_string(most_layers(model.bands));
    int before = input_size(model.layers.front()), path = 0;
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const FloatModel::Layer& layer = model.layers[i];
        const std::string place = "float layer " + std::to_string(i);
        if (std::string error = check_sizes(place, layer); !error.empty()) return error;
        if (input_size(layer) != before)
            return place + ": reads " + std::to_string(input_size(layer)) + " values, the previous layer gives " +
                   std::to_string(before);
        for (const std::string& error : {check_order(place, model, i, path), check_values(place, layer, model.bands)})
            if (!error.empty()) return error;
        before = output_size(layer);
        if (const auto* dense = std::get_if<FloatModel::Dense>(&layer)) path = dense->output_size;
    }
    return "";
}

}  // namespace gruve

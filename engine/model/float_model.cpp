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

/// Input and output size of a layer.
std::pair<int, int> sizes_of(const FloatModel::Layer& layer) {
    return std::visit(Overload{[](const FloatModel::Dense& d) { return std::pair(d.input_size, d.output_size); },
                               [](const FloatModel::Gru& g) { return std::pair(g.input_size, g.hidden_size); }},
                      layer);
}

/// A layer's vectors, each with the number of values that it must hold.
std::vector<std::pair<const std::vector<float>*, std::int64_t>> vectors_of(const FloatModel::Layer& layer) {
    return std::visit(
        Overload{
            [](const FloatModel::Dense& d) {
                const std::int64_t in = d.input_size, out = d.output_size;
                return std::vector<std::pair<const std::vector<float>*, std::int64_t>>{{&d.weight, out * in},
                                                                                       {&d.bias, out}};
            },
            [](const FloatModel::Gru& g) {
                const std::int64_t in = g.input_size, h = g.hidden_size;
                return std::vector<std::pair<const std::vector<float>*, std::int64_t>>{
                    {&g.weight_ih, 3 * h * in}, {&g.weight_hh, 3 * h * h}, {&g.bias_ih, 3 * h}, {&g.bias_hh, 3 * h}};
            }},
        layer);
}

}  // namespace

int FloatModel::input_size() const { return layers.empty() ? 0 : sizes_of(layers.front()).first; }
int FloatModel::output_size() const { return layers.empty() ? 0 : sizes_of(layers.back()).second; }

std::size_t FloatModel::parameter_bytes() const {
    std::size_t bytes = 0;
    for (const Layer& layer : layers)
        for (const auto& [values, count] : vectors_of(layer)) bytes += values->size() * sizeof(float);
    return bytes;
}

std::string check(const FloatModel& model) {
    if (model.layers.empty() || model.layers.size() > static_cast<std::size_t>(max_layers))
        return "float model: " + std::to_string(model.layers.size()) + " layers, allowed 1.." +
               std::to_string(max_layers);
    int before = model.input_size();
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const std::string place = "float layer " + std::to_string(i);
        const auto [input, output] = sizes_of(model.layers[i]);
        for (const int size : {input, output})
            if (size < 1 || size > largest_size)
                return place + ": size " + std::to_string(size) + ", allowed 1.." + std::to_string(largest_size);
        if (input != before)
            return place + ": reads " + std::to_string(input) + " values, the previous layer gives " +
                   std::to_string(before);
        for (const auto& [values, count] : vectors_of(model.layers[i])) {
            if (static_cast<std::int64_t>(values->size()) != count)
                return place + ": " + std::to_string(values->size()) + " values, expected " + std::to_string(count);
            if (!std::ranges::all_of(*values, [](float x) { return std::isfinite(x); }))
                return place + ": a value is not finite";
        }
        before = output;
    }
    return "";
}

}  // namespace gruve

#include "offline_search/search/step_cost.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "engine/kernels/network.h"
#include "offline_search/quantisation/genome.h"

namespace gruve {
namespace {

constexpr int repetitions = 15, steps = 2000;

double measure(const Model& model) {
    const Network network(model);
    Network::State state(network);
    std::vector<std::int8_t> x(static_cast<std::size_t>(network.input_size()));
    std::vector<std::int16_t> y(static_cast<std::size_t>(network.output_size()));
    std::vector<double> times;
    for (int r = 0; r < repetitions; ++r) {
        const auto start = std::chrono::steady_clock::now();
        for (int t = 0; t < steps; ++t) network.step(state, x, y);
        times.push_back(std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count() /
                        steps);
    }
    std::nth_element(times.begin(), times.begin() + repetitions / 2, times.end());
    return std::round(times[repetitions / 2]);
}

void set_weights(Genome& genome, int width) {
    for (auto& layer : genome.layers) {
        std::fill_n(layer.gru.begin(), linear_count, static_cast<std::uint8_t>(width));
        layer.dense.weights = static_cast<std::uint8_t>(width);
    }
}

}  // namespace

std::vector<double> measure_step_costs(const Quantiser& quantiser) {
    std::vector<double> costs;
    for (int width = min_width; width <= max_width; ++width) {
        Genome genome = homogeneous(quantiser.network(), max_width);
        set_weights(genome, width);
        costs.push_back(measure(quantiser.assemble(genome)));
    }
    return costs;
}

double step_cost(const std::vector<double>& costs, const FloatNetwork& network, const Genome& genome) {
    double sum = 0, weights = 0;
    const auto add = [&](Eigen::Index count, int width) {
        const int bits = width == binary_width || width == ternary_width ? min_width : width;
        sum += static_cast<double>(count) * costs.at(static_cast<std::size_t>(bits - min_width));
        weights += static_cast<double>(count);
    };
    const auto add_gru = [&](const FloatGru& gru, const GruWidths& widths) {
        for (std::size_t i = 0; i < linear_count; ++i)
            add((i < 3 ? gru.weight_ih : gru.weight_hh).size() / 3, widths[i]);
    };
    for (std::size_t k = 0; k < network.layers.size(); ++k) {
        if (const auto* gru = std::get_if<FloatGru>(&network.layers[k])) {
            add_gru(*gru, genome.layers[k].gru);
        } else if (const auto* both = std::get_if<FloatBandGru>(&network.layers[k])) {
            add_gru(both->forward, genome.layers[k].gru);
            add_gru(both->backward, genome.layers[k].gru);
        } else {
            add(std::get<FloatDense>(network.layers[k]).weight.size(), genome.layers[k].dense.weights);
        }
    }
    return sum / weights;
}

}  // namespace gruve

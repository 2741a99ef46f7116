#include "offline_search/search/genes.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <stdexcept>

#include "offline_search/quantisation/genome.h"

namespace gruve {
namespace {

constexpr const char* digits = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr std::size_t max_networks = 8;

std::vector<std::uint8_t> plain_widths() { return {2, 3, 4, 5, 6, 7, 8}; }

std::vector<std::uint8_t> widths_of(Operator op, GeneScheme scheme) {
    std::vector<std::uint8_t> widths = plain_widths();
    if (scheme == GeneScheme::paper) return widths;
    if (width_allowed(op, wide_width)) widths.push_back(wide_width);
    if (scheme == GeneScheme::further && static_cast<int>(op) < linear_count)
        widths.insert(widths.begin(), {binary_width, ternary_width});
    return widths;
}

/// The width in `genome` that the gene sets.
std::uint8_t get(const Gene& gene, const Genome& genome) {
    const auto layer = static_cast<std::size_t>(gene.layer);
    switch (gene.kind) {
        case Gene::Kind::hidden:
            return genome.network;
        case Gene::Kind::input:
            return genome.input;
        case Gene::Kind::row_multipliers:
            return genome.row_multipliers ? 1 : 0;
        case Gene::Kind::bias_width:
            return genome.bias_width;
        case Gene::Kind::gru:
            return genome.layers[layer].gru[static_cast<std::size_t>(gene.op)];
        case Gene::Kind::dense_weights:
            return genome.layers[layer].dense.weights;
        case Gene::Kind::dense_pre_activation:
            return genome.layers[layer].dense.pre_activation;
        case Gene::Kind::dense_output:
            return genome.layers[layer].dense.output;
        case Gene::Kind::sum:
            return genome.layers[layer].sum;
    }
    return 0;
}

void set(const Gene& gene, Genome& genome, std::uint8_t value) {
    const auto layer = static_cast<std::size_t>(gene.layer);
    switch (gene.kind) {
        case Gene::Kind::hidden:
            genome.network = value;
            break;
        case Gene::Kind::input:
            genome.input = value;
            break;
        case Gene::Kind::row_multipliers:
            genome.row_multipliers = value != 0;
            break;
        case Gene::Kind::bias_width:
            genome.bias_width = value;
            break;
        case Gene::Kind::gru:
            genome.layers[layer].gru[static_cast<std::size_t>(gene.op)] = value;
            break;
        case Gene::Kind::dense_weights:
            genome.layers[layer].dense.weights = value;
            break;
        case Gene::Kind::dense_pre_activation:
            genome.layers[layer].dense.pre_activation = value;
            break;
        case Gene::Kind::dense_output:
            genome.layers[layer].dense.output = value;
            break;
        case Gene::Kind::sum:
            genome.layers[layer].sum = value;
            break;
    }
}

double bits_of(const Gene& gene, std::uint8_t width) {
    return gene.kind == Gene::Kind::gru && gene.op < linear_count ? bits_per_weight(width) : width;
}

void require_same_shape(const FloatNetwork& a, const FloatNetwork& b) {
    bool same =
        a.layers.size() == b.layers.size() && a.input_size() == b.input_size() && a.output_size() == b.output_size();
    for (std::size_t k = 0; same && k < a.layers.size(); ++k) same = a.layers[k].index() == b.layers[k].index();
    if (!same)
        throw std::invalid_argument("a network with " + std::to_string(b.layers.size()) + " layers, " +
                                    std::to_string(b.input_size()) + " inputs and " + std::to_string(b.output_size()) +
                                    " outputs beside one with " + std::to_string(a.layers.size()) + ", " +
                                    std::to_string(a.input_size()) + " and " + std::to_string(a.output_size()) +
                                    ": only hidden sizes may differ");
}

/// Indices of `sizes` by rising size. Throws std::invalid_argument for equal sizes and for more than max_networks.
std::vector<std::uint8_t> by_size(const std::vector<int>& sizes) {
    std::vector<std::uint8_t> order(sizes.size());
    std::iota(order.begin(), order.end(), std::uint8_t{0});
    std::sort(order.begin(), order.end(), [&](std::uint8_t a, std::uint8_t b) { return sizes[a] < sizes[b]; });
    for (std::size_t i = 1; i < order.size(); ++i)
        if (sizes[order[i]] == sizes[order[i - 1]])
            throw std::invalid_argument("hidden size " + std::to_string(sizes[order[i]]) + " twice, each allowed once");
    if (sizes.size() > max_networks)
        throw std::invalid_argument(std::to_string(sizes.size()) + " hidden sizes, allowed up to " +
                                    std::to_string(max_networks));
    return order;
}

}  // namespace

int hidden_size(const FloatNetwork& network) {
    for (const FloatLayer& layer : network.layers)
        if (!std::holds_alternative<FloatDense>(layer)) return output_size(layer);
    return 0;
}

std::string name_of(GeneScheme scheme) {
    return scheme == GeneScheme::paper ? "paper" : scheme == GeneScheme::further ? "further" : "gruve";
}

GeneScheme gene_scheme_from(const std::string& name) {
    for (const GeneScheme scheme : {GeneScheme::gruve, GeneScheme::further, GeneScheme::paper})
        if (name == name_of(scheme)) return scheme;
    throw std::invalid_argument("scheme '" + name + "', allowed gruve, further, paper");
}

GeneSpace::GeneSpace(const FloatNetwork& network, GeneScheme scheme)
    : GeneSpace(std::vector<FloatNetwork>{network}, scheme) {}

GeneSpace::GeneSpace(const std::vector<FloatNetwork>& networks, GeneScheme scheme)
    : scheme_(scheme), base_(homogeneous(networks.front(), max_width)) {
    const FloatNetwork& network = networks.front();
    for (const FloatNetwork& other : networks) {
        require_same_shape(network, other);
        hidden_.push_back(hidden_size(other));
    }
    const bool paper = scheme == GeneScheme::paper;
    if (paper) base_.row_multipliers = false;
    const std::size_t layers = network.layers.size();
    const auto grus = std::count_if(network.layers.begin(), network.layers.end(),
                                    [](const FloatLayer& l) { return !std::holds_alternative<FloatDense>(l); });
    for (std::size_t k = 0; k < layers; ++k) {
        const int layer = static_cast<int>(k);
        const std::string place = "layer " + std::to_string(k) + ", ";
        const auto* of_dense = std::get_if<FloatDense>(&network.layers[k]);
        if (of_dense == nullptr) {
            for (int i = 0; i < operator_count; ++i) {
                const auto op = static_cast<Operator>(i);
                genes_.push_back({Gene::Kind::gru, layer, i, (grus > 1 ? place : "") + std::string(name_of(op)),
                                  widths_of(op, scheme)});
            }
            continue;
        }
        if (paper) continue;
        const std::string dense = (layers > static_cast<std::size_t>(grus) + 1 ? place : "") + "dense ";
        genes_.push_back({Gene::Kind::dense_weights, layer, 0, dense + "weights", plain_widths()});
        if (of_dense->adds) genes_.push_back({Gene::Kind::sum, layer, 0, place + "sum", plain_widths()});
        if (of_dense->activation == Activation::none && (of_dense->adds || k + 1 == layers)) continue;
        genes_.push_back({Gene::Kind::dense_pre_activation, layer, 0, dense + "pre-activation", plain_widths()});
        if (of_dense->activation != Activation::none)
            genes_.push_back({Gene::Kind::dense_output, layer, 0, dense + "output", plain_widths()});
    }
    if (networks.size() > 1) genes_.push_back({Gene::Kind::hidden, 0, 0, "hidden", by_size(hidden_)});
    if (paper) return;
    genes_.push_back({Gene::Kind::input, 0, 0, "input", plain_widths()});
    genes_.push_back({Gene::Kind::row_multipliers, 0, 0, "row multipliers", {0, 1}});
    genes_.push_back({Gene::Kind::bias_width, 0, 0, "biases", {8, 16}});
}

std::vector<int> GeneSpace::meaning(const Gene& gene) const {
    std::vector<int> values(gene.widths.begin(), gene.widths.end());
    if (gene.kind == Gene::Kind::hidden)
        for (int& value : values) value = hidden_[static_cast<std::size_t>(value)];
    return values;
}

Genome GeneSpace::decode(const Genes& genes) const {
    Genome genome = base_;
    for (std::size_t i = 0; i < genes_.size(); ++i)
        set(genes_[i], genome, genes_[i].widths.at(static_cast<std::size_t>(genes.at(i))));
    return genome;
}

Genes GeneSpace::encode(const Genome& genome) const {
    Genes result;
    for (const Gene& gene : genes_) {
        const double wanted = bits_of(gene, get(gene, genome));
        const auto nearest =
            std::min_element(gene.widths.begin(), gene.widths.end(), [&](std::uint8_t a, std::uint8_t b) {
                return std::abs(bits_of(gene, a) - wanted) < std::abs(bits_of(gene, b) - wanted);
            });
        result.push_back(static_cast<int>(nearest - gene.widths.begin()));
    }
    return result;
}

Genes GeneSpace::high() const {
    Genes result;
    for (std::size_t i = 0; i < size(); ++i) result.push_back(highest(i));
    return result;
}

std::vector<Genes> GeneSpace::eight_bit_sizes() const {
    std::vector<Genes> result;
    for (const Gene& gene : genes_) {
        if (gene.kind != Gene::Kind::hidden) continue;
        Genome genome = base_;
        for (const std::uint8_t network : gene.widths) {
            genome.network = network;
            result.push_back(encode(genome));
        }
    }
    return result;
}

std::string to_text(const Genes& genes) {
    std::string text;
    for (const int gene : genes) text += digits[gene];
    return text;
}

Genes genes_from(const std::string& text) {
    Genes genes;
    for (const char c : text) {
        const auto digit = std::string(digits).find(c);
        if (digit == std::string::npos) throw std::invalid_argument("genes '" + text + "': not a digit of base 36");
        genes.push_back(static_cast<int>(digit));
    }
    return genes;
}

}  // namespace gruve

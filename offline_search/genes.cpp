#include "offline_search/genes.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

namespace gruve {
namespace {

constexpr const char* digits = "0123456789abcdefghijklmnopqrstuvwxyz";

std::vector<std::uint8_t> plain_widths() { return {2, 3, 4, 5, 6, 7, 8}; }

std::vector<std::uint8_t> widths_of(Operator op, GeneScheme scheme) {
    std::vector<std::uint8_t> widths = plain_widths();
    if (scheme == GeneScheme::paper) return widths;
    if (width_allowed(op, wide_width)) widths.push_back(wide_width);
    if (scheme == GeneScheme::further && static_cast<int>(op) < linear_count) widths.insert(widths.begin(), {binary_width, ternary_width});
    return widths;
}

/// The place in a genome that a gene sets.
std::uint8_t get(const Gene& gene, const Genome& genome) {
    const auto layer = static_cast<std::size_t>(gene.layer);
    switch (gene.kind) {
        case Gene::Kind::input: return genome.input;
        case Gene::Kind::row_multipliers: return genome.row_multipliers ? 1 : 0;
        case Gene::Kind::bias_width: return genome.bias_width;
        case Gene::Kind::gru: return genome.layers[layer].gru[static_cast<std::size_t>(gene.op)];
        case Gene::Kind::dense_weights: return genome.layers[layer].dense.weights;
        case Gene::Kind::dense_pre_activation: return genome.layers[layer].dense.pre_activation;
        case Gene::Kind::dense_output: return genome.layers[layer].dense.output;
    }
    return 0;
}

void set(const Gene& gene, Genome& genome, std::uint8_t value) {
    const auto layer = static_cast<std::size_t>(gene.layer);
    switch (gene.kind) {
        case Gene::Kind::input: genome.input = value; break;
        case Gene::Kind::row_multipliers: genome.row_multipliers = value != 0; break;
        case Gene::Kind::bias_width: genome.bias_width = value; break;
        case Gene::Kind::gru: genome.layers[layer].gru[static_cast<std::size_t>(gene.op)] = value; break;
        case Gene::Kind::dense_weights: genome.layers[layer].dense.weights = value; break;
        case Gene::Kind::dense_pre_activation: genome.layers[layer].dense.pre_activation = value; break;
        case Gene::Kind::dense_output: genome.layers[layer].dense.output = value; break;
    }
}

double bits_of(const Gene& gene, std::uint8_t width) { return gene.kind == Gene::Kind::gru && gene.op < linear_count ? bits_per_weight(width) : width; }

}  // namespace

std::string name_of(GeneScheme scheme) {
    return scheme == GeneScheme::paper ? "paper" : scheme == GeneScheme::further ? "further" : "gruve";
}

GeneScheme gene_scheme_from(const std::string& name) {
    for (const GeneScheme scheme : {GeneScheme::gruve, GeneScheme::further, GeneScheme::paper})
        if (name == name_of(scheme)) return scheme;
    throw std::invalid_argument("scheme '" + name + "', allowed gruve, further, paper");
}

GeneSpace::GeneSpace(const FloatNetwork& network, GeneScheme scheme) : scheme_(scheme), base_(homogeneous(network, max_width)) {
    const bool paper = scheme == GeneScheme::paper;
    const std::size_t layers = network.layers.size();
    const auto grus = std::count_if(network.layers.begin(), network.layers.end(), [](const FloatLayer& l) { return std::holds_alternative<FloatGru>(l); });
    for (std::size_t k = 0; k < layers; ++k) {
        const int layer = static_cast<int>(k);
        const std::string place = "layer " + std::to_string(k) + ", ";
        if (std::holds_alternative<FloatGru>(network.layers[k])) {
            for (int i = 0; i < operator_count; ++i) {
                const auto op = static_cast<Operator>(i);
                genes_.push_back({Gene::Kind::gru, layer, i, (grus > 1 ? place : "") + std::string(name_of(op)), widths_of(op, scheme)});
            }
            continue;
        }
        if (paper) continue;
        const std::string dense = (layers > static_cast<std::size_t>(grus) + 1 ? place : "") + "dense ";
        genes_.push_back({Gene::Kind::dense_weights, layer, 0, dense + "weights", plain_widths()});
        if (std::get<FloatDense>(network.layers[k]).activation == Activation::none && k + 1 == layers) continue;
        genes_.push_back({Gene::Kind::dense_pre_activation, layer, 0, dense + "pre-activation", plain_widths()});
        if (std::get<FloatDense>(network.layers[k]).activation != Activation::none)
            genes_.push_back({Gene::Kind::dense_output, layer, 0, dense + "output", plain_widths()});
    }
    if (paper) return;
    genes_.push_back({Gene::Kind::input, 0, 0, "input", plain_widths()});
    genes_.push_back({Gene::Kind::row_multipliers, 0, 0, "row multipliers", {0, 1}});
    genes_.push_back({Gene::Kind::bias_width, 0, 0, "biases", {8, 16}});
}

Genome GeneSpace::decode(const Genes& genes) const {
    Genome genome = base_;
    for (std::size_t i = 0; i < genes_.size(); ++i) set(genes_[i], genome, genes_[i].widths.at(static_cast<std::size_t>(genes.at(i))));
    return genome;
}

Genes GeneSpace::encode(const Genome& genome) const {
    Genes result;
    for (const Gene& gene : genes_) {
        const double wanted = bits_of(gene, get(gene, genome));
        const auto nearest = std::min_element(gene.widths.begin(), gene.widths.end(), [&](std::uint8_t a, std::uint8_t b) {
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

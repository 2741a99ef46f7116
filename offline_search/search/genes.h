// A genome as the search sees it: a vector of small integers, each an index into the widths that one operator may have.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "offline_search/quantisation/genome.h"

namespace gruve {

/// One index per gene; higher means more bits.
using Genes = std::vector<int>;

struct Gene {
    enum class Kind : std::uint8_t {
        hidden,
        input,
        row_multipliers,
        bias_width,
        gru,
        dense_weights,
        dense_pre_activation,
        dense_output
    };
    Kind kind = Kind::input;
    int layer = 0, op = 0;             // op: index of Operator for Kind::gru
    std::string name;                  // "linear_ir", or "layer 1, dense weights" where there are several layers
    std::vector<std::uint8_t> widths;  // by rising bits; Kind::hidden: indices of networks, by rising size
};

/// How wide the search looks.
enum class GeneScheme : std::uint8_t {
    gruve,    // 17 genes a layer, products up to 16 beside the 16-bit state, input, dense layers, multipliers, biases
    further,  // the same with weights of 1 bit and ternary
    paper,  // as arXiv 2402.12263: 17 genes a layer, 2..8, narrow state, plain quantisation; everything else stays at 8 bits
};
std::string name_of(GeneScheme);
/// Throws std::invalid_argument naming the allowed words.
GeneScheme gene_scheme_from(const std::string&);

/// Units of the first GRU layer; 0 where there is none.
int hidden_size(const FloatNetwork&);

class GeneSpace {
public:
    GeneSpace(const FloatNetwork&, GeneScheme);
    /// Several networks of one shape but for their hidden sizes, all different, give the gene "hidden"; homogeneous genomes are of the
    /// first. At most 8. Throws std::invalid_argument where the layers differ in kind, inputs or outputs.
    GeneSpace(const std::vector<FloatNetwork>&, GeneScheme);

    const std::vector<Gene>& genes() const { return genes_; }
    /// What each level of the gene stands for: bits, or units of a hidden layer.
    std::vector<int> meaning(const Gene&) const;
    GeneScheme scheme() const { return scheme_; }
    std::size_t size() const { return genes_.size(); }
    int highest(std::size_t gene) const { return static_cast<int>(genes_[gene].widths.size()) - 1; }

    Genome decode(const Genes&) const;
    /// Nearest genes where the space lacks a width of `genome`.
    Genes encode(const Genome&) const;
    /// Every gene at its most bits.
    Genes high() const;
    /// What decode() starts from: the widths that aren't genes.
    const Genome& base() const { return base_; }

private:
    GeneScheme scheme_;
    Genome base_;
    std::vector<int> hidden_;  // of each network
    std::vector<Gene> genes_;
};

/// "7734…": one base-36 digit per gene, for files and caches.
std::string to_text(const Genes&);
Genes genes_from(const std::string&);

}  // namespace gruve

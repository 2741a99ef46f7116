// A genome as the search sees it: a vector of small integers, each an index into the widths that an operator may have.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "offline_search/quantisation/genome.h"

namespace gruve {

/// One level per gene, 0 and up. A higher level means more bits.
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
        dense_output,
        sum
    };
    Kind kind = Kind::input;
    int layer = 0, op = 0;  // op: index of Operator for Kind::gru
    std::string name;       // "linear_ir", or "layer 1, dense weights" where there are several layers
    /// Of each level, by rising bits. For Kind::hidden: indices of networks, by rising size.
    std::vector<std::uint8_t> widths;
};

/// Which operators have genes, and which widths they may have.
enum class GeneScheme : std::uint8_t {
    gruve,    // 17 genes per GRU layer, 2..8 bits, products into the 16-bit state also 16; genes for all else
    further,  // the same, and also binary and ternary weights
    paper,    // arXiv 2402.12263: 17 genes per GRU layer, 2..8 bits, narrow state, plain quantisation; all else 8 bits
};
std::string name_of(GeneScheme);
/// The inverse of name_of. Throws std::invalid_argument that lists the allowed names.
GeneScheme gene_scheme_from(const std::string&);

/// Units of the first GRU layer; 0 where the network has none.
int hidden_size(const FloatNetwork&);

class GeneSpace {
public:
    GeneSpace(const FloatNetwork&, GeneScheme);
    /// Up to 8 networks with different hidden sizes and otherwise the same shape add a gene "hidden". Homogeneous
    /// genomes use the first network. Throws std::invalid_argument for more than 8 networks, for equal hidden sizes,
    /// and where layers differ in kind, inputs or outputs.
    GeneSpace(const std::vector<FloatNetwork>&, GeneScheme);

    const std::vector<Gene>& genes() const { return genes_; }
    /// The meaning of each level of the gene: bits, or units of a hidden layer.
    std::vector<int> meaning(const Gene&) const;
    GeneScheme scheme() const { return scheme_; }
    std::size_t size() const { return genes_.size(); }
    int highest(std::size_t gene) const { return static_cast<int>(genes_[gene].widths.size()) - 1; }

    /// The genome that has base()'s widths and, for every gene, the width of its level.
    Genome decode(const Genes&) const;
    /// The levels of `genome`'s widths; the nearest level where the space lacks a width.
    Genes encode(const Genome&) const;
    /// Every gene at its highest level.
    Genes high() const;
    /// Homogeneous 8 bit at every hidden size, by rising size. Empty where there is one network.
    std::vector<Genes> eight_bit_sizes() const;
    /// The genome that decode() starts from. It holds the widths that have no gene.
    const Genome& base() const { return base_; }

private:
    GeneScheme scheme_;
    Genome base_;
    std::vector<int> hidden_;  // units of each network
    std::vector<Gene> genes_;
};

/// One base-36 digit per gene, "7734", for files and caches.
std::string to_text(const Genes&);
/// The inverse of to_text. Throws std::invalid_argument for other characters than base-36 digits.
Genes genes_from(const std::string&);

}  // namespace gruve

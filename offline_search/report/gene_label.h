// Genes and their widths as a person reads them.
#pragma once

#include <string>

#include "offline_search/selection/result.h"

namespace gruve {

/// The readable form of a gene's name: "linear_ir" → "linear ir", "one_minus_z" → "1 − z",
/// "layer 1, product_state" → "layer 1, state product".
std::string gene_label(const std::string& name);

/// Whether the gene sets a number of bits. The genes "row multipliers" and "hidden" (units) don't.
bool sets_bits(const GeneInfo&);

/// One of the gene's widths: "5" bits, "1.6" for ternary weights, "64" units, and "yes" or "no" for multipliers of
/// each row.
std::string width_label(const GeneInfo&, int width);

}  // namespace gruve

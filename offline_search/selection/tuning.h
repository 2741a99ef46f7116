// Which genomes are fine-tuned, and what comes of it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "offline_search/fine_tuning/fine_tune.h"
#include "offline_search/search/evaluator.h"
#include "offline_search/search/first_population.h"
#include "offline_search/selection/judge.h"

namespace gruve {

/// Genomes of few bits that only fine-tuning makes good, largest first: weights of 2 bits, and below where the space has them (the reset path
/// stands the fewest, the candidate path wants the most), a single multiplier a matrix, 8-bit biases, dense weights of 3 bits, and every
/// other operator at the fewest bits that the scan says cost nothing alone (`harmless`: error; what saves no byte keeps all its bits).
std::vector<Genes> lean_genomes(const GeneSpace&, const std::vector<Sensitivity>&, double harmless);

/// `points` after fine-tuning, scored on the validation split; those that it didn't make better are left out. None where stop() answered true.
std::vector<Candidate> fine_tuned(Task&, const Quantiser&, const GeneSpace&, const Judge&,
                                  const std::vector<Point>& points, const FineTuneSettings&,
                                  const std::function<void(const std::string&)>& say,
                                  const std::function<bool()>& stop);

}  // namespace gruve

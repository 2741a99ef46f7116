// Which genomes are fine-tuned, and the fine-tuning of them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "offline_search/fine_tuning/fine_tune.h"
#include "offline_search/search/evaluator.h"
#include "offline_search/search/first_population.h"
#include "offline_search/search/run.h"
#include "offline_search/selection/judge.h"

namespace gruve {

/// Which points are fine-tuned before presets are written.
enum class FineTuning : std::uint8_t {
    none,
    best,   // the recommended point and a few smaller ones, of which one may become the recommended one
    front,  // also every other point that becomes a preset
};

/// Genomes of so few bits that only fine-tuning makes them good, the largest first. They have weights of 2 bits, and
/// of fewer where the space has them: the reset path stands the fewest bits, the candidate path needs the most. Each
/// matrix has a single multiplier; biases have 8 bits, dense weights 3. Every other operator has the fewest bits that
/// cost at most `harmless` (error) in the scan, where it was lowered alone. An operator whose lowering saves no byte
/// keeps its bits.
std::vector<Genes> lean_genomes(const GeneSpace&, const std::vector<Sensitivity>&, double harmless);

/// The points to fine-tune, each once: lean genomes, the smallest point of the front that isn't hopeless, and the one
/// that is `likely` to be recommended; with FineTuning::front also those of the `chosen` candidates. tolerance: of the
/// task, in its error's unit.
std::vector<Point> points_to_tune(Evaluator&, const SearchState&, const std::vector<Candidate>& chosen,
                                  const Point& likely, double tolerance, FineTuning which);

/// Fine-tunes `points` and scores them on the validation split. Points that don't get better are left out. Returns
/// nothing where stop() returned true meanwhile: half a fine-tuning isn't repeatable. say: receives lines of progress.
std::vector<Candidate> fine_tuned(Task&, const Quantiser&, const GeneSpace&, const Judge&,
                                  const std::vector<Point>& points, const FineTuneSettings&,
                                  const std::function<void(const std::string&)>& say,
                                  const std::function<bool()>& stop);

}  // namespace gruve

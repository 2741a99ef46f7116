// Which genomes are fine-tuned.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include "offline_search/search/evaluator.h"
#include "offline_search/search/first_population.h"
#include "offline_search/search/run.h"
#include "offline_search/selection/judge.h"

namespace gruve {

/// Which points are fine-tuned before presets are written.
enum class FineTuning : std::uint8_t {
    none,
    best,    // the recommended point and a few smaller ones, of which one may become the recommended one
    front,   // also every other point that becomes a preset
    rounds,  // `best`, then further members of the front in rounds (tuning_rounds.h), any of which may be recommended
};

/// Genomes of so few bits that only fine-tuning makes them good, the largest first. They have weights of 2 bits, and
/// of fewer where the space has them: the reset path stands the fewest bits, the candidate path needs the most. Each
/// matrix has a single multiplier; biases have 8 bits, dense weights 3. Every other operator has the fewest bits that
/// cost at most `harmless` (error) in the scan, where it was lowered alone. An operator whose lowering saves no byte
/// keeps its bits.
std::vector<Genes> lean_genomes(const GeneSpace&, const std::vector<Sensitivity>&, double harmless);

/// The points to fine-tune first, each once: homogeneous 8 bit, lean genomes, the smallest point of the front that
/// isn't hopeless, and the one that is `likely` to be recommended; with FineTuning::front also those of the `chosen`
/// candidates. tolerance: of the task, in its error's unit.
std::vector<Point> points_to_tune(Evaluator&, const SearchState&, const std::vector<Candidate>& chosen,
                                  const Point& likely, double tolerance, FineTuning which);

/// Steps of bytes, and how many points a round tunes at most.
struct RoundShape {
    int steps = 0;
    std::size_t most = 0;
};

/// The points of a further round, from small to large. The bytes between the smallest tolerable point, tuned or not,
/// and those of `eight` are divided into equal ratios. First come the smallest two tuned points that lose little, to
/// train on from their own weights; then, of each step without a tuned point, the point of `front` with least error
/// that wasn't `tried`. Points whose error is hopeless are left out. eight: homogeneous 8 bit. tolerance: of the task,
/// in its error's unit.
std::vector<Point> next_to_tune(const std::vector<Point>& front, const std::vector<Point>& tuned,
                                const std::set<Genes>& tried, const Objectives& eight, double tolerance,
                                const RoundShape&);

}  // namespace gruve

#include "offline_search/search/evaluator.h"

#include <cmath>

#include "datasets/support/parallel.h"
#include "engine/kernels/network.h"
#include "offline_search/search/step_cost.h"

namespace gruve {

Evaluator::Evaluator(const GeneSpace& space, const Quantiser& quantiser, Task& task, int jobs,
                     std::function<bool()> stop)
    : space_(space), quantiser_(quantiser), task_(task), jobs_(jobs), stop_(std::move(stop)) {}

Objectives Evaluator::score(const Genes& genes) const {
    const Network network(quantiser_.assemble(space_.decode(genes)));
    const Score score = task_.evaluate(network, Split::validation, 1);
    if (!std::isfinite(score.error))
        throw std::runtime_error("genome " + to_text(genes) + ": the task's score is not finite");
    const std::size_t bytes = parameter_bytes(network.model()).total() + task_.fixed_bytes();
    return {score.error, static_cast<double>(bytes), 0, score.value};
}

std::vector<Objectives> Evaluator::score_here(const std::vector<Genes>& genomes) const {
    std::vector<Objectives> scores(genomes.size());
    parallel_for(jobs_, static_cast<int>(genomes.size()), [&](int i) {
        if (stop_ && stop_()) throw Interrupted();
        scores[static_cast<std::size_t>(i)] = score(genomes[static_cast<std::size_t>(i)]);
    });
    return scores;
}

std::vector<Objectives> Evaluator::evaluate(const std::vector<Genes>& batch) {
    std::vector<Genes> fresh;
    std::map<std::string, std::size_t> index;
    for (const Genes& genes : batch) {
        const std::string key = to_text(genes);
        if (!cache_.contains(key) && index.emplace(key, fresh.size()).second) fresh.push_back(genes);
    }
    std::vector<Objectives> scores = scatter_ && !fresh.empty() ? scatter_(fresh) : score_here(fresh);
    if (!costs_.empty())
        for (std::size_t i = 0; i < fresh.size(); ++i)
            scores[i].ns = step_cost(costs_, quantiser_.network(), space_.decode(fresh[i]));
    for (const auto& [key, i] : index) cache_[key] = scores[i];
    std::vector<Objectives> result;
    for (const Genes& genes : batch) result.push_back(cache_.at(to_text(genes)));
    return result;
}

}  // namespace gruve

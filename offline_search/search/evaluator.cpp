#include "offline_search/search/evaluator.h"

#include <cmath>

#include "datasets/support/parallel.h"
#include "engine/kernels/network.h"
#include "offline_search/search/step_cost.h"

namespace gruve {

Evaluator::Evaluator(const GeneSpace& space, const Quantiser& quantiser, Task& task, int jobs,
                     std::function<bool()> stop)
    : space_(space), quantiser_(quantiser), task_(task), jobs_(jobs), stop_(std::move(stop)) {}

Scored Evaluator::score(const Genes& genes, const std::vector<Objectives>& bar) const {
    const Network network(quantiser_.assemble(space_.decode(genes)));
    const auto bytes = static_cast<double>(parameter_bytes(network.model()).total() + task_.fixed_bytes());
    const double limit = least_error(bar, bytes);
    const Score score =
        std::isfinite(limit) ? task_.race(network, limit) : task_.evaluate(network, Split::validation, 1);
    if (!std::isfinite(score.error))
        throw std::runtime_error("genome " + to_text(genes) + ": the task's score is not finite");
    if (keeps_) {
        const std::lock_guard lock(mutex_);
        kept_[to_text(genes)] = score;
    }
    return {{score.error, bytes, 0, score.value}, score.whole};
}

std::vector<Scored> Evaluator::score_here(const Work& work) const {
    std::vector<Scored> scores(work.genomes.size());
    parallel_for(jobs_, static_cast<int>(work.genomes.size()), [&](int i) {
        if (stop_ && stop_()) throw Interrupted();
        scores[static_cast<std::size_t>(i)] = score(work.genomes[static_cast<std::size_t>(i)], work.bar);
    });
    return scores;
}

void Evaluator::learn_race_here(const std::vector<Genes>& genomes) {
    std::vector<Score> scores(genomes.size());
    parallel_for(jobs_, static_cast<int>(genomes.size()), [&](int i) {
        if (stop_ && stop_()) throw Interrupted();
        const Genes& genes = genomes[static_cast<std::size_t>(i)];
        const auto kept = kept_.find(to_text(genes));
        scores[static_cast<std::size_t>(i)] =
            kept != kept_.end()
                ? kept->second
                : task_.evaluate(Network(quantiser_.assemble(space_.decode(genes))), Split::validation, 1);
    });
    task_.learn_race(scores);
    races_ = true;
    keeps_ = false;
    kept_.clear();
}

void Evaluator::learn_race(const std::vector<Genes>& genomes) {
    if (!costs_.empty() || !task_.races()) return;
    if (teach_) teach_(genomes);
    learn_race_here(genomes);
}

std::vector<Scored> Evaluator::evaluate(const Work& work) {
    Work fresh{{}, races_ ? work.bar : std::vector<Objectives>()};
    std::map<std::string, std::size_t> index;
    for (const Genes& genes : work.genomes) {
        const std::string key = to_text(genes);
        const auto known = cache_.find(key);
        if (known != cache_.end()) {
            const auto& [objectives, whole] = known->second;
            if (whole || objectives.error > least_error(fresh.bar, objectives.bytes)) continue;
        }
        if (index.emplace(key, fresh.genomes.size()).second) fresh.genomes.push_back(genes);
    }
    std::vector<Scored> scores = scatter_ && !fresh.genomes.empty() ? scatter_(fresh) : score_here(fresh);
    if (!costs_.empty())
        for (std::size_t i = 0; i < fresh.genomes.size(); ++i)
            scores[i].objectives.ns = step_cost(costs_, quantiser_.network(), space_.decode(fresh.genomes[i]));
    for (const auto& [key, i] : index) cache_[key] = scores[i];
    std::vector<Scored> result;
    for (const Genes& genes : work.genomes) result.push_back(cache_.at(to_text(genes)));
    return result;
}

std::vector<Objectives> Evaluator::evaluate(const std::vector<Genes>& batch) {
    std::vector<Objectives> result;
    for (const Scored& scored : evaluate(Work{batch})) result.push_back(scored.objectives);
    return result;
}

}  // namespace gruve

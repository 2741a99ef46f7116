// search_benchmark: genomes scored per second, on a task as large as the validation split of the wake words.
// Evaluation/… scores them as a search does. OneByOne/… steps the same networks clip after clip, as a plugin would, in
// the same run.
#include <benchmark/benchmark.h>

#include <algorithm>

#include <random>

#include "datasets/support/parallel.h"
#include "datasets/support/random.h"
#include "offline_search/search/evaluator.h"
#include "offline_search/tasks/classification/task.h"
#include "tests/offline_search/random_network.h"

namespace {

using namespace gruve;

constexpr int clip_count = 359, steps = 72, features = 40, hidden = 64, genome_count = 64;

class RandomClips final : public ClipSource {
public:
    RandomClips() {
        std::mt19937_64 random(1);
        for (Matrix& sequence : random_sequences(2, clip_count, features, steps))
            clips_.push_back({std::move(sequence), static_cast<int>(uniform_index(random, labels_.size()))});
    }
    const std::vector<std::string>& labels() const override { return labels_; }
    const std::vector<Clip>& clips(Split) const override { return clips_; }
    int training_count() const override { return clip_count; }
    int training_steps() const override { return steps; }
    Clip draw(Split, int index, std::mt19937_64&) const override { return clips_[static_cast<std::size_t>(index)]; }
    void describe(Preset&) const override {}

private:
    std::vector<std::string> labels_{"other", "a", "b", "c", "d", "e", "f"};
    std::vector<Clip> clips_;
};

struct Search {
    ClassificationTask task{"random", std::make_unique<RandomClips>(), {}};
    FloatNetwork network = random_network(3, features, hidden, 7);
    Quantiser quantiser{network, task.calibration(100), {}};
    GeneSpace space{{network}, GeneScheme::gruve};
    std::vector<Genes> genomes;

    Search() {
        std::mt19937_64 random(4);
        for (int i = 0; i < genome_count; ++i) {
            Genes& genes = genomes.emplace_back(space.size());
            for (std::size_t gene = 0; gene < genes.size(); ++gene)
                genes[gene] =
                    static_cast<int>(uniform_index(random, static_cast<std::size_t>(space.highest(gene)) + 1));
        }
        Evaluator(space, quantiser, task, 1).score_here({genomes});  // every operator is quantised by now
    }
};

Search& search() {
    static Search one;
    return one;
}

void count(benchmark::State& bench) {
    bench.counters["genomes_per_second"] =
        benchmark::Counter(static_cast<double>(bench.iterations()) * genome_count, benchmark::Counter::kIsRate);
}

void evaluation(benchmark::State& bench) {
    Search& s = search();
    const Evaluator evaluator(s.space, s.quantiser, s.task, static_cast<int>(bench.range(0)));
    for (auto _ : bench) benchmark::DoNotOptimize(evaluator.score_here({s.genomes}).data());
    count(bench);
}

void one_by_one(benchmark::State& bench) {
    Search& s = search();
    std::vector<std::vector<std::int8_t>> x_q;  // quantised once for all genomes
    const InputQuantiser quantise = s.quantiser.input(s.space.decode(s.space.high()));
    for (const Matrix& sequence : random_sequences(2, clip_count, features, steps)) {
        auto& of_clip = x_q.emplace_back(static_cast<std::size_t>(sequence.size()));
        std::transform(sequence.data(), sequence.data() + sequence.size(), of_clip.begin(), quantise);
    }
    for (auto _ : bench)
        parallel_for(static_cast<int>(bench.range(0)), genome_count, [&](int i) {
            const Network network(s.quantiser.assemble(s.space.decode(s.genomes[static_cast<std::size_t>(i)])));
            Network::State state(network);
            std::vector<std::int16_t> y(static_cast<std::size_t>(network.output_size()));
            for (const auto& of_clip : x_q) {
                state.reset();
                for (std::size_t t = 0; t < steps; ++t)
                    network.step(state, std::span(of_clip).subspan(t * features, features), y);
                benchmark::DoNotOptimize(y.data());
            }
        });
    count(bench);
}

BENCHMARK(evaluation)
    ->Name("Evaluation/I:40/H:64")
    ->ArgName("jobs")
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(one_by_one)
    ->Name("OneByOne/I:40/H:64")
    ->ArgName("jobs")
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();

#include <benchmark/benchmark.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

#include "engine/float_kernels/playable_float_model.h"
#include "engine/kernels/kernel.h"
#include "engine/kernels/layout.h"
#include "engine/kernels/network.h"
#include "engine/preset/deserialise_preset.h"
#include "engine/preset/preset.h"
#include "tests/benchmarks/benchmarks.h"
#include "tests/benchmarks/float_gru.h"
#include "tests/engine/tiny_bands.h"

namespace gruve::benchmarks {
namespace {

using kernels::Kernel;

constexpr std::pair<int, int> sizes[] = {{1, 8},   {1, 16},   {40, 32},  {40, 64},
                                         {40, 96}, {40, 128}, {40, 144}, {64, 256}};
constexpr int inputs_in_turn = 16;

/// In place of a width: the widths that a search chose, instead of one width for all operators.
constexpr int searched = 0;

std::string size_name(int inputs, int hidden) {
    return "/I:" + std::to_string(inputs) + "/H:" + std::to_string(hidden);
}

std::string width_name(int bits) { return bits == searched ? "searched" : "w" + std::to_string(bits); }

// The widths of the GRU in the factory preset of wake words.
const GruWidths& searched_widths() {
    static const GruWidths widths = [] {
        const std::string path = std::string(GRUVE_SOURCE_DIR) + "/presets/wake_words-recommended.gruve";
        std::ifstream file(path, std::ios::binary);
        if (!file) throw std::runtime_error(path + ": cannot be read");
        const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
        const Preset preset = deserialise(bytes);
        for (const Layer& layer : preset.model.layers)
            if (const auto* gru = std::get_if<GruLayer>(&layer)) return gru->widths;
        throw std::runtime_error(path + ": has no GRU");
    }();
    return widths;
}

// Random weights.
Model gru_model(int inputs, int hidden, int bits) {
    tiny::Random random(1);
    Model model;
    model.layers.push_back(
        tiny::random_gru(random, inputs, hidden, bits == searched ? searched_widths() : tiny::all_widths(bits)));
    return model;
}

std::vector<std::int8_t> random_inputs(int size) {
    tiny::Random random(2);
    std::vector<std::int8_t> x(static_cast<std::size_t>(size * inputs_in_turn));
    for (auto& value : x) value = static_cast<std::int8_t>(tiny::uniform(random, -128, 127));
    return x;
}

void gru_step(benchmark::State& bench, const Kernel* kernel, int bits, int inputs, int hidden, Resident resident) {
    const Network network(gru_model(inputs, hidden, bits), resident, *kernel);
    Network::State state(network);
    const auto x = random_inputs(inputs);
    std::vector<std::int16_t> y(static_cast<std::size_t>(hidden));
    std::size_t turn = 0;
    for (auto _ : bench) {
        network.step(state,
                     std::span(x).subspan(turn++ % inputs_in_turn * static_cast<std::size_t>(inputs),
                                          static_cast<std::size_t>(inputs)),
                     y);
        benchmark::ClobberMemory();
    }
    bench.counters["resident_bytes"] = static_cast<double>(network.resident_bytes());
}

// Only the products of a step, by the same instructions: 3H × I and 3H × H. Their sums are stored.
void product(benchmark::State& bench, const Kernel* kernel, int bits, int inputs, int hidden) {
    tiny::Random random(1);
    const auto from_x = kernels::lay_out(tiny::random_linear(random, 3 * hidden, inputs, bits), *kernel);
    const auto from_h = kernels::lay_out(tiny::random_linear(random, 3 * hidden, hidden, bits), *kernel);
    kernels::Aligned<std::uint8_t> x(kernels::activation_planes * kernels::activation_plane),
        h(kernels::activation_planes * kernels::activation_plane);
    kernel->activate(random_inputs(inputs).data(), inputs, x.data());
    kernel->activate(random_inputs(hidden).data(), hidden, h.data());
    kernels::Aligned<std::int32_t> sums(static_cast<std::size_t>(3 * hidden + kernel->block_rows));
    for (auto _ : bench) {
        kernel->product(from_x.plan, from_x.blocks, from_x.weights.data(), x.data(), sums.data());
        kernel->product(from_h.plan, from_h.blocks, from_h.weights.data(), h.data(), sums.data());
        benchmark::ClobberMemory();
    }
}

void batch_step(benchmark::State& bench, const Kernel* kernel, int inputs, int hidden, int batch) {
    const Network network(gru_model(inputs, hidden, 8), Resident::fast, *kernel);
    std::vector<Network::State> states;
    for (int i = 0; i < batch; ++i) states.emplace_back(network);
    std::vector<std::int8_t> x(static_cast<std::size_t>(batch * inputs), 5);
    std::vector<std::int16_t> y(static_cast<std::size_t>(batch * hidden));
    for (auto _ : bench) {
        network.step_batch(states, x, y);
        benchmark::ClobberMemory();
    }
    bench.counters["ns_per_stream"] = benchmark::Counter(static_cast<double>(bench.iterations()) * batch * 1e-9,
                                                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// As many networks as fill 256 MB at 8 bits. Their order is random, because the processor would prefetch the next
// network if neighbours in memory ran in turn. They are kept until the end, because making them takes longer than
// running them and repetitions of several widths can be interleaved.
using Networks = std::vector<std::unique_ptr<Network>>;

const Networks& cold_networks(const Kernel* kernel, int bits, int inputs, int hidden, Resident resident) {
    static std::map<std::tuple<const Kernel*, int, int, int, Resident>, Networks> all;
    Networks& networks = all[{kernel, bits, inputs, hidden, resident}];
    if (networks.empty()) {
        const auto bytes = static_cast<std::size_t>(3 * hidden * (inputs + hidden)),
                   count = (std::size_t{256} << 20) / bytes;
        const Model model = gru_model(inputs, hidden, bits);
        while (networks.size() < count) networks.push_back(std::make_unique<Network>(model, resident, *kernel));
        std::shuffle(networks.begin(), networks.end(), tiny::Random(3));
    }
    return networks;
}

// Weights come from memory, because the networks run in turn. They share one state.
void gru_cold(benchmark::State& bench, const Kernel* kernel, int bits, int inputs, int hidden, Resident resident) {
    const Networks& networks = cold_networks(kernel, bits, inputs, hidden, resident);
    Network::State state(*networks[0]);
    const auto x = random_inputs(inputs);
    std::vector<std::int16_t> y(static_cast<std::size_t>(hidden));
    static std::size_t turn = 0;
    for (auto _ : bench) {
        turn = turn + 1 < networks.size() ? turn + 1 : 0;
        networks[turn]->step(state, std::span(x).first(static_cast<std::size_t>(inputs)), y);
    }
}

// The networks of denoisers with 40 bands: 4 features of each, a gain and a share of the comb.
constexpr int denoiser_bands = 40, denoiser_features = 4, denoiser_outputs = 2;

/// Two GRUs of `hidden` units, then a dense layer.
Model denoiser_chain(int hidden) {
    tiny::Random random(1);
    Model model;
    model.layers.push_back(tiny::random_gru(random, denoiser_bands * denoiser_features, hidden, tiny::all_widths(8)));
    model.layers.push_back(tiny::random_gru(random, hidden, hidden, tiny::all_widths(8)));
    model.layers.push_back(tiny::random_dense(random, hidden, denoiser_bands * denoiser_outputs, Activation::sigmoid));
    return model;
}

tiny::BandSizes denoiser_sizes(int channels, int blocks) {
    return {.bands = denoiser_bands,
            .inputs = denoiser_features,
            .channels = channels,
            .hidden = channels / 2,
            .blocks = blocks,
            .outputs = denoiser_outputs};
}

void network_step(benchmark::State& bench, const Kernel* kernel, const Model& model) {
    const Network network(model, Resident::fast, *kernel);
    Network::State state(network);
    const auto inputs = static_cast<std::size_t>(network.input_size());
    const auto x = random_inputs(network.input_size());
    std::vector<std::int16_t> y(static_cast<std::size_t>(network.output_size()));
    std::size_t turn = 0;
    for (auto _ : bench) {
        network.step(state, std::span(x).subspan(turn++ % inputs_in_turn * inputs, inputs), y);
        benchmark::ClobberMemory();
    }
    bench.counters["resident_bytes"] = static_cast<double>(network.resident_bytes());
}

void construction(benchmark::State& bench, const Kernel* kernel, int inputs, int hidden) {
    const Model model = gru_model(inputs, hidden, 8);
    for (auto _ : bench) benchmark::DoNotOptimize(Network(model, Resident::fast, *kernel).resident_bytes());
}

// Inputs of −3..3.
std::vector<float> random_float_inputs(int size) {
    std::vector<float> x;
    for (std::int8_t value : random_inputs(size)) x.push_back(static_cast<float>(value) * (3.0f / 127.0f));
    return x;
}

void float_step(benchmark::State& bench, const float_kernels::Kernel* kernel, int inputs, int hidden) {
    tiny::Random random(1);
    const PlayableFloatModel model({{tiny::random_float_gru(random, inputs, hidden)}}, *kernel);
    PlayableFloatModel::State state(model);
    const auto x = random_float_inputs(inputs);
    std::vector<float> y(static_cast<std::size_t>(hidden));
    std::size_t turn = 0;
    for (auto _ : bench) {
        const auto size = static_cast<std::size_t>(inputs);
        model.step(state, std::span(x).subspan(turn++ % inputs_in_turn * size, size), y);
        benchmark::ClobberMemory();
    }
}

using FloatMaker = std::unique_ptr<FloatGru> (*)(int inputs, int hidden, bool fixed);

void float_gru(benchmark::State& bench, FloatMaker make, int inputs, int hidden, bool fixed) {
    const auto gru = make(inputs, hidden, fixed);
    const auto x = random_float_inputs(inputs);
    std::size_t turn = 0;
    for (auto _ : bench) {
        benchmark::DoNotOptimize(gru->step(x.data() + turn++ % inputs_in_turn * static_cast<std::size_t>(inputs)));
        benchmark::ClobberMemory();
    }
}

template <class Function, class... Arguments>
void add(const std::string& name, Function function, Arguments... arguments) {
    benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& bench) { function(bench, arguments...); });
}

}  // namespace

void register_gru_benchmarks() {
    for (const Kernel* kernel : kernels::all()) {
        if (!kernel->runs_here()) continue;
        const std::string name = std::string("NetworkStep/") + kernel->name;
        add(name + "/chain/H:160/layers:2", network_step, kernel, denoiser_chain(160));
        for (const auto& [channels, blocks] : {std::pair{16, 2}, {24, 2}, {32, 3}, {40, 3}, {48, 3}})
            add(name + "/bands:40/channels:" + std::to_string(channels) + "/blocks:" + std::to_string(blocks),
                network_step, kernel, tiny::random_bands(1, denoiser_sizes(channels, blocks)));
    }
    for (const auto& [inputs, hidden] : sizes) {
        const std::string size = size_name(inputs, hidden);
#if defined(__x86_64__)
        for (const auto& [level, make, runs] :
             {std::tuple{"v3", &float_gru_v3, __builtin_cpu_supports("avx2") != 0},
              std::tuple{"v4", &float_gru_v4, __builtin_cpu_supports("avx512dq") != 0}}) {
            if (!runs) continue;
            for (bool fixed : {true, false})
                add(std::string("FloatGru/") + level + (fixed ? "/fixed" : "/dynamic") + size, float_gru, make, inputs,
                    hidden, fixed);
        }
#endif
        for (const float_kernels::Kernel* kernel : float_kernels::all())
            if (kernel->runs_here())
                add(std::string("FloatStep/") + kernel->name + size, float_step, kernel, inputs, hidden);
        for (const Kernel* kernel : kernels::all()) {
            if (!kernel->runs_here()) continue;
            const std::string isa = std::string("/") + kernel->name;
            for (int bits : {8, 4, 3, 2, searched}) {
                const std::string name = isa + "/" + width_name(bits);
                add("GruStep" + name + size, gru_step, kernel, bits, inputs, hidden, Resident::fast);
                if (kernel->block_rows == 0) continue;
                add("GruCompact" + name + size, gru_step, kernel, bits, inputs, hidden, Resident::compact);
                if (bits == searched) continue;
                add("Product" + name + size, product, kernel, bits, inputs, hidden);
                if (hidden != 128) continue;
                if (bits == 8)
                    add("GruCold" + name + "/fast" + size, gru_cold, kernel, bits, inputs, hidden, Resident::fast);
                add("GruCold" + name + "/compact" + size, gru_cold, kernel, bits, inputs, hidden, Resident::compact);
            }
            if (kernel->block_rows == 0 || inputs != 40) continue;
            add("GruBatch" + isa + "/w8" + size + "/batch:64", batch_step, kernel, inputs, hidden, 64);
            add("Construction" + isa + "/w8" + size, construction, kernel, inputs, hidden);
        }
    }
}

}  // namespace gruve::benchmarks

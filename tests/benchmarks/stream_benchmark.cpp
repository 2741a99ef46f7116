// The cost for a host: a whole Denoiser or KeywordSpotter at 48 kHz, per 10 ms of audio, at every block size.
#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

#include "engine/kernels/kernel.h"
#include "engine/preset/deserialise_preset.h"
#include "engine/streaming/denoiser.h"
#include "engine/streaming/keyword_spotter.h"
#include "tests/benchmarks/benchmarks.h"
#include "tests/engine/tiny_models.h"

namespace gruve::benchmarks {
namespace {

constexpr double rate_hz = 48000.0;
constexpr int frames_per_10_ms = 480,
              least_frames = 960;  // 20 ms: a whole hop of the keyword spotter, four of the denoiser
constexpr int hidden_size = 64, live_hidden_size = 144;
constexpr int iterations = 4000;   // enough for a quantile of 0.999
constexpr int least_pass = 45000;  // frames; see pass_of()

enum class Sound { noise, silence, denormals };

// A sound as long as the longest pass.
std::vector<float> sound_of(Sound sound) {
    std::mt19937 random(3);
    std::uniform_real_distribution<float> uniform(-1.0f, 1.0f);
    const float size = sound == Sound::noise ? 0.1f : sound == Sound::silence ? 0.0f : 1e-41f;
    std::vector<float> samples(std::size_t{2} * least_pass);
    for (float& sample : samples) sample = size * uniform(random);
    return samples;
}

// CPU time of this thread, without other processes.
double thread_ns() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e9 * static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec);
}

double wall_ns() {
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// How often another process has taken this thread's core.
long preemptions() {
    rusage usage{};
    getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_nivcsw;
}

double quantile(std::vector<double>& values, double share) {
    if (values.empty()) return 0.0;
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

// The number of iterations of `frames` frames after which the sound starts again. They are whole hops, so that every
// pass has the same work in the same places.
int pass_of(int frames) {
    const int whole_hops = std::lcm(frames, least_frames);
    return (least_pass + whole_hops - 1) / whole_hops * whole_hops / frames;
}

// An iteration is at least 20 ms of audio in whole blocks; times are scaled to 10 ms. Two more measures near the
// maximum separate the code from the machine: `undisturbed` leaves out iterations in which another process took the
// core and filled the caches; `work` takes the least time of all passes (about 80) at each place in the sound and then
// compares places.
void run(benchmark::State& bench, int block, const std::vector<float>& sound,
         const std::function<void(std::span<const float>)>& process) {
    const int blocks = (least_frames + block - 1) / block;
    const double per_10_ms = static_cast<double>(frames_per_10_ms) / (blocks * block);
    std::vector<double> times, undisturbed, block_times,
        work(static_cast<std::size_t>(pass_of(blocks * block)), std::numeric_limits<double>::infinity());
    for (auto* values : {&times, &undisturbed}) values->reserve(iterations);
    block_times.reserve(static_cast<std::size_t>(iterations * blocks));
    for (auto _ : bench) {
        const std::size_t place = times.size() % work.size();
        std::size_t at = place * static_cast<std::size_t>(blocks * block);
        const long before = preemptions();
        const double start = thread_ns();
        double block_start = wall_ns();
        for (int i = 0; i < blocks; ++i) {
            process(std::span(sound).subspan(at, static_cast<std::size_t>(block)));
            at += static_cast<std::size_t>(block);
            const double end = wall_ns();
            block_times.push_back(end - block_start);
            block_start = end;
        }
        times.push_back((thread_ns() - start) * per_10_ms);
        work[place] = std::min(work[place], times.back());
        if (preemptions() == before)
            undisturbed.push_back(times.back());
        else
            block_times.resize(block_times.size() - static_cast<std::size_t>(blocks));
    }
    const double median = quantile(times, 0.5), block_ns = 1e9 * block / rate_hz;
    bench.counters["median_ns_per_10ms"] = median;
    bench.counters["p99.9_ns_per_10ms"] = quantile(times, 0.999);
    bench.counters["undisturbed_p99.9_ns_per_10ms"] = quantile(undisturbed, 0.999);
    bench.counters["work_median_ns_per_10ms"] = quantile(work, 0.5);
    bench.counters["work_most_ns_per_10ms"] = *std::max_element(work.begin(), work.end());
    bench.counters["disturbed_percent"] =
        100.0 * static_cast<double>(times.size() - undisturbed.size()) / static_cast<double>(times.size());
    bench.counters["one_block_p99.9_percent"] = quantile(block_times, 0.999) / block_ns * 100.0;
    bench.counters["share_of_block_percent"] = median / 1e7 * 100.0;
    bench.counters["instances_per_core"] = 1e7 / median;
}

// A few µs of constant work per 10 ms, without memory accesses. The difference of its p99.9 and its median comes from
// the machine.
void fixed_work(benchmark::State& bench, int block) {
    run(bench, block, sound_of(Sound::silence), [](std::span<const float> input) {
        std::uint32_t x = 1;
        for (std::size_t i = 0; i < 5 * input.size(); ++i) benchmark::DoNotOptimize(x = x * 1664525u + 1013904223u);
    });
}

void denoiser(benchmark::State& bench, const kernels::Kernel& kernel, int block, Sound sound) {
    const auto preset = tiny::denoiser_preset(1, {}, hidden_size);
    Denoiser denoiser(preset, std::make_shared<const Network>(preset->model, Resident::fast, kernel), rate_hz);
    std::vector<float> output(static_cast<std::size_t>(block));
    run(bench, block, sound_of(sound), [&](std::span<const float> input) { denoiser.process(input, output); });
}

/// The largest factory preset of a task, whose network runs every 5 ms, or the float network that it was made from.
template <class Kernel>
void factory_denoiser(benchmark::State& bench, const Kernel& kernel, const std::string& name) {
    std::ifstream file(std::string(GRUVE_SOURCE_DIR "/presets/") + name + ".gruve", std::ios::binary);
    const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
    const auto preset = std::make_shared<const Preset>(deserialise(bytes));
    PlayableNetwork network = playable(*preset);
    if constexpr (std::is_same_v<Kernel, kernels::Kernel>) {
        const auto on_kernel = [&](const Preset& p) {
            return PlayableNetwork(std::make_shared<const Network>(p.model, Resident::fast, kernel));
        };
        network = on_kernel(*preset);
        if (const Preset* first = preset->first_stage())
            network.first_stage = std::make_shared<const PlayableNetwork>(on_kernel(*first));
    } else
        network = std::make_shared<const PlayableFloatModel>(preset->float_model, kernel);
    Denoiser denoiser(preset, network, rate_hz);
    std::vector<float> output(frames_per_10_ms);
    run(bench, frames_per_10_ms, sound_of(Sound::noise),
        [&](std::span<const float> input) { denoiser.process(input, output); });
}

void keyword_spotter(benchmark::State& bench, const kernels::Kernel& kernel, int block, Sound sound) {
    const auto preset = tiny::keyword_preset(1, 0.5f, 12, hidden_size);
    KeywordSpotter spotter(preset, std::make_shared<const Network>(preset->model, Resident::fast, kernel), rate_hz);
    std::vector<Detection> detections(64);
    run(bench, block, sound_of(sound), [&](std::span<const float> input) { spotter.process(input, detections); });
}

/// Like the factory presets for live streams: features relative to noise floors, and a GRU of 144 units.
void live_keyword_spotter(benchmark::State& bench, const kernels::Kernel& kernel, int block, Sound sound) {
    Preset preset = *tiny::keyword_preset(1, 0.5f, 12, live_hidden_size);
    preset.log_mel = tiny::from_noise_floors();
    KeywordSpotter spotter(std::make_shared<const Preset>(preset),
                           std::make_shared<const Network>(preset.model, Resident::fast, kernel), rate_hz);
    std::vector<Detection> detections(64);
    run(bench, block, sound_of(sound), [&](std::span<const float> input) { spotter.process(input, detections); });
}

}  // namespace

void register_stream_benchmarks() {
    constexpr std::pair<Sound, const char*> sounds[] = {
        {Sound::noise, "noise"}, {Sound::silence, "silence"}, {Sound::denormals, "denormals"}};
    constexpr int blocks[] = {16, 32, 64, 128, 256, 480, 512, 1024, 2048};
    for (int block : blocks) {
        const std::string name = "FixedWork/none/none/block:" + std::to_string(block);
        benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& bench) {
            fixed_work(bench, block);
        })->Iterations(iterations);
    }
    for (const float_kernels::Kernel* kernel : float_kernels::all())
        for (const char* preset : {"float/denoise-float", "float/denoise_live-float"})
            if (kernel->runs_here())
                benchmark::RegisterBenchmark((std::string("FactoryDenoiser/") + kernel->name + "/" + preset).c_str(),
                                             [=](benchmark::State& bench) { factory_denoiser(bench, *kernel, preset); })
                    ->Iterations(iterations);
    for (const kernels::Kernel* kernel : kernels::all()) {
        if (!kernel->runs_here() || kernel->block_rows == 0) continue;
        for (const char* preset :
             {"denoise-8bit", "denoise_live-8bit", "denoise_fine-recommended", "denoise_live_fine-recommended",
              "denoise_studio-recommended", "denoise_small_fine-recommended", "denoise_small_fine-8bit"})
            benchmark::RegisterBenchmark((std::string("FactoryDenoiser/") + kernel->name + "/" + preset).c_str(),
                                         [=](benchmark::State& bench) { factory_denoiser(bench, *kernel, preset); })
                ->Iterations(iterations);
        for (int block : blocks)
            for (const auto& [sound, name] : sounds) {
                if (sound != Sound::noise && block != 480) continue;
                const std::string of = std::string("/") + kernel->name + "/" + name + "/block:" + std::to_string(block);
                benchmark::RegisterBenchmark(("Denoiser" + of).c_str(), [=, s = sound](benchmark::State& bench) {
                    denoiser(bench, *kernel, block, s);
                })->Iterations(iterations);
                benchmark::RegisterBenchmark(("KeywordSpotter" + of).c_str(), [=, s = sound](benchmark::State& bench) {
                    keyword_spotter(bench, *kernel, block, s);
                })->Iterations(iterations);
                if (block == 480)
                    benchmark::RegisterBenchmark(("LiveKeywordSpotter" + of).c_str(), [=, s = sound](
                                                                                          benchmark::State& bench) {
                        live_keyword_spotter(bench, *kernel, block, s);
                    })->Iterations(iterations);
            }
    }
}

}  // namespace gruve::benchmarks

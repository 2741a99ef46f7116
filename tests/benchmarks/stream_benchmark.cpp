// What a host pays: a whole Denoiser or KeywordSpotter at 48 kHz, per 10 ms of audio, at every block size.
#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "engine/denoiser.h"
#include "engine/kernels/kernel.h"
#include "engine/keyword_spotter.h"
#include "tests/benchmarks/benchmarks.h"
#include "tests/engine/tiny_models.h"

namespace gruve::benchmarks {
namespace {

constexpr double rate_hz = 48000.0;
constexpr int frames_per_10_ms = 480, least_frames = 960;  // 20 ms: a whole hop of the keyword spotter, four of the denoiser
constexpr int hidden_size = 64;

enum class Sound { noise, silence, denormals };

std::vector<float> one_second(Sound sound) {
    std::mt19937 random(3);
    std::uniform_real_distribution<float> uniform(-1.0f, 1.0f);
    const float size = sound == Sound::noise ? 0.1f : sound == Sound::silence ? 0.0f : 1e-41f;
    std::vector<float> samples(static_cast<std::size_t>(rate_hz));
    for (float& sample : samples) sample = size * uniform(random);
    return samples;
}

// Time of this thread alone: other processes' don't count.
double thread_ns() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e9 * static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec);
}

// An iteration is at least 20 ms of audio in whole blocks; times are scaled to 10 ms.
void run(benchmark::State& bench, int block, const std::vector<float>& sound, const std::function<void(std::span<const float>)>& process) {
    const int blocks = (least_frames + block - 1) / block;
    const double per_10_ms = static_cast<double>(frames_per_10_ms) / (blocks * block);
    std::vector<double> times;
    times.reserve(1 << 16);
    std::size_t at = 0;
    for (auto _ : bench) {
        const double start = thread_ns();
        for (int i = 0; i < blocks; ++i) {
            if (at + static_cast<std::size_t>(block) > sound.size()) at = 0;
            process(std::span(sound).subspan(at, static_cast<std::size_t>(block)));
            at += static_cast<std::size_t>(block);
        }
        times.push_back((thread_ns() - start) * per_10_ms);
    }
    std::sort(times.begin(), times.end());
    const double median = times[times.size() / 2], high = times[static_cast<std::size_t>(0.999 * static_cast<double>(times.size() - 1))];
    bench.counters["median_ns_per_10ms"] = median;
    bench.counters["p99.9_ns_per_10ms"] = high;
    bench.counters["share_of_block_percent"] = median / 1e7 * 100.0;
    bench.counters["instances_per_core"] = 1e7 / median;
}

void denoiser(benchmark::State& bench, const kernels::Kernel& kernel, int block, Sound sound) {
    const auto preset = tiny::denoiser_preset(1, {}, hidden_size);
    Denoiser denoiser(preset, std::make_shared<const Network>(preset->model, Resident::fast, kernel), rate_hz);
    std::vector<float> output(static_cast<std::size_t>(block));
    run(bench, block, one_second(sound), [&](std::span<const float> input) { denoiser.process(input, output); });
}

void keyword_spotter(benchmark::State& bench, const kernels::Kernel& kernel, int block, Sound sound) {
    const auto preset = tiny::keyword_preset(1, 0.5f, 12, hidden_size);
    KeywordSpotter spotter(preset, std::make_shared<const Network>(preset->model, Resident::fast, kernel), rate_hz);
    std::vector<Detection> detections(64);
    run(bench, block, one_second(sound), [&](std::span<const float> input) { spotter.process(input, detections); });
}

}  // namespace

void register_stream_benchmarks() {
    constexpr std::pair<Sound, const char*> sounds[] = {{Sound::noise, "noise"}, {Sound::silence, "silence"}, {Sound::denormals, "denormals"}};
    for (const kernels::Kernel* kernel : kernels::all()) {
        if (!kernel->runs_here() || kernel->block_rows == 0) continue;
        for (int block : {16, 32, 64, 128, 256, 480, 512, 1024, 2048})
            for (const auto& [sound, name] : sounds) {
                if (sound != Sound::noise && block != 480) continue;
                const std::string of = std::string("/") + kernel->name + "/" + name + "/block:" + std::to_string(block);
                benchmark::RegisterBenchmark(("Denoiser" + of).c_str(), [=, s = sound](benchmark::State& bench) { denoiser(bench, *kernel, block, s); });
                benchmark::RegisterBenchmark(("KeywordSpotter" + of).c_str(), [=, s = sound](benchmark::State& bench) { keyword_spotter(bench, *kernel, block, s); });
            }
    }
}

}  // namespace gruve::benchmarks

// Prints one hash of what a preset makes of a fixed sound, from samples to samples (denoiser) or to posteriors (keyword spotter), at three rates.
// gruve_stream_hash presets/*.gruve
#include <bit>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <span>
#include <vector>

#include "engine/kernels/network.h"
#include "engine/preset/deserialise_preset.h"
#include "engine/preset/preset.h"
#include "engine/streaming/denoiser.h"
#include "engine/streaming/keyword_spotter.h"

using namespace gruve;

namespace {

/// A gliding sawtooth that comes and goes, in noise: from whole numbers alone, so that it is the same on every machine.
std::vector<float> fixed_sound(int rate_hz) {
    std::vector<float> sound(static_cast<std::size_t>(2 * rate_hz));
    std::uint32_t phase = 0, noise = 1;
    for (std::size_t i = 0; i < sound.size(); ++i) {
        noise = noise * 1664525u + 1013904223u;
        phase += static_cast<std::uint32_t>((90 + 60 * i / sound.size()) *
                                            (0x100000000u / static_cast<std::uint32_t>(rate_hz)));
        const bool voiced = i * 5 / static_cast<std::size_t>(rate_hz) % 2 == 1;
        const auto saw = static_cast<std::int32_t>(phase) >> 16, hiss = static_cast<std::int32_t>(noise) >> 20;
        sound[i] = static_cast<float>((voiced ? saw / 4 : 0) + hiss) / 32768.0f;
    }
    return sound;
}

/// 64-bit FNV-1a
void add(std::uint64_t& hash, std::span<const float> values) {
    for (const float value : values) {
        const auto bits = std::bit_cast<std::uint32_t>(value);
        for (int shift = 0; shift < 32; shift += 8) hash = (hash ^ (bits >> shift & 0xff)) * 0x100000001b3u;
    }
}

}  // namespace

int main(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        std::ifstream file(argv[i], std::ios::binary);
        const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
        const auto preset = std::make_shared<const Preset>(deserialise(bytes));
        const auto network = std::make_shared<const Network>(preset->model);
        std::uint64_t hash = 0xcbf29ce484222325u;
        for (const int rate_hz : {16000, 44100, 48000}) {
            const std::vector<float> sound = fixed_sound(rate_hz);
            if (preset->kind == TaskKind::denoise) {
                std::vector<float> output(sound.size());
                Denoiser(preset, network, rate_hz).process(sound, output);
                add(hash, output);
            } else {
                KeywordSpotter spotter(preset, network, rate_hz);
                std::vector<Detection> detections(1);
                const auto hop = static_cast<std::size_t>(spotter.hop());
                for (std::size_t at = 0; at + hop <= sound.size(); at += hop) {
                    spotter.process(std::span(sound).subspan(at, hop), detections);
                    add(hash, spotter.posteriors());
                }
            }
        }
        std::printf("%016llx  %s\n", static_cast<unsigned long long>(hash), preset->name.c_str());
    }
    return argc > 1 ? 0 : 1;
}

// Prints, for each preset, a hash of its output for two fixed sounds at three sample rates: samples of a denoiser,
// posteriors of a keyword spotter. One of the sounds fades through the smallest floats into silence, where processors
// and WebAssembly differ unless the engine takes care.
//     gruve_stream_hash presets/*.gruve
#include <bit>
#include <cmath>
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

/// A gliding sawtooth that is switched on and off, in noise. It is computed in integers, so that it is the same on
/// every machine.
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

/// The sound, halved ever more often in its second quarter until only denormal numbers are left, then a quarter of
/// silence with single denormal samples, then the sound again.
std::vector<float> faded(std::vector<float> sound) {
    const std::size_t quarter = sound.size() / 4;
    for (std::size_t i = quarter; i < 2 * quarter; ++i)
        sound[i] = std::ldexp(sound[i], -static_cast<int>(150 * (i - quarter) / quarter));
    for (std::size_t i = 2 * quarter; i < 3 * quarter; ++i) sound[i] = i % 97 == 0 ? std::ldexp(1.0f, -140) : 0.0f;
    return sound;
}

/// 64-bit FNV-1a
void add(std::uint64_t& hash, std::span<const float> values) {
    for (const float value : values) {
        const auto bits = std::bit_cast<std::uint32_t>(value);
        for (int shift = 0; shift < 32; shift += 8) hash = (hash ^ (bits >> shift & 0xff)) * 0x100000001b3u;
    }
}

void play(const std::shared_ptr<const Preset>& preset, const PlayableNetwork& network, int rate_hz,
          const std::vector<float>& sound, const DenoiserSettings& settings, std::uint64_t& hash) {
    if (preset->kind == TaskKind::denoise) {
        std::vector<float> output(sound.size());
        Denoiser denoiser(preset, network, rate_hz);
        denoiser.set(settings);
        denoiser.process(sound, output);
        add(hash, output);
        return;
    }
    KeywordSpotter spotter(preset, network, rate_hz);
    std::vector<Detection> detections(1);
    const auto hop = static_cast<std::size_t>(spotter.hop());
    for (std::size_t at = 0; at + hop <= sound.size(); at += hop) {
        spotter.process(std::span(sound).subspan(at, hop), detections);
        add(hash, spotter.posteriors());
    }
}

}  // namespace

int main(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        std::ifstream file(argv[i], std::ios::binary);
        const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
        const auto preset = std::make_shared<const Preset>(deserialise(bytes));
        const PlayableNetwork network = playable(*preset);
        std::uint64_t hash = 0xcbf29ce484222325u;
        for (const int rate_hz : {16000, 44100, 48000}) {
            const std::vector<float> sound = fixed_sound(rate_hz);
            play(preset, network, rate_hz, sound, {}, hash);
            // Gains that decay for ever, and no floor under them.
            play(preset, network, rate_hz, faded(sound),
                 {.reduction_limit_db = 100, .attack_s = 0.002f, .release_s = 0.003f}, hash);
        }
        std::printf("%016llx  %s\n", static_cast<unsigned long long>(hash), preset->name.c_str());
    }
    return argc > 1 ? 0 : 1;
}

// The audio stream that slots are built for: sample rate, channels, latency, and the chunks in which it is processed.
#pragma once

#include <cstddef>

#include "engine/preset/preset.h"

namespace gruve::plugin {

/// Every slot delays by exactly `latency` samples, whichever preset it plays.
struct StreamFormat {
    double rate_hz = 0;
    int channels = 0;
    int latency = 0;
    bool operator==(const StreamFormat&) const = default;
};

/// Longest chunk, in samples, that the plugin processes at once. Longer host blocks are split.
inline constexpr int max_chunk = 512;

/// The sample rates at which the engine's front ends work. At any other rate the plugin only delays the audio.
inline constexpr double min_rate_hz = 8000.0, max_rate_hz = 192000.0;
inline bool rate_supported(double rate_hz) { return rate_hz >= min_rate_hz && rate_hz <= max_rate_hz; }

/// The plugin's latency: 5, 10 or 40 ms, the last for presets that look ahead. In the order of the parameter's choices.
enum class Latency { live, quality, studio };
inline constexpr std::size_t latencies = 3;
/// In samples, as a denoiser rounds it. It depends on the mode and the rate only, not on the loaded preset.
int plugin_latency(Latency, double rate_hz);
/// Tells the user what to do about a denoiser that needs more latency than the plugin has now.
const char* latency_advice(const DenoiserConfig&);

}  // namespace gruve::plugin

#include "plugin/slots/stream_format.h"

#include <cmath>

#include "engine/streaming/denoiser.h"

namespace gruve::plugin {

namespace {

/// A denoiser that needs just the plugin's latency.
DenoiserConfig slowest(Latency latency) {
    DenoiserConfig config;
    config.latency_s = latency == Latency::live ? 0.005f : 0.010f;
    config.look_ahead = latency == Latency::studio ? 6 : 0;
    return config;
}

}  // namespace

int plugin_latency(Latency latency, double rate_hz) {
    const DenoiserConfig config = slowest(latency);
    if (!rate_supported(rate_hz)) return static_cast<int>(std::lround(config.delay_s() * rate_hz));
    return Denoiser::latency_of(config, rate_hz);
}

const char* latency_advice(const DenoiserConfig& config) {
    constexpr double rounding_s = 0.0005;
    if (config.delay_s() > slowest(Latency::studio).delay_s() + rounding_s) return "the plugin has 40 ms at most";
    return config.delay_s() > slowest(Latency::quality).delay_s() + rounding_s ? "set Latency to Studio to play it"
                                                                               : "set Latency to Quality to play it";
}

}  // namespace gruve::plugin

#include "plugin/slots/stream_format.h"

#include <cmath>

#include "engine/streaming/denoiser.h"

namespace gruve::plugin {

int plugin_latency(bool live, double rate_hz) {
    DenoiserConfig config;
    config.latency_s = live ? live_latency_s : quality_latency_s;
    if (!rate_supported(rate_hz)) return static_cast<int>(std::lround(config.latency_s * rate_hz));
    return Denoiser::latency_of(config, rate_hz);
}

const char* latency_advice(const DenoiserConfig& config) {
    return config.latency_s > quality_latency_s + 0.0005f ? "the plugin has 10 ms at most"
                                                          : "switch Live off to load it";
}

}  // namespace gruve::plugin

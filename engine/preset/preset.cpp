#include "engine/preset/preset.h"

#include <algorithm>
#include <cmath>

namespace gruve {

int DenoiserConfig::most_look_ahead() const {
    constexpr double most_delay_s = 0.1, rounding = 1e-6;  // the latter: of float seconds
    const double frames = std::floor((most_delay_s - latency_s) / (0.5 * latency_s) + rounding);
    return static_cast<int>(std::clamp(frames, 0.0, 16.0));
}

std::size_t parameter_bytes(const Preset& preset) {
    std::size_t bytes =
        preset.is_float() ? preset.float_model.parameter_bytes() : parameter_bytes(preset.model).total();
    for (const Preset& first : preset.before) bytes += parameter_bytes(first);
    return bytes;
}

}  // namespace gruve

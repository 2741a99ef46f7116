// The C API's keyword spotter.
#include <array>
#include <limits>
#include <span>

#include "engine/c_api/handles.h"
#include "engine/streaming/keyword_spotter.h"
#include "engine/streaming/sensitivity.h"

using namespace gruve::c_api;

struct gruve_spotter {
    gruve_spotter(const gruve_preset& preset, double rate_hz) : spotter(preset.preset, preset.network, rate_hz) {}
    gruve::KeywordSpotter spotter;
};

extern "C" {

gruve_status gruve_spotter_create(const gruve_preset* preset, double rate_hz, gruve_spotter** spotter, char* error,
                                  size_t error_size) noexcept {
    return create(spotter, error, error_size, [&] {
        check_stream(preset, gruve::TaskKind::keywords, rate_hz);
        return std::make_unique<gruve_spotter>(*preset, rate_hz);
    });
}

void gruve_spotter_free(gruve_spotter* spotter) noexcept { delete spotter; }

int gruve_spotter_process(gruve_spotter* spotter, const float* input, size_t frames, gruve_detection* detections,
                          int capacity) noexcept {
    if (spotter == nullptr || (input == nullptr && frames > 0) || capacity < 0 ||
        (detections == nullptr && capacity > 0))
        return GRUVE_ERROR_ARGUMENT;
    constexpr std::size_t most_frames = 256;  // at most a few steps, so that `heard` is large enough
    std::array<gruve::Detection, most_frames> heard;
    int written = 0;
    for (std::size_t at = 0; at < frames; at += most_frames) {
        const int found = spotter->spotter.process({input + at, std::min(most_frames, frames - at)}, heard);
        for (int i = 0; i < found && written < capacity; ++i) {
            const gruve::Detection& d = heard[static_cast<std::size_t>(i)];
            detections[written++] = {d.label, d.score, d.sample};
        }
    }
    return written;
}

int gruve_spotter_posteriors(const gruve_spotter* spotter, float* posteriors, int count) noexcept {
    if (spotter == nullptr || count < 0 || (posteriors == nullptr && count > 0)) return GRUVE_ERROR_ARGUMENT;
    const std::span<const float> smoothed = spotter->spotter.posteriors();
    std::copy_n(smoothed.begin(), std::min(static_cast<std::size_t>(count), smoothed.size()), posteriors);
    return static_cast<int>(smoothed.size());
}

gruve_status gruve_spotter_set_sensitivity(gruve_spotter* spotter, float sensitivity) noexcept {
    if (spotter == nullptr || !(sensitivity >= gruve::least_sensitivity && sensitivity <= gruve::most_sensitivity))
        return GRUVE_ERROR_ARGUMENT;
    spotter->spotter.set_sensitivity(sensitivity);
    return GRUVE_OK;
}

float gruve_spotter_sensitivity(const gruve_spotter* spotter) noexcept {
    return spotter == nullptr ? std::numeric_limits<float>::quiet_NaN() : spotter->spotter.sensitivity();
}

gruve_status gruve_spotter_reset(gruve_spotter* spotter) noexcept {
    if (spotter == nullptr) return GRUVE_ERROR_ARGUMENT;
    spotter->spotter.reset();
    return GRUVE_OK;
}

}  // extern "C"

// The C API's denoiser: the engine's channels, and the dry sound beside them, delayed by as much.
#include <array>
#include <cmath>
#include <span>
#include <vector>

#include "engine/c_api/handles.h"
#include "engine/streaming/denoiser.h"
#include "engine/support/delay_line.h"

using namespace gruve::c_api;

namespace {

constexpr int most_channels = 64;
/// Longer calls are cut into pieces of this many frames.
constexpr std::size_t most_frames = 256;
constexpr double mix_ramp_s = 0.02;

struct Range {
    float low, high;
};
constexpr std::array<Range, 5> ranges = {{{0, 1}, {0, 120}, {0, 1000}, {0, 1000}, {0, 1}}};  // by gruve_parameter

}  // namespace

struct gruve_denoiser {
    gruve_denoiser(const gruve_preset& preset, double rate_hz, int channel_count)
        : mix_step(static_cast<float>(1.0 / (mix_ramp_s * rate_hz))) {
        channels.reserve(static_cast<std::size_t>(channel_count));
        for (int c = 0; c < channel_count; ++c) channels.emplace_back(preset.preset, preset.network, rate_hz);
        dry_delays.assign(channels.size(), gruve::DelayLine(static_cast<std::size_t>(channels.front().latency())));
        dry.resize(channels.size() * most_frames);
        wet.resize(channels.size() * most_frames);
        for (std::size_t c = 0; c < channels.size(); ++c) {
            dry_of.push_back(dry.data() + c * most_frames);
            wet_of.push_back(wet.data() + c * most_frames);
        }
    }

    /// wet: the piece's input → its output. At most most_frames.
    void process_piece(std::size_t frames) noexcept {
        for (std::size_t c = 0; c < channels.size(); ++c) {
            const std::span piece(dry_of[c], frames);
            for (std::size_t i = 0; i < frames; ++i) piece[i] = std::isfinite(wet_of[c][i]) ? wet_of[c][i] : 0.0f;
            dry_delays[c].process(piece);
        }
        gruve::Denoiser::process_together(channels, wet_of.data(), wet_of.data(), frames, values[GRUVE_LINK] >= 0.5f);
        const float target = values[GRUVE_MIX];
        if (mix == 1.0f && target == 1.0f) return;
        float share = mix;
        for (std::size_t c = 0; c < channels.size(); ++c) {
            share = mix;
            for (std::size_t i = 0; i < frames; ++i) {
                share += std::clamp(target - share, -mix_step, mix_step);
                if (share < 1.0f)
                    wet_of[c][i] = share <= 0.0f ? dry_of[c][i] : (1.0f - share) * dry_of[c][i] + share * wet_of[c][i];
            }
        }
        mix = share;
    }

    void apply_settings() noexcept {
        const gruve::DenoiserSettings settings{values[GRUVE_REDUCTION_LIMIT_DB], values[GRUVE_ATTACK_MS] / 1000.0f,
                                               values[GRUVE_RELEASE_MS] / 1000.0f};
        for (gruve::Denoiser& channel : channels) channel.set(settings);
    }

    std::array<float, ranges.size()> values{1.0f, 60.0f, 0.0f, 0.0f, 0.0f};  // by gruve_parameter
    float mix = 1.0f, mix_step;                                              // share of wet now, and its change a frame
    std::vector<gruve::Denoiser> channels;
    std::vector<gruve::DelayLine> dry_delays;
    std::vector<float> dry, wet;  // a piece, channel after channel
    std::vector<float*> dry_of, wet_of;
};

extern "C" {

gruve_status gruve_denoiser_create(const gruve_preset* preset, double rate_hz, int channels, gruve_denoiser** denoiser,
                                   char* error, size_t error_size) noexcept {
    return create(denoiser, error, error_size, [&] {
        check_stream(preset, gruve::TaskKind::denoise, rate_hz);
        if (channels < 1 || channels > most_channels)
            throw Refusal(GRUVE_ERROR_ARGUMENT, std::to_string(channels) + " channels, allowed 1..64");
        return std::make_unique<gruve_denoiser>(*preset, rate_hz, channels);
    });
}

void gruve_denoiser_free(gruve_denoiser* denoiser) noexcept { delete denoiser; }

int gruve_denoiser_latency(const gruve_denoiser* denoiser) noexcept {
    return denoiser == nullptr ? GRUVE_ERROR_ARGUMENT : denoiser->channels.front().latency();
}

gruve_status gruve_denoiser_set(gruve_denoiser* denoiser, int parameter, float value) noexcept {
    const auto index = static_cast<std::size_t>(parameter);
    if (denoiser == nullptr || index >= ranges.size()) return GRUVE_ERROR_ARGUMENT;
    if (!(value >= ranges[index].low && value <= ranges[index].high)) return GRUVE_ERROR_ARGUMENT;
    if (denoiser->values[index] == value) return GRUVE_OK;
    denoiser->values[index] = value;
    denoiser->apply_settings();
    return GRUVE_OK;
}

float gruve_denoiser_get(const gruve_denoiser* denoiser, int parameter) noexcept {
    const auto index = static_cast<std::size_t>(parameter);
    return denoiser == nullptr || index >= ranges.size() ? NAN : denoiser->values[index];
}

gruve_status gruve_denoiser_process(gruve_denoiser* denoiser, const float* const* input, float* const* output,
                                    size_t frames) noexcept {
    if (denoiser == nullptr) return GRUVE_ERROR_ARGUMENT;
    if (frames == 0) return GRUVE_OK;
    if (input == nullptr || output == nullptr) return GRUVE_ERROR_ARGUMENT;
    const std::size_t count = denoiser->channels.size();
    for (std::size_t c = 0; c < count; ++c)
        if (input[c] == nullptr || output[c] == nullptr) return GRUVE_ERROR_ARGUMENT;
    for (std::size_t at = 0; at < frames; at += most_frames) {
        const std::size_t piece = std::min(most_frames, frames - at);
        for (std::size_t c = 0; c < count; ++c) std::copy_n(input[c] + at, piece, denoiser->wet_of[c]);
        denoiser->process_piece(piece);
        for (std::size_t c = 0; c < count; ++c) std::copy_n(denoiser->wet_of[c], piece, output[c] + at);
    }
    return GRUVE_OK;
}

gruve_status gruve_denoiser_process_interleaved(gruve_denoiser* denoiser, const float* input, float* output,
                                                size_t frames) noexcept {
    if (denoiser == nullptr) return GRUVE_ERROR_ARGUMENT;
    if (frames == 0) return GRUVE_OK;
    if (input == nullptr || output == nullptr) return GRUVE_ERROR_ARGUMENT;
    const std::size_t count = denoiser->channels.size();
    for (std::size_t at = 0; at < frames; at += most_frames) {
        const std::size_t piece = std::min(most_frames, frames - at);
        for (std::size_t c = 0; c < count; ++c)
            for (std::size_t i = 0; i < piece; ++i) denoiser->wet_of[c][i] = input[(at + i) * count + c];
        denoiser->process_piece(piece);
        for (std::size_t c = 0; c < count; ++c)
            for (std::size_t i = 0; i < piece; ++i) output[(at + i) * count + c] = denoiser->wet_of[c][i];
    }
    return GRUVE_OK;
}

gruve_status gruve_denoiser_reset(gruve_denoiser* denoiser) noexcept {
    if (denoiser == nullptr) return GRUVE_ERROR_ARGUMENT;
    for (gruve::Denoiser& channel : denoiser->channels) channel.reset();
    for (gruve::DelayLine& delay : denoiser->dry_delays) delay.reset();
    denoiser->mix = denoiser->values[GRUVE_MIX];
    return GRUVE_OK;
}

}  // extern "C"

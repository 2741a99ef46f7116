#include "plugin/native/stream_plugin.h"

#include <gruve/gruve.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <string>

#include "engine/support/delay_line.h"
#include "plugin/native/preset_index.h"

namespace gruve::plugin {
namespace {

constexpr std::size_t most_frames = 256;  // longer runs are cut into pieces of this many
constexpr double fade_s = 0.02, settle_s = 0.5;

struct Free {
    void operator()(gruve_denoiser* denoiser) const noexcept { gruve_denoiser_free(denoiser); }
};

bool rate_supported(double rate_hz) { return rate_hz >= 8000 && rate_hz <= 192000; }

int latency_of(LatencyMode mode, double rate_hz) {
    const double seconds = mode == LatencyMode::live ? 0.005 : 0.010;
    const int hops = mode == LatencyMode::studio ? 8 : 2;  // the synthesis window, and six of look-ahead
    return hops * static_cast<int>(std::lround(0.5 * static_cast<float>(seconds) * rate_hz));
}

std::string milliseconds(int frames, double rate_hz) {
    return std::to_string(std::lround(1000 * frames / rate_hz)) + " ms";
}

/// Which plugin has that much latency.
const char* advice(int frames, double rate_hz) {
    if (frames <= latency_of(LatencyMode::quality, rate_hz)) return ": take the one without Live";
    return frames <= latency_of(LatencyMode::studio, rate_hz) ? ": take the one named Studio"
                                                              : ", and none has more than 40 ms";
}

}  // namespace

/// A preset being played, or nothing but the delay.
class StreamPlugin::Voice {
public:
    Voice(gruve_denoiser* denoiser, int number, int channels, int pad) : denoiser_(denoiser), number_(number) {
        pads_.assign(static_cast<std::size_t>(channels), DelayLine(static_cast<std::size_t>(pad)));
    }
    int number() const noexcept { return number_; }
    void reset() noexcept {
        if (denoiser_) gruve_denoiser_reset(denoiser_.get());
        for (DelayLine& pad : pads_) pad.reset();
    }
    void set(const ControlValues& values) noexcept {
        if (!denoiser_) return;
        gruve_denoiser_set(denoiser_.get(), GRUVE_MIX, values.enabled ? values.mix_percent / 100.0f : 0.0f);
        gruve_denoiser_set(denoiser_.get(), GRUVE_REDUCTION_LIMIT_DB, values.reduction_limit_db);
        gruve_denoiser_set(denoiser_.get(), GRUVE_ATTACK_MS, values.attack_ms);
        gruve_denoiser_set(denoiser_.get(), GRUVE_RELEASE_MS, values.release_ms);
        gruve_denoiser_set(denoiser_.get(), GRUVE_LINK, values.link ? 1.0f : 0.0f);
    }
    /// In place.
    void process(float* const* channels, std::size_t frames) noexcept {
        if (denoiser_) gruve_denoiser_process(denoiser_.get(), channels, channels, frames);
        for (std::size_t c = 0; c < pads_.size(); ++c) pads_[c].process({channels[c], frames});
    }

private:
    std::unique_ptr<gruve_denoiser, Free> denoiser_;
    std::vector<DelayLine> pads_;
    int number_;
};

StreamPlugin::StreamPlugin(LatencyMode mode, int channels, double rate_hz)
    : mode_(mode),
      channels_(std::clamp(channels, 1, 2)),
      rate_hz_(rate_hz),
      latency_(latency_of(mode, rate_hz)),
      played_(2 * most_frames),
      faded_(2 * most_frames),
      clock_(rate_hz),
      builder_([this](int number) { return build_or_say_why(number); }) {
    if (!rate_supported(rate_hz))
        std::fprintf(stderr, "gruve: rate %.0f Hz, allowed 8000..192000 Hz: the sound passes as it is\n", rate_hz);
}

StreamPlugin::~StreamPlugin() = default;

std::unique_ptr<StreamPlugin::Voice> StreamPlugin::build(int number) const {
    if (number <= 0 || !rate_supported(rate_hz_)) return std::make_unique<Voice>(nullptr, number, channels_, latency_);
    const auto preset = open_preset(factory_index(), number);
    char error[512] = "";
    gruve_denoiser* denoiser = nullptr;
    if (gruve_denoiser_create(preset.get(), rate_hz_, channels_, &denoiser, error, sizeof error) != GRUVE_OK)
        throw std::runtime_error(error);
    std::unique_ptr<gruve_denoiser, Free> owned(denoiser);
    const int pad = latency_ - gruve_denoiser_latency(denoiser);
    if (pad < 0)
        throw std::runtime_error(std::string(gruve_preset_name(preset.get())) + " needs " +
                                 milliseconds(gruve_denoiser_latency(denoiser), rate_hz_) +
                                 " of latency, this plugin has " + milliseconds(latency_, rate_hz_) +
                                 advice(gruve_denoiser_latency(denoiser), rate_hz_));
    return std::make_unique<Voice>(owned.release(), number, channels_, pad);
}

std::unique_ptr<StreamPlugin::Voice> StreamPlugin::build_or_say_why(int number) const noexcept {
    try {
        return build(number);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "gruve: preset %d: %s\n", number, error.what());
    }
    return nullptr;
}

void StreamPlugin::activate() {
    if (coming_) playing_ = std::move(coming_);
    if (playing_) playing_->reset();
    settle_left_ = fade_left_ = 0;
    clock_.start();
}

/// The first run.
void StreamPlugin::begin(const ControlValues& values) noexcept {
    asked_ = values.preset;
    playing_ = build_or_say_why(values.preset);
    if (!playing_) playing_ = build_or_say_why(0);
    playing_->set(values);
    playing_->reset();
    builder_.start();
    clock_.start();
}

void StreamPlugin::take_new_voice(const ControlValues& values) noexcept {
    builder_.retire(leaving_);
    if (values.preset != asked_) {
        const bool offline = values.offline || clock_.ahead();
        if (!(offline && (coming_ || leaving_))) {  // offline, one change after the other
            asked_ = values.preset;
            if (offline)
                coming_ = build_or_say_why(values.preset);
            else
                builder_.ask(values.preset);
        }
    }
    if (!coming_ && !leaving_) {
        coming_ = builder_.take();
        if (coming_ && coming_->number() != asked_) leaving_ = std::move(coming_);  // a later request overtook it
    }
    if (coming_ && settle_left_ == 0 && fade_left_ == 0) {
        coming_->set(values);
        coming_->reset();
        settle_left_ = static_cast<std::size_t>(settle_s * rate_hz_);
        fade_left_ = static_cast<std::size_t>(fade_s * rate_hz_);
    }
}

/// From `played` to `faded`, once the new voice has settled.
void StreamPlugin::fade(float* const* played, const float* const* faded, std::size_t frames) noexcept {
    const std::size_t settling = std::min(settle_left_, frames);
    settle_left_ -= settling;
    const auto length = static_cast<float>(static_cast<std::size_t>(fade_s * rate_hz_));
    std::size_t left = fade_left_;
    for (int c = 0; c < channels_; ++c) {
        left = fade_left_;
        for (std::size_t i = settling; i < frames; ++i) {
            const float old_share = static_cast<float>(left) / length;
            played[c][i] = left == 0 ? faded[c][i] : faded[c][i] + old_share * (played[c][i] - faded[c][i]);
            if (left > 0) --left;
        }
    }
    fade_left_ = left;
    if (fade_left_ == 0) {
        leaving_ = std::move(playing_);
        playing_ = std::move(coming_);
    }
}

void StreamPlugin::run_piece(const float* const* input, float* const* output, std::size_t at,
                             std::size_t frames) noexcept {
    float* played[2] = {played_.data(), played_.data() + most_frames};
    float* faded[2] = {faded_.data(), faded_.data() + most_frames};
    for (int c = 0; c < channels_; ++c) {
        if (input[c] == nullptr)
            std::fill_n(played[c], frames, 0.0f);
        else
            std::transform(input[c] + at, input[c] + at + frames, played[c],
                           [](float x) { return std::isfinite(x) ? x : 0.0f; });
        if (coming_) std::copy_n(played[c], frames, faded[c]);
    }
    playing_->process(played, frames);
    if (coming_) {
        coming_->process(faded, frames);
        fade(played, faded, frames);
    }
    for (int c = 0; c < channels_; ++c)
        if (output[c] != nullptr) std::copy_n(played[c], frames, output[c] + at);
}

void StreamPlugin::run(const ControlValues& values, const float* const* input, float* const* output,
                       std::size_t frames) noexcept {
    if (playing_)
        take_new_voice(values);
    else
        begin(values);
    playing_->set(values);
    if (coming_) coming_->set(values);
    for (std::size_t at = 0; at < frames; at += most_frames)
        run_piece(input, output, at, std::min(most_frames, frames - at));
    clock_.add(frames);
}

}  // namespace gruve::plugin

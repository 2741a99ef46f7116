#include "plugin/native/stream_plugin.h"

#include <gruve/gruve.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <span>
#include <stdexcept>

#include "engine/support/delay_line.h"

namespace gruve::plugin {
namespace {

constexpr std::size_t most_frames = 256;  // longer runs are cut into pieces of this many
constexpr double fade_s = 0.02, settle_s = 0.5;
constexpr auto worker_period = std::chrono::milliseconds(5);  // it looks by itself: to wake it would be a system call

struct Free {
    void operator()(gruve_preset* preset) const noexcept { gruve_preset_free(preset); }
    void operator()(gruve_denoiser* denoiser) const noexcept { gruve_denoiser_free(denoiser); }
};

bool rate_supported(double rate_hz) { return rate_hz >= 8000 && rate_hz <= 192000; }

int latency_of(LatencyMode mode, double rate_hz) {
    const double seconds = mode == LatencyMode::live ? 0.005 : 0.010;
    return 2 * static_cast<int>(std::lround(0.5 * static_cast<float>(seconds) * rate_hz));
}

std::int64_t now_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
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
      faded_(2 * most_frames) {
    if (!rate_supported(rate_hz))
        std::fprintf(stderr, "gruve: rate %.0f Hz, allowed 8000..192000 Hz: the sound passes as it is\n", rate_hz);
}

StreamPlugin::~StreamPlugin() {
    quit_ = true;
    if (worker_.joinable()) worker_.join();
    delete ready_.load();
    delete retired_.load();
}

std::unique_ptr<StreamPlugin::Voice> StreamPlugin::build(int number) {
    if (number <= 0 || !rate_supported(rate_hz_)) return std::make_unique<Voice>(nullptr, number, channels_, latency_);
    std::vector<NumberedPreset> known = factory_index();
    for (NumberedPreset& own : own_index(own_preset_folder())) known.push_back(std::move(own));
    const auto found =
        std::find_if(known.begin(), known.end(), [&](const NumberedPreset& p) { return p.number == number; });
    if (found == known.end()) throw std::runtime_error("no preset has this number");

    char error[512] = "";
    gruve_preset* opened = nullptr;
    const gruve_status status =
        found->file.empty()
            ? gruve_preset_open_bytes(found->bytes.data(), found->bytes.size(), &opened, error, sizeof error)
            : gruve_preset_open_file(found->file.string().c_str(), &opened, error, sizeof error);
    if (status != GRUVE_OK) throw std::runtime_error(error);
    const std::unique_ptr<gruve_preset, Free> preset(opened);
    gruve_denoiser* denoiser = nullptr;
    if (gruve_denoiser_create(preset.get(), rate_hz_, channels_, &denoiser, error, sizeof error) != GRUVE_OK)
        throw std::runtime_error(error);
    std::unique_ptr<gruve_denoiser, Free> owned(denoiser);
    const int pad = latency_ - gruve_denoiser_latency(denoiser);
    if (pad < 0)
        throw std::runtime_error(found->name +
                                 " needs 10 ms of latency, this plugin has 5 ms: take the one without Live");
    return std::make_unique<Voice>(owned.release(), number, channels_, pad);
}

std::unique_ptr<StreamPlugin::Voice> StreamPlugin::build_or_pass(int number) noexcept {
    try {
        return build(number);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "gruve: preset %d: %s\n", number, error.what());
    }
    return nullptr;
}

/// A number of its own for each request, so that a preset asked for again isn't taken for the one served last. The
/// preset's number is in the lower 16 bits.
std::uint32_t StreamPlugin::request_of(int number) noexcept {
    return (++requests_ << 16) | static_cast<std::uint32_t>(number & 0xffff);
}

void StreamPlugin::work(std::uint32_t done) {
    while (!quit_) {
        std::this_thread::sleep_for(worker_period);
        delete retired_.exchange(nullptr);
        if (ready_.load() != nullptr) continue;  // the audio thread has not taken the last one yet
        if (const std::uint32_t request = wanted_.load(); request != done) {
            done = request;
            if (auto voice = build_or_pass(static_cast<int>(request & 0xffff))) ready_.store(voice.release());
        }
    }
}

void StreamPlugin::activate() {
    if (playing_) playing_->reset();
    if (coming_) {
        playing_ = std::move(coming_);
        playing_->reset();
    }
    settle_left_ = fade_left_ = 0;
    frames_run_ = 0;
    started_ns_ = now_ns();
}

bool StreamPlugin::ahead_of_the_clock() noexcept {
    constexpr double lead_s = 0.5;  // more than any host buffers
    return static_cast<double>(frames_run_) / rate_hz_ > static_cast<double>(now_ns() - started_ns_) / 1e9 + lead_s;
}

void StreamPlugin::retire() noexcept {
    if (!leaving_) return;
    Voice* none = nullptr;
    if (retired_.compare_exchange_strong(none, leaving_.get())) leaving_.release();
}

void StreamPlugin::take_new_voice(const ControlValues& values) noexcept {
    if (!playing_) {  // the first run
        asked_ = values.preset;
        playing_ = build_or_pass(values.preset);
        if (!playing_) playing_ = build_or_pass(0);
        playing_->set(values);
        playing_->reset();
        wanted_ = request_of(values.preset);
        worker_ = std::thread([this, first = wanted_.load()] { work(first); });
        started_ns_ = now_ns();
        return;
    }
    retire();
    const bool offline = values.offline || ahead_of_the_clock();
    if (values.preset != asked_ && !(offline && (coming_ || leaving_))) {  // offline, one change after the other
        asked_ = values.preset;
        if (offline)
            coming_ = build_or_pass(values.preset);
        else
            wanted_ = request_of(values.preset);
    }
    if (!coming_ && !leaving_) {
        coming_.reset(ready_.exchange(nullptr));
        if (coming_ && coming_->number() != asked_) leaving_ = std::move(coming_);  // a later request overtook it
    }
    if (coming_ && settle_left_ == 0 && fade_left_ == 0) {
        coming_->set(values);
        coming_->reset();
        settle_left_ = static_cast<std::size_t>(settle_s * rate_hz_);
        fade_left_ = static_cast<std::size_t>(fade_s * rate_hz_);
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
    for (int c = 0; c < channels_; ++c)
        if (output[c] != nullptr) std::copy_n(played[c], frames, output[c] + at);
}

void StreamPlugin::run(const ControlValues& values, const float* const* input, float* const* output,
                       std::size_t frames) noexcept {
    take_new_voice(values);
    playing_->set(values);
    if (coming_) coming_->set(values);
    for (std::size_t at = 0; at < frames; at += most_frames)
        run_piece(input, output, at, std::min(most_frames, frames - at));
    frames_run_ += static_cast<std::int64_t>(frames);
}

}  // namespace gruve::plugin

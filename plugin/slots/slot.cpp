#include "plugin/slots/slot.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace gruve::plugin {

namespace {

std::string milliseconds(double samples, double rate_hz) {
    return std::to_string(std::lround(samples / rate_hz * 1000.0)) + " ms";
}

}  // namespace

Slot::Slot(std::shared_ptr<const LoadedPreset> loaded, const StreamFormat& format)
    : loaded_{std::move(loaded)}, format_{format}, pad_samples_{format.latency} {
    if (loaded_ && loaded_->preset->kind == TaskKind::denoise) {
        for (int c = 0; c < format_.channels; ++c)
            denoisers_.emplace_back(loaded_->preset, loaded_->network, format_.rate_hz);
        const int own = denoisers_.empty() ? 0 : denoisers_.front().latency();
        pad_samples_ = format_.latency - own;
        if (pad_samples_ < 0)
            throw std::runtime_error(loaded_->source + " needs " + milliseconds(own, format_.rate_hz) +
                                     " of latency, the plugin is set to " +
                                     milliseconds(format_.latency, format_.rate_hz) + ": " +
                                     latency_advice(loaded_->preset->denoiser));
    }
    if (loaded_ && loaded_->preset->kind == TaskKind::keywords)
        spotter_ = std::make_unique<KeywordSpotter>(loaded_->preset, loaded_->network, format_.rate_hz);
    settle_samples_ = format_.latency;
    if (denoises())
        settle_samples_ += static_cast<int>(std::ceil(loaded_->preset->denoiser.window_s * format_.rate_hz));
    pad_ = History(format_.channels, pad_samples_, max_chunk);
}

void Slot::set(const SlotSettings& settings) noexcept {
    for (auto& denoiser : denoisers_) denoiser.set(settings.denoiser);
    link_ = settings.link;
    if (spotter_) spotter_->set_sensitivity(settings.sensitivity);
}

void Slot::warm(const RecentAudio& recent) {
    std::uint64_t end = recent.end();
    warmed_until_ = end - std::min(end, static_cast<std::uint64_t>(warm_s * format_.rate_hz));
    // The audio that arrives during one round is shorter than the round, so a few rounds catch up. A host that renders
    // faster than that is never caught up with; SlotPlayer then lets the slot settle unheard.
    for (std::uint64_t left = end - warmed_until_, most = left; left > 0 && left <= most;
         most = left / 2, end = recent.end(), left = end - warmed_until_) {
        play_unheard(recent, warmed_until_, end);
        warmed_until_ = end;
    }
    detection_count_ = 0;
}

/// Processes samples [begin, end) of `recent` and discards the output.
void Slot::play_unheard(const RecentAudio& recent, std::uint64_t begin, std::uint64_t end) {
    const auto samples = static_cast<int>(end - begin);
    std::vector<std::vector<float>> input;
    for (int c = 0; c < format_.channels; ++c) input.push_back(recent.read(c, end, samples));
    std::vector<std::vector<float>> output(input.size(), std::vector<float>(max_chunk));
    std::vector<const float*> in(input.size());
    std::vector<float*> out(input.size());
    for (int at = 0; at < samples; at += max_chunk) {
        for (std::size_t c = 0; c < input.size(); ++c) {
            in[c] = input[c].data() + at;
            out[c] = output[c].data();
        }
        process(in.data(), out.data(), std::min(max_chunk, samples - at));
    }
}

void Slot::process(const float* const* input, float* const* output, int samples) noexcept {
    detection_count_ = 0;
    if (denoisers_.empty()) {
        if (spotter_) spot(input, samples);
        pad_.write(input, samples);
    } else {
        Denoiser::process_together(denoisers_, input, output, static_cast<std::size_t>(samples), link_);
        pad_.write(output, samples);
    }
    for (int c = 0; c < format_.channels; ++c) pad_.read(c, pad_samples_, output[c], samples);
}

void Slot::spot(const float* const* input, int samples) noexcept {
    const auto n = static_cast<std::size_t>(samples);
    std::copy_n(input[0], n, mean_.begin());
    for (int c = 1; c < format_.channels; ++c)
        for (std::size_t i = 0; i < n; ++i) mean_[i] += input[c][i];
    if (format_.channels > 1)
        for (std::size_t i = 0; i < n; ++i) mean_[i] /= static_cast<float>(format_.channels);
    detection_count_ = spotter_->process({mean_.data(), n}, detections_);
    for (int i = 0; i < detection_count_; ++i) detections_[static_cast<std::size_t>(i)].sample -= spotted_samples_;
    spotted_samples_ += samples;
}

std::span<const float> Slot::meter() const noexcept {
    if (!denoisers_.empty()) return denoisers_.front().band_gains();
    return spotter_ ? spotter_->posteriors() : std::span<const float>{};
}

}  // namespace gruve::plugin

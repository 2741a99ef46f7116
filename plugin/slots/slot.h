// One preset being played: what the worker builds, the audio thread runs, and the worker frees.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <vector>

#include "engine/streaming/denoiser.h"
#include "engine/streaming/keyword_spotter.h"
#include "engine/support/real_time.h"
#include "plugin/lock_free/recent_audio.h"
#include "plugin/presets/loaded_preset.h"
#include "plugin/slots/history.h"

namespace gruve::plugin {

/// What a slot is built for. `latency` is the plugin's: every slot delays by exactly it.
struct StreamFormat {
    double rate_hz = 0;
    int channels = 0;
    int latency = 0;
    bool operator==(const StreamFormat&) const = default;
};

/// The plugin's latency with Live on, and off.
inline constexpr float live_latency_s = 0.005f, quality_latency_s = 0.010f;
/// What helps where a denoiser needs more latency than the plugin is set to.
const char* latency_advice(const DenoiserConfig&);

/// The longest piece that is processed at once; longer host blocks are cut.
inline constexpr int max_chunk = 512;

class Slot {
public:
    static constexpr double warm_s = 1.0;

    /// Without a preset the slot only delays. Throws std::runtime_error with a sentence where the preset can't be played in
    /// this format. Not for the audio thread.
    Slot(std::shared_ptr<const LoadedPreset> loaded, const StreamFormat& format);

    const std::shared_ptr<const LoadedPreset>& loaded() const { return loaded_; }
    const StreamFormat& format() const { return format_; }

    bool denoises() const noexcept { return !denoisers_.empty(); }
    /// Samples until nothing that came before is heard any more.
    int settle_samples() const noexcept { return settle_samples_; }

    void set(const DenoiserSettings& settings, bool link) noexcept;
    /// Runs over audio that was heard before the slot existed, and over what is heard meanwhile, so that it starts as if it had been
    /// there. Not for the audio thread.
    void warm(const RecentAudio& recent);
    /// Up to which sample of `recent` it has heard everything: the next process() must bring that sample, or the slot has a seam.
    std::uint64_t warmed_until() const noexcept { return warmed_until_; }
    /// input, output: channels × samples (≤ max_chunk), not the same memory. Output is delayed by format().latency.
    void process(const float* const* input, float* const* output, int samples) noexcept GRUVE_REAL_TIME;
    /// Of the last process(): `sample` counts from the start of that piece.
    std::span<const Detection> detections() const {
        return {detections_.data(), static_cast<std::size_t>(detection_count_)};
    }
    /// Band gains (denoiser, first channel) or posteriors (keywords) after the last process().
    std::span<const float> meter() const noexcept;

private:
    void hear(const RecentAudio& recent, std::uint64_t begin, std::uint64_t end);
    void spot(const float* const* input, int samples) noexcept;

    std::shared_ptr<const LoadedPreset> loaded_;
    StreamFormat format_;
    std::vector<Denoiser> denoisers_;  // one per channel
    bool link_ = false;
    std::uint64_t warmed_until_ = 0;
    std::unique_ptr<KeywordSpotter> spotter_;  // hears the mean of the channels
    History pad_;                              // what the preset's own latency lacks to the plugin's
    int pad_samples_ = 0, settle_samples_ = 0;
    std::array<float, max_chunk> mean_{};
    std::array<Detection, max_chunk> detections_{};
    int detection_count_ = 0;
    std::int64_t spotted_samples_ = 0;
};

}  // namespace gruve::plugin

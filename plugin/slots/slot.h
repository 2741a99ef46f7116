// One preset that is playing. The worker thread builds it, the audio thread runs it, and the worker frees it.
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
#include "plugin/slots/stream_format.h"

namespace gruve::plugin {

/// What a person sets while a slot plays. Denoisers take the first two, keyword spotters the last.
struct SlotSettings {
    DenoiserSettings denoiser;
    bool link = false;         // each band of every channel gets the same gain
    float sensitivity = 0.0f;  // see KeywordSpotter
};

/// A preset on a live stream: denoisers, one per channel, or one keyword spotter. Its output is always delayed by
/// format().latency.
class Slot {
public:
    /// How much recent audio warm() plays.
    static constexpr double warm_s = 1.0;

    /// A null preset makes a slot that only delays. Throws std::runtime_error, with a sentence for the user, if the
    /// preset needs more latency than the format has. Not for the audio thread.
    Slot(std::shared_ptr<const LoadedPreset> loaded, const StreamFormat& format);

    const std::shared_ptr<const LoadedPreset>& loaded() const { return loaded_; }
    const StreamFormat& format() const { return format_; }

    bool denoises() const noexcept { return !denoisers_.empty(); }
    /// Samples until the output no longer depends on where the input started: latency plus, for denoisers, one analysis
    /// window.
    int settle_samples() const noexcept { return settle_samples_; }

    /// Real-time safe.
    void set(const SlotSettings& settings) noexcept;
    /// Plays the last warm_s of `recent` unheard, and then the audio that arrived meanwhile, so that the slot sounds as
    /// if it had always been running. Not for the audio thread.
    void warm(const RecentAudio& recent);
    /// Index in `recent` of the first sample that warm() has not played. If the next process() starts later, the slot
    /// has missed audio and must settle first.
    std::uint64_t warmed_until() const noexcept { return warmed_until_; }
    /// input, output: channels × samples (≤ max_chunk), in different memory. Real-time safe.
    void process(const float* const* input, float* const* output, int samples) noexcept GRUVE_REAL_TIME;
    /// Words that the last process() detected. Detection::sample counts from the start of that chunk.
    std::span<const Detection> detections() const {
        return {detections_.data(), static_cast<std::size_t>(detection_count_)};
    }
    /// After the last process(): band gains of the first channel (denoiser), posteriors (keywords), or nothing.
    std::span<const float> meter() const noexcept;

private:
    void play_unheard(const RecentAudio& recent, std::uint64_t begin, std::uint64_t end);
    void spot(const float* const* input, int samples) noexcept;

    std::shared_ptr<const LoadedPreset> loaded_;
    StreamFormat format_;
    std::vector<Denoiser> denoisers_;  // one per channel
    bool link_ = false;
    std::uint64_t warmed_until_ = 0;
    std::unique_ptr<KeywordSpotter> spotter_;  // its input is the mean of the channels
    History pad_;                              // delays by pad_samples_: the plugin's latency less the preset's own
    int pad_samples_ = 0, settle_samples_ = 0;
    std::array<float, max_chunk> mean_{};
    std::array<Detection, max_chunk> detections_{};
    int detection_count_ = 0;
    std::int64_t spotted_samples_ = 0;
};

}  // namespace gruve::plugin

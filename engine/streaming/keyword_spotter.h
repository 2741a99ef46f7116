// Plays a keyword preset on a live stream.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "engine/preset/preset.h"
#include "engine/streaming/stream_network.h"
#include "engine/support/real_time.h"

namespace gruve {

struct Detection {
    int label = 0;            // index into Preset::labels
    float score = 0.0f;       // smoothed posterior, 0..1
    std::int64_t sample = 0;  // the number of samples since the last reset after which it was decided
};

/// Posteriors from the logits y_q · output_scale of one step. Training, search and streaming share it. Real-time safe.
void softmax(std::span<const std::int16_t> logits_q, float output_scale, std::span<float> posteriors) noexcept;
/// The same for float logits. If they are the same integers, the posteriors are the same.
void softmax(std::span<const float> logits, float output_scale, std::span<float> posteriors) noexcept;

/// One channel. Block sizes do not change the detections. Non-finite input samples count as 0. Not thread-safe.
class KeywordSpotter {
public:
    /// rate_hz: 8000..192000. Throws std::invalid_argument for another rate, a preset that is not of kind keywords, or
    /// a network that does not fit the preset.
    KeywordSpotter(const std::shared_ptr<const Preset>& preset, const PlayableNetwork& network, double rate_hz);
    ~KeywordSpotter();
    KeywordSpotter(KeywordSpotter&&) noexcept;
    KeywordSpotter& operator=(KeywordSpotter&&) noexcept;

    /// Writes the detections of this block, at most detections.size() of them, and returns their number. A hop gives at
    /// most one. Real-time safe.
    int process(std::span<const float> input, std::span<Detection> detections) noexcept GRUVE_REAL_TIME;
    /// −1..1, from few false alarms to many hits; 0, as after construction, gives the preset's own thresholds. The rule
    /// is that of thresholds_at() (sensitivity.h). A value out of range is limited; NaN counts as 0. It holds from the
    /// next step of the network on. Call it on the thread that calls process(). Real-time safe.
    ///
    /// At a higher sensitivity the first detection after a reset never comes later. Later ones may come less often: a
    /// word is detected again only after its score fell below half its threshold, and that half is then lower, too.
    void set_sensitivity(float sensitivity) noexcept GRUVE_REAL_TIME;
    float sensitivity() const noexcept;
    /// Back to the state after construction; the sensitivity stays. Real-time safe.
    void reset() noexcept GRUVE_REAL_TIME;
    /// Smoothed posteriors after the last hop, one per label, for meters and tests. Call it on the thread that calls
    /// process().
    std::span<const float> posteriors() const noexcept;
    /// Samples between two steps of the network.
    int hop() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace gruve

// A keyword preset on a live stream.
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
    std::int64_t sample = 0;  // since reset: the sample after which it was decided
};

/// logits of one step (y_q · output_scale) → posteriors. Shared by training, search and streaming.
void softmax(std::span<const std::int16_t> logits_q, float output_scale, std::span<float> posteriors) noexcept;
/// The same of logits that are real: the same posteriors where they hold the same integers.
void softmax(std::span<const float> logits, float output_scale, std::span<float> posteriors) noexcept;

/// One channel. Any block size, any split of the stream: identical detections. Non-finite input samples are taken as 0.
class KeywordSpotter {
public:
    /// rate_hz 8000..192000. Throws std::invalid_argument for another rate or a preset that isn't of kind keywords.
    KeywordSpotter(std::shared_ptr<const Preset> preset, PlayableNetwork network, double rate_hz);
    ~KeywordSpotter();
    KeywordSpotter(KeywordSpotter&&) noexcept;
    KeywordSpotter& operator=(KeywordSpotter&&) noexcept;

    /// Detections of this block, at most detections.size() of them (one hop gives at most one); returns how many.
    /// Real-time safe.
    int process(std::span<const float> input, std::span<Detection> detections) noexcept GRUVE_REAL_TIME;
    void reset() noexcept GRUVE_REAL_TIME;
    /// Smoothed posteriors after the last hop, one per label, for meters and tests.
    std::span<const float> posteriors() const noexcept;
    int hop() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace gruve

// A denoiser for hosts that know ports and numbers only: the sound part of the LADSPA and LV2 plugins, over the C API.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "plugin/native/background_builder.h"
#include "plugin/native/stream_clock.h"

namespace gruve::plugin {

/// The plugin's latency: presets with less are padded, presets with more are refused with a message.
enum class LatencyMode { quality, live, studio };  // 10 ms, 5 ms, 40 ms

/// A host's values, in the ranges of controls.h.
struct ControlValues {
    int preset = 1;  // 0, or a number that no preset has: the sound passes, delayed by the latency
    float mix_percent = 100, reduction_limit_db = 60, attack_ms = 0, release_ms = 0;
    bool link = false;
    bool enabled = true;   // false: bypassed, by a crossfade of 20 ms; the latency stays
    bool offline = false;  // the host renders faster than real time and waits for run()
};

/// One instance of the plugin. A changed preset is built on a thread of the plugin's own, runs silently beside the old
/// one until it has settled, and is faded in within 20 ms. The first preset is built before the first run() returns.
/// While the host is offline, run() builds a changed one itself, because the sound would outrun any thread.
class StreamPlugin {
public:
    /// rate_hz: outside 8000..192000 Hz the sound passes and one message says so. channels 1..2.
    StreamPlugin(LatencyMode mode, int channels, double rate_hz);
    ~StreamPlugin();
    StreamPlugin(const StreamPlugin&) = delete;
    StreamPlugin& operator=(const StreamPlugin&) = delete;

    /// Frames, constant.
    int latency() const noexcept { return latency_; }
    /// A new stream begins: nothing of the old one is heard any more.
    void activate();
    /// input[c] and output[c] may be any of each other's memory, or null (silence in, nothing out). Real-time safe
    /// after the first call, unless offline.
    void run(const ControlValues& values, const float* const* input, float* const* output, std::size_t frames) noexcept;

private:
    class Voice;
    std::unique_ptr<Voice> build(int number) const;
    std::unique_ptr<Voice> build_or_say_why(int number) const noexcept;
    void begin(const ControlValues& values) noexcept;
    void take_new_voice(const ControlValues& values) noexcept;
    void run_piece(const float* const* input, float* const* output, std::size_t at, std::size_t frames) noexcept;
    void fade(float* const* played, const float* const* faded, std::size_t frames) noexcept;

    LatencyMode mode_;
    int channels_;
    double rate_hz_;
    int latency_;

    // The audio thread's.
    std::unique_ptr<Voice> playing_, coming_, leaving_;
    std::size_t settle_left_ = 0, fade_left_ = 0;
    std::vector<float> played_, faded_;  // a piece, channel after channel
    StreamClock clock_;
    int asked_ = -1;

    BackgroundBuilder<Voice> builder_;
};

}  // namespace gruve::plugin

// A denoise preset on a live stream.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "engine/preset/preset.h"
#include "engine/streaming/stream_network.h"
#include "engine/support/real_time.h"

namespace gruve {

/// What a person turns. May be changed between any two calls of process().
struct DenoiserSettings {
    float reduction_limit_db =
        24.0f;  // no band is turned down further than this; 0 = off, ≥ 60 = no limit; below 3 a comb mixes in less, too
    float attack_s = 0.0f;   // time constant of a rising gain
    float release_s = 0.0f;  // time constant of a falling gain; presets are trained with 0, more smears words
};

/// One channel. Any block size, any split of the stream: identical output. One constant latency.
/// Non-finite input samples are taken as 0. The stream starts at the first sample that isn't zero: digital silence before it, which
/// hosts send in any amount, shifts the output and changes nothing else.
class Denoiser {
public:
    /// rate_hz 8000..192000. Throws std::invalid_argument for another rate or a preset that isn't of kind denoise.
    Denoiser(std::shared_ptr<const Preset> preset, PlayableNetwork network, double rate_hz);
    ~Denoiser();
    Denoiser(Denoiser&&) noexcept;
    Denoiser& operator=(Denoiser&&) noexcept;

    /// Samples from input to output.
    int latency() const noexcept;
    /// The latency of any denoiser with this configuration, in samples. Throws as the constructor does. Not real-time safe.
    static int latency_of(const DenoiserConfig& config, double rate_hz);
    /// Real-time safe.
    void set(const DenoiserSettings&) noexcept GRUVE_REAL_TIME;
    /// input and output may be the same memory; sizes equal. Real-time safe.
    void process(std::span<const float> input, std::span<float> output) noexcept GRUVE_REAL_TIME;
    /// The channels of one stream in step, `samples` each: what process() does, but all start at the first sample that isn't zero in
    /// any of them. `linked`: each band gets the largest of the channels' gains, so that the stereo image stays where it is.
    /// The channels were made for the same preset and rate, and never processed apart. Real-time safe.
    static void process_together(std::span<Denoiser> channels, const float* const* input, float* const* output,
                                 std::size_t samples, bool linked) noexcept GRUVE_REAL_TIME;
    /// Back to the state after construction. Real-time safe.
    void reset() noexcept GRUVE_REAL_TIME;
    /// The last frame's band gains, 0..1, for meters. Call on the same thread as process().
    std::span<const float> band_gains() const noexcept;

private:
    static void link(std::span<Denoiser> channels) noexcept;
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace gruve

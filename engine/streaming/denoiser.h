// Plays a denoise preset on a live stream.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "engine/preset/preset.h"
#include "engine/streaming/denoiser_stage.h"
#include "engine/streaming/stream_network.h"
#include "engine/support/real_time.h"

namespace gruve {

/// One channel, with one constant latency. Block sizes do not change the output.
/// Non-finite input samples count as 0. The stream starts at the first sample that is not zero: hosts send any amount
/// of digital silence before it, which only delays the output. Not thread-safe.
class Denoiser {
public:
    /// rate_hz: 8000..192000. Throws std::invalid_argument for another rate, a preset that is not of kind denoise, or a
    /// network that does not fit the preset.
    Denoiser(const std::shared_ptr<const Preset>& preset, const PlayableNetwork& network, double rate_hz);
    ~Denoiser();
    Denoiser(Denoiser&&) noexcept;
    Denoiser& operator=(Denoiser&&) noexcept;

    /// Delay from input to output in samples.
    int latency() const noexcept;
    /// The latency of any denoiser with this configuration, in samples. Throws as the constructor does. Not real-time
    /// safe.
    static int latency_of(const DenoiserConfig& config, double rate_hz);
    /// Real-time safe.
    void set(const DenoiserSettings&) noexcept GRUVE_REAL_TIME;
    /// input and output have equal sizes and may be the same memory. Real-time safe.
    void process(std::span<const float> input, std::span<float> output) noexcept GRUVE_REAL_TIME;
    /// process() for all channels of one stream, `samples` each. They start together, at the first sample that is not
    /// zero in any channel. linked: each band gets the largest gain of all channels, which preserves the stereo image.
    /// The channels must have the same preset and rate, and must never be processed separately. Real-time safe.
    static void process_together(std::span<Denoiser> channels, const float* const* input, float* const* output,
                                 std::size_t samples, bool linked) noexcept GRUVE_REAL_TIME;
    /// Back to the state after construction. Real-time safe.
    void reset() noexcept GRUVE_REAL_TIME;
    /// Band gains of the last frame, 0..1, those of all networks multiplied, for meters. Call it on the thread that
    /// calls process().
    std::span<const float> band_gains() const noexcept;

private:
    static void link(std::span<Denoiser> channels, std::size_t stage) noexcept;
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace gruve

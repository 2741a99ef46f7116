#include "engine/streaming/denoiser.h"

#include <algorithm>
#include <complex>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/front_end/denoiser_bands.h"
#include "engine/front_end/frame_buffer.h"
#include "engine/support/flush_denormals.h"
#include "engine/support/without_tiny.h"

namespace gruve {
namespace {

void expect_fit(const Preset& preset, const PlayableNetwork& network) {
    const int features = preset.denoiser.features(), outputs = preset.denoiser.outputs();
    if (input_size(network) != features || output_size(network) != outputs)
        throw std::invalid_argument("denoiser: " + preset.name + ": network " + std::to_string(input_size(network)) +
                                    " -> " + std::to_string(output_size(network)) + ", needed " +
                                    std::to_string(features) + " -> " + std::to_string(outputs));
}

/// In samples, of the denoiser whose last stage is of `config` and `bands`.
int delay_of(const DenoiserConfig& config, const DenoiserBands& bands) {
    return bands.latency() + config.look_ahead * bands.hop();
}

std::vector<DenoiserStage> stages_of(const std::shared_ptr<const Preset>& preset, const PlayableNetwork& network,
                                     double rate_hz) {
    if (!preset || !holds_network(network)) throw std::invalid_argument("denoiser: preset or network missing");
    if (preset->kind != TaskKind::denoise)
        throw std::invalid_argument("denoiser: " + preset->name + " is not a denoise preset");
    std::vector<DenoiserStage> stages;
    if (const Preset* first = preset->first_stage()) {
        if (first->denoiser.look_ahead != 0)
            throw std::invalid_argument("denoiser: " + preset->name + ": its first stage looks ahead");
        if (!network.first_stage) throw std::invalid_argument("denoiser: " + preset->name + ": first network missing");
        expect_fit(*first, *network.first_stage);
        stages.emplace_back(first->denoiser, *network.first_stage, rate_hz);
    }
    expect_fit(*preset, network);
    stages.emplace_back(preset->denoiser, network, rate_hz);
    return stages;
}

}  // namespace

struct Denoiser::Impl {
    Impl(const std::shared_ptr<const Preset>& preset, const PlayableNetwork& network, double rate_hz)
        : stages(stages_of(preset, network, rate_hz)),
          buffer(first().window(), first().hop()),
          latency(delay_of(preset->denoiser, first())),
          spectrum(first().spectrum()) {
        gains.resize(static_cast<std::size_t>(first().bands()));
        synthesised.resize(static_cast<std::size_t>(first().latency()));
        overlap.resize(static_cast<std::size_t>(first().latency()));
        reset();
    }

    /// All stages have the same windows and hops, so any of them can analyse and synthesise.
    DenoiserBands& first() noexcept { return stages.front().bands(); }

    void reset() noexcept {
        buffer.reset();
        for (DenoiserStage& stage : stages) stage.reset();
        started = false;
        std::ranges::fill(gains, 1.0f);
        std::ranges::fill(overlap, 0.0f);
    }

    void analyse() noexcept { first().analyse(buffer.frame(), spectrum); }

    void play(std::size_t s) noexcept {
        if (s == 0) std::ranges::fill(gains, 1.0f);
        stages[s].play(spectrum, gains);
    }

    /// Synthesises the frame into `overlap`, whose first hop is then complete.
    void synthesise() noexcept {
        first().synthesise(spectrum, synthesised);

        const std::size_t hop = overlap.size() / 2;
        for (std::size_t i = 0; i < hop; ++i) {
            overlap[i] = overlap[hop + i] + without_tiny(synthesised[i]);
            overlap[hop + i] = without_tiny(synthesised[hop + i]);
        }
        buffer.advance();
    }

    std::vector<DenoiserStage> stages;  // one or two
    FrameBuffer buffer;
    int latency;           // samples from input to output
    bool started = false;  // whether a sample other than zero has arrived

    std::span<std::complex<float>> spectrum;
    std::vector<float> synthesised, gains;
    std::vector<float> overlap;  // first half: finished samples; second half: completed by the next frame
};

Denoiser::Denoiser(const std::shared_ptr<const Preset>& preset, const PlayableNetwork& network, double rate_hz)
    : impl_(std::make_unique<Impl>(preset, network, rate_hz)) {}
Denoiser::~Denoiser() = default;
Denoiser::Denoiser(Denoiser&&) noexcept = default;
Denoiser& Denoiser::operator=(Denoiser&&) noexcept = default;

int Denoiser::latency() const noexcept { return impl_->latency; }
int Denoiser::latency_of(const DenoiserConfig& config, double rate_hz) {
    return delay_of(config, DenoiserBands(config, rate_hz));
}
void Denoiser::set(const DenoiserSettings& settings) noexcept {
    for (DenoiserStage& stage : impl_->stages) stage.set(settings);
}
void Denoiser::reset() noexcept { impl_->reset(); }
std::span<const float> Denoiser::band_gains() const noexcept { return impl_->gains; }

void Denoiser::link(std::span<Denoiser> channels, std::size_t stage) noexcept {
    // The channel that is altered least decides: the largest gain, the smallest share.
    DenoiserStage& first = channels.front().impl_->stages[stage];
    const std::span<float> least_altered = first.wanted();
    const std::size_t gains = first.gains().size();
    for (const Denoiser& channel : channels) {
        const std::span<const float> other = channel.impl_->stages[stage].wanted();
        for (std::size_t i = 0; i < least_altered.size(); ++i)
            least_altered[i] = i < gains ? std::max(least_altered[i], other[i]) : std::min(least_altered[i], other[i]);
    }
    for (Denoiser& channel : channels) std::ranges::copy(least_altered, channel.impl_->stages[stage].wanted().begin());
}

void Denoiser::process(std::span<const float> input, std::span<float> output) noexcept {
    const float* in = input.data();
    float* out = output.data();
    process_together({this, 1}, &in, &out, input.size(), false);
}

void Denoiser::process_together(std::span<Denoiser> channels, const float* const* input, float* const* output,
                                std::size_t samples, bool linked) noexcept {
    if (channels.empty()) return;
    const FlushDenormals flush;
    Impl& first = *channels.front().impl_;
    std::size_t at = 0;
    if (!first.started) {
        at = samples;
        for (std::size_t c = 0; c < channels.size(); ++c)
            at = static_cast<std::size_t>(
                std::find_if(input[c], input[c] + at, [](float x) { return FrameBuffer::accepted(x) != 0.0f; }) -
                input[c]);
        for (std::size_t c = 0; c < channels.size(); ++c) std::fill_n(output[c], at, 0.0f);
        first.started = at < samples;
    }
    while (at < samples) {
        std::size_t count = 0;
        for (std::size_t c = 0; c < channels.size(); ++c) {
            // Each new sample releases a finished one. Input is read first, because output may be the same memory.
            Impl& m = *channels[c].impl_;
            const auto done = static_cast<std::ptrdiff_t>(m.buffer.filled());
            count = m.buffer.push({input[c] + at, samples - at});
            std::copy_n(m.overlap.begin() + done, count, output[c] + at);
        }
        at += count;
        if (!first.buffer.full()) continue;
        for (Denoiser& channel : channels) channel.impl_->analyse();
        for (std::size_t s = 0; s < first.stages.size(); ++s) {
            for (Denoiser& channel : channels) channel.impl_->stages[s].hear(channel.impl_->spectrum);
            if (linked) link(channels, s);
            for (Denoiser& channel : channels) channel.impl_->play(s);
        }
        for (Denoiser& channel : channels) channel.impl_->synthesise();
    }
}

}  // namespace gruve

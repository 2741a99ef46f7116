#include "engine/streaming/denoiser.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/front_end/denoiser_bands.h"
#include "engine/front_end/frame_buffer.h"
#include "engine/support/elementary.h"
#include "engine/support/flush_denormals.h"
#include "engine/support/without_tiny.h"

namespace gruve {
namespace {

/// How far a one-pole smoother moves towards its target in `step_s`, as a share of the distance.
float smoothing_rate(float time_constant_s, double step_s) {
    return time_constant_s > 0.0f ? static_cast<float>(1.0 - elementary::exp(-step_s / time_constant_s)) : 1.0f;
}

constexpr float comb_db = 3.0f;  // a comb of equal shares reduces noise by this

const Preset& checked(const std::shared_ptr<const Preset>& preset, const PlayableNetwork& network) {
    if (!preset || !holds_network(network)) throw std::invalid_argument("denoiser: preset or network missing");
    if (preset->kind != TaskKind::denoise)
        throw std::invalid_argument("denoiser: " + preset->name + " is not a denoise preset");
    const int bands = preset->denoiser.bands, features = preset->denoiser.features(),
              outputs = preset->denoiser.outputs();
    if (input_size(network) != features || output_size(network) != outputs) {
        throw std::invalid_argument("denoiser: " + preset->name + ": network " + std::to_string(input_size(network)) +
                                    " -> " + std::to_string(output_size(network)) + ", needed for " +
                                    std::to_string(bands) + " bands: " + std::to_string(features) + " -> " +
                                    std::to_string(outputs));
    }
    return *preset;
}

}  // namespace

struct Denoiser::Impl {
    Impl(const std::shared_ptr<const Preset>& preset, const PlayableNetwork& playable_network, double sample_rate_hz)
        : config(checked(preset, playable_network).denoiser),
          rate_hz(sample_rate_hz),
          bands(config, rate_hz),
          buffer(bands.window(), bands.hop()),
          network(stream_of(playable_network)),
          spectrum(bands.spectrum()) {
        features.resize(static_cast<std::size_t>(bands.features()));
        wanted.resize(static_cast<std::size_t>(config.outputs()));
        gains.resize(static_cast<std::size_t>(bands.bands()));
        earlier.resize(static_cast<std::size_t>(bands.earlier_bins()));
        played_shares.resize(shares().size());
        synthesised.resize(static_cast<std::size_t>(bands.latency()));
        overlap.resize(static_cast<std::size_t>(bands.latency()));
        set({});
        reset();
    }

    void set(const DenoiserSettings& s) noexcept {
        const double step_s = bands.hop() / rate_hz;
        comb_share = std::clamp(s.reduction_limit_db / comb_db, 0.0f, 1.0f);
        least_gain = s.reduction_limit_db >= 60.0f
                         ? 0.0f
                         : std::min(1.0f, static_cast<float>(elementary::exp10(-s.reduction_limit_db / 20.0f)));
        attack = smoothing_rate(s.attack_s, step_s);
        release = smoothing_rate(s.release_s, step_s);
    }

    void reset() noexcept {
        bands.reset();
        buffer.reset();
        network->reset();
        started = false;
        first_frame = true;
        frame_of_step = 0;
        std::ranges::fill(gains, 1.0f);
        std::ranges::fill(wanted, 1.0f);
        std::ranges::fill(shares(), 0.0f);
        std::ranges::fill(overlap, 0.0f);
    }

    /// Each band's share of the spectrum one period earlier. Empty without a comb.
    std::span<float> shares() noexcept { return std::span(wanted).subspan(gains.size()); }

    /// Runs the network: features of the current spectrum → wanted gains and shares.
    void step() noexcept {
        bands.features(spectrum, features);
        network->step(features, wanted);
        const float scale = network->output_scale();
        for (float& gain : wanted) gain = std::clamp(gain * scale, 0.0f, 1.0f);
    }

    void smooth() noexcept {
        for (std::size_t b = 0; b < gains.size(); ++b) {
            const float change = std::max(wanted[b], least_gain) - gains[b];
            gains[b] = without_tiny(gains[b] + (first_frame ? 1.0f : change > 0 ? attack : release) * change);
        }
    }

    /// Analyses the frame in `buffer`: → spectrum and, at a network step, wanted gains and shares.
    void hear_frame() noexcept {
        bands.analyse(buffer.frame(), spectrum);
        if (frame_of_step == 0)
            step();
        else
            bands.pass(spectrum);
    }

    /// Synthesises the analysed frame into `overlap`, whose first hop is then complete.
    void play_frame() noexcept {
        smooth();
        if (config.comb) {
            std::ranges::transform(shares(), played_shares.begin(), [&](float share) { return comb_share * share; });
            bands.earlier(spectrum, earlier);
            bands.mix(played_shares, earlier, spectrum);
        }
        bands.apply(gains, spectrum);
        bands.synthesise(spectrum, synthesised);

        const std::size_t hop = overlap.size() / 2;
        for (std::size_t i = 0; i < hop; ++i) {
            overlap[i] = overlap[hop + i] + without_tiny(synthesised[i]);
            overlap[hop + i] = without_tiny(synthesised[hop + i]);
        }
        frame_of_step = (frame_of_step + 1) % config.net_every;
        first_frame = false;
        buffer.advance();
    }

    DenoiserConfig config;
    double rate_hz;
    DenoiserBands bands;
    FrameBuffer buffer;
    std::unique_ptr<StreamNetwork> network;
    bool started = false;  // whether a sample other than zero has arrived
    bool first_frame = true;
    int frame_of_step = 0;  // the network steps at frame 0 of every net_every
    float least_gain = 0, attack = 1, release = 1;
    float comb_share = 1;  // scales the comb's shares, because a comb reduces noise too and must keep the limit

    std::span<std::complex<float>> spectrum;
    std::vector<std::complex<float>> earlier;
    std::vector<float> features, synthesised;
    std::vector<float> wanted;  // the network's outputs: gains, then shares
    std::vector<float> gains, played_shares;
    std::vector<float> overlap;  // first half: finished samples; second half: completed by the next frame
};

Denoiser::Denoiser(const std::shared_ptr<const Preset>& preset, const PlayableNetwork& network, double rate_hz)
    : impl_(std::make_unique<Impl>(preset, network, rate_hz)) {}
Denoiser::~Denoiser() = default;
Denoiser::Denoiser(Denoiser&&) noexcept = default;
Denoiser& Denoiser::operator=(Denoiser&&) noexcept = default;

int Denoiser::latency() const noexcept { return impl_->bands.latency(); }
int Denoiser::latency_of(const DenoiserConfig& config, double rate_hz) {
    return DenoiserBands(config, rate_hz).latency();
}
void Denoiser::set(const DenoiserSettings& settings) noexcept { impl_->set(settings); }
void Denoiser::reset() noexcept { impl_->reset(); }
std::span<const float> Denoiser::band_gains() const noexcept { return impl_->gains; }

void Denoiser::link(std::span<Denoiser> channels) noexcept {
    // The channel that is altered least decides: the largest gain, the smallest share.
    auto& least_altered = channels.front().impl_->wanted;
    const std::size_t gains = channels.front().impl_->gains.size();
    for (const Denoiser& channel : channels)
        for (std::size_t i = 0; i < least_altered.size(); ++i) {
            const float other = channel.impl_->wanted[i];
            least_altered[i] = i < gains ? std::max(least_altered[i], other) : std::min(least_altered[i], other);
        }
    for (Denoiser& channel : channels) std::ranges::copy(least_altered, channel.impl_->wanted.begin());
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
        for (Denoiser& channel : channels) channel.impl_->hear_frame();
        if (linked) link(channels);
        for (Denoiser& channel : channels) channel.impl_->play_frame();
    }
}

}  // namespace gruve

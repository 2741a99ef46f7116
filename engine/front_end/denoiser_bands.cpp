#include "engine/front_end/denoiser_bands.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/front_end/band_layout.h"
#include "engine/front_end/fast_log.h"
#include "engine/front_end/periodicity.h"
#include "engine/front_end/real_fft.h"
#include "engine/front_end/wide.h"
#include "engine/support/elementary.h"
#include "engine/support/without_tiny.h"

namespace gruve {
namespace {

// Powers are in full scale², 1 = a full-scale square wave.
constexpr float silence = 1e-11f;        // −110 dB, below 16-bit dither: such frames change no mean
constexpr float loudest = 10.0f;         // the level of a frame is limited to this, so that a burst is soon forgotten
constexpr float least_power = 1e-13f;    // keeps logarithms finite
constexpr float floor_re_level = 1e-6f;  // a band 60 dB below the level counts as silent, at any input gain
constexpr float level_centre = 3.0f;     // maps log10 of 1e-6..1 to −3..3
constexpr float feature_limit = 3.0f;
constexpr float floor_centre = 1.0f;       // speech is up to 40 dB above the floor, noise is near it
constexpr float correlation_scale = 2.0f;  // maps −1..1 to the range of the other features
constexpr float floor_fall = 20.0f;        // a noise floor falls this many times as fast as it rises

[[noreturn]] void refuse(const std::string& what) { throw std::invalid_argument("denoiser: " + what); }

/// Copies floats, which std::copy turns into one block move; std::complex values would be copied one by one.
void copy(std::span<const std::complex<float>> from, std::complex<float>* to) {
    if (from.data() != to)
        std::copy_n(reinterpret_cast<const float*>(from.data()), 2 * from.size(), reinterpret_cast<float*>(to));
}

double checked_rate(const DenoiserConfig& c, double rate_hz) {
    if (!(rate_hz >= 8000.0 && rate_hz <= 192000.0))
        refuse("rate " + std::to_string(rate_hz) + " Hz, allowed 8000..192000");
    if (!(c.window_s >= 0.005f && c.window_s <= 0.1f))
        refuse("window " + std::to_string(c.window_s) + " s, allowed 0.005..0.1");
    if (!(c.latency_s >= 0.001f && c.latency_s <= c.window_s))
        refuse("latency " + std::to_string(c.latency_s) + " s, allowed 0.001..window");
    if (c.net_every < 1 || c.net_every > 16) refuse(std::to_string(c.net_every) + " frames a step, allowed 1..16");
    if (c.look_ahead < 0 || c.look_ahead > c.most_look_ahead())
        refuse("look-ahead of " + std::to_string(c.look_ahead) + " frames, allowed 0.." +
               std::to_string(c.most_look_ahead()));
    if (!(c.high_hz >= 500.0f && c.high_hz <= 96000.0f))
        refuse("bandwidth " + std::to_string(c.high_hz) + " Hz, allowed 500..96000");
    const int most = static_cast<int>(c.high_hz * c.window_s * 1.0001f);
    if (c.bands < 2 || c.bands > most) refuse(std::to_string(c.bands) + " bands, allowed 2.." + std::to_string(most));
    for (float seconds : {c.band_mean_s, c.level_s}) {
        if (!(seconds >= 0.01f && seconds <= 100.0f))
            refuse("running mean of " + std::to_string(seconds) + " s, allowed 0.01..100");
    }
    if (c.floor_s != 0.0f && !(c.floor_s >= 0.1f && c.floor_s <= 100.0f))
        refuse("noise floor of " + std::to_string(c.floor_s) + " s, allowed 0 or 0.1..100");
    if (c.comb && !c.periodicity) refuse("a comb without periodicity");
    return rate_hz;
}

}  // namespace

struct DenoiserBands::Impl {
    Impl(const DenoiserConfig& c, double sample_rate_hz)
        : rate_hz(checked_rate(c, sample_rate_hz)),
          hop(static_cast<int>(std::lround(0.5 * c.latency_s * rate_hz))),
          window(std::max(nearest_fast_fft_size(static_cast<int>(std::lround(c.window_s * rate_hz))),
                          fast_fft_size(2 * hop))),
          fft(window),
          layout(erb_centres(c.bands, 1.0 / c.window_s, c.high_hz), c.high_hz, rate_hz / window, window / 2 + 1),
          band_mean(static_cast<std::size_t>(c.bands)),
          band_floor(static_cast<std::size_t>(c.floor_s > 0 ? c.bands : 0)) {
        make_windows();
        const double step_s = c.net_every * hop / rate_hz;
        if (c.periodicity)
            periodicity.emplace(c.bands, rate_hz / window, std::min<double>(c.high_hz, rate_hz / 2), step_s,
                                c.comb ? c.net_every : 1);
        comb = c.comb;
        mean_rate = static_cast<float>(1.0 - elementary::exp(-step_s / c.band_mean_s));
        level_rate = static_cast<float>(1.0 - elementary::exp(-step_s / c.level_s));
        if (c.floor_s > 0) {
            rise_rate = static_cast<float>(1.0 - elementary::exp(-step_s / c.floor_s));
            fall_rate = static_cast<float>(1.0 - elementary::exp(-step_s * floor_fall / c.floor_s));
        }
    }

    /// The windows of Mauler and Martin, "A low delay, variable resolution, perfect reconstruction spectral
    /// analysis-synthesis system for speech enhancement" (2007). The analysis window rises over window − hop samples
    /// (half a root Hann window) and falls over hop samples. The synthesis window covers only the last 2·hop samples:
    ///
    ///     analysis · synthesis = Hann of length 2·hop,  and  hann[i] + hann[i + hop] = 1.
    void make_windows() {
        const int rise = window - hop;
        analysis.resize(static_cast<std::size_t>(window));
        double energy = 0;
        for (int i = 0; i < window; ++i) {
            const double phase = i < rise ? (i + 0.5) / (2.0 * rise) : (i - rise + 0.5 + hop) / (2.0 * hop);
            const double w = elementary::sin(std::numbers::pi * phase);
            analysis[static_cast<std::size_t>(i)] = static_cast<float>(w);
            energy += w * w;
        }
        synthesis.resize(static_cast<std::size_t>(2 * hop));
        for (int i = 0; i < 2 * hop; ++i) {
            const double s = elementary::sin(std::numbers::pi * (i + 0.5) / (2.0 * hop));
            const double w = analysis[static_cast<std::size_t>(window - 2 * hop + i)];
            synthesis[static_cast<std::size_t>(i)] =
                static_cast<float>(s * s / (w * window));  // 1/window, because the inverse FFT is not scaled
        }
        power_scale = static_cast<float>(2.0 / (window * energy));  // 2 for negative frequencies, the rest by Parseval
    }

    double rate_hz;
    int hop, window;  // window: within 2 % of window_s, and exact at the usual rates
    RealFft fft;
    BandLayout layout;
    std::vector<float> analysis, synthesis;
    float power_scale = 0;

    // Running means, advanced once per network step. Until its time constant has passed, each is the plain mean of all
    // steps.
    float mean_rate = 1, level_rate = 1;
    int steps_heard = 0;
    float level = 0;               // power
    std::vector<float> band_mean;  // log10 of power
    // A band's noise floor rises slowly and falls fast, so that it follows the noise between words.
    float rise_rate = 0, fall_rate = 0;
    std::vector<float> band_floor;  // log10 of power; empty if the configuration has no noise floor
    std::optional<Periodicity> periodicity;
    bool comb = false;
};

DenoiserBands::DenoiserBands(const DenoiserConfig& config, double rate_hz)
    : impl_(std::make_unique<Impl>(config, rate_hz)) {}
DenoiserBands::~DenoiserBands() = default;
DenoiserBands::DenoiserBands(DenoiserBands&&) noexcept = default;
DenoiserBands& DenoiserBands::operator=(DenoiserBands&&) noexcept = default;

int DenoiserBands::window() const { return impl_->window; }
int DenoiserBands::hop() const { return impl_->hop; }
int DenoiserBands::latency() const { return 2 * impl_->hop; }
std::span<std::complex<float>> DenoiserBands::spectrum() noexcept { return impl_->fft.spectrum(); }
int DenoiserBands::bins() const { return impl_->window / 2 + 1; }
int DenoiserBands::bands() const { return impl_->layout.bands(); }
int DenoiserBands::features() const {
    return bands() * (2 + !impl_->band_floor.empty() + impl_->periodicity.has_value());
}
const BandLayout& DenoiserBands::layout() const noexcept { return impl_->layout; }
float DenoiserBands::power_scale() const noexcept { return impl_->power_scale; }
std::span<const float> DenoiserBands::synthesis_window() const noexcept { return impl_->synthesis; }
RealFft& DenoiserBands::fft() noexcept { return impl_->fft; }
bool DenoiserBands::has_comb() const { return impl_->comb; }
int DenoiserBands::earlier_bins() const { return impl_->comb ? static_cast<int>(impl_->periodicity->bins()) : 0; }

void DenoiserBands::analyse(std::span<const float> frame, std::span<std::complex<float>> spectrum) noexcept {
    float* windowed = impl_->fft.samples().data();
    run_wide([&]<class>() {
        for (std::size_t i = 0; i < impl_->analysis.size(); ++i) windowed[i] = frame[i] * impl_->analysis[i];
    });
    impl_->fft.forward();
    const float* from = reinterpret_cast<const float*>(impl_->fft.spectrum().data());
    float* to = reinterpret_cast<float*>(spectrum.data());
    const std::size_t parts = 2 * spectrum.size();
    run_wide([&]<class>() {
        for (std::size_t i = 0; i < parts; ++i) to[i] = without_tiny(from[i], least_part);
    });
}

void DenoiserBands::features(std::span<const std::complex<float>> spectrum, std::span<float> features) noexcept {
    Impl& m = *impl_;
    const std::size_t bands = m.band_mean.size();
    const std::span<float> relative_to_mean = features.first(bands), relative_to_level = features.subspan(bands, bands);

    m.layout.gather_power(spectrum, m.power_scale, relative_to_level);
    float power = 0;
    for (float band : relative_to_level) power += band;

    const bool heard = power > silence;
    if (heard) {
        m.steps_heard += m.steps_heard < (1 << 24);
        m.level +=
            std::max(m.level_rate, 1.0f / static_cast<float>(m.steps_heard)) * (std::min(power, loudest) - m.level);
    }
    const float floor = std::max(least_power, floor_re_level * m.level);
    if (m.periodicity) {
        const std::span<float> correlation = features.last(bands);
        (*m.periodicity)(m.layout, spectrum, relative_to_level, m.power_scale, floor, correlation);
        for (float& value : correlation) value *= correlation_scale;
    }
    for (float& band : relative_to_level) band = fast_log10(band + floor);

    if (heard) {
        const float rate = std::max(m.mean_rate, 1.0f / static_cast<float>(m.steps_heard));
        for (std::size_t b = 0; b < bands; ++b) m.band_mean[b] += rate * (relative_to_level[b] - m.band_mean[b]);
        for (std::size_t b = 0; b < m.band_floor.size(); ++b) {
            const float above = relative_to_level[b] - m.band_floor[b];
            m.band_floor[b] += (m.steps_heard == 1 ? 1.0f : above > 0 ? m.rise_rate : m.fall_rate) * above;
        }
    }
    for (std::size_t b = 0; b < m.band_floor.size(); ++b)
        features[2 * bands + b] =
            std::clamp(relative_to_level[b] - m.band_floor[b] - floor_centre, -feature_limit, feature_limit);
    const float level = fast_log10(std::max(m.level, silence)) - level_centre;
    for (std::size_t b = 0; b < bands; ++b) {
        relative_to_mean[b] = std::clamp(relative_to_level[b] - m.band_mean[b], -feature_limit, feature_limit);
        relative_to_level[b] = std::clamp(relative_to_level[b] - level, -feature_limit, feature_limit);
    }
}

void DenoiserBands::pass(std::span<const std::complex<float>> spectrum) noexcept {
    if (impl_->comb) impl_->periodicity->pass(spectrum);
}

void DenoiserBands::earlier(std::span<const std::complex<float>> spectrum,
                            std::span<std::complex<float>> earlier) const noexcept {
    const std::size_t read = impl_->periodicity->bins();
    copy(spectrum.subspan(read, earlier.size() - read), earlier.data() + read);
    impl_->periodicity->earlier(earlier);
}

void DenoiserBands::mix(std::span<const float> band_shares, std::span<const std::complex<float>> earlier,
                        std::span<std::complex<float>> spectrum) const noexcept {
    impl_->layout.mix(band_shares, earlier, spectrum);
}

void DenoiserBands::apply(std::span<const float> band_gains, std::span<std::complex<float>> spectrum) const noexcept {
    impl_->layout.apply(band_gains, spectrum);
}

void DenoiserBands::band_powers(std::span<const std::complex<float>> spectrum, std::span<float> powers) const noexcept {
    impl_->layout.gather_power(spectrum, impl_->power_scale, powers);
}

void DenoiserBands::synthesise(std::span<const std::complex<float>> spectrum, std::span<float> frame) noexcept {
    copy(spectrum, impl_->fft.spectrum().data());
    impl_->fft.inverse();
    const float* samples = impl_->fft.samples().data() + impl_->analysis.size() - impl_->synthesis.size();
    for (std::size_t i = 0; i < impl_->synthesis.size(); ++i) frame[i] = samples[i] * impl_->synthesis[i];
}

void DenoiserBands::reset() noexcept {
    impl_->steps_heard = 0;
    impl_->level = 0;
    std::ranges::fill(impl_->band_mean, 0.0f);
    std::ranges::fill(impl_->band_floor, 0.0f);
    if (impl_->periodicity) impl_->periodicity->reset();
}

}  // namespace gruve

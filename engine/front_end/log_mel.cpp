#include "engine/front_end/log_mel.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/front_end/fast_log.h"
#include "engine/front_end/real_fft.h"
#include "engine/support/elementary.h"

namespace gruve {
namespace {

/// The mel scale of HTK, which most keyword-spotting front ends use.
double hz_to_mel(double hz) { return 2595.0 * elementary::log10(1.0 + hz / 700.0); }
double mel_to_hz(double mel) { return 700.0 * (elementary::exp10(mel / 2595.0) - 1.0); }

/// ∫ from −∞ to `to` of the triangle that rises from 0 at `low` to 1 at `centre` and falls to 0 at `high`.
double triangle_area(double low, double centre, double high, double to) {
    const double rise = std::clamp(to, low, centre) - low;
    const double fall = high - std::clamp(to, centre, high);
    return 0.5 * rise * rise / (centre - low) + 0.5 * ((high - centre) - fall * fall / (high - centre));
}

/// Four running sums, because a single one would make each addition wait for the previous one.
float dot(const float* a, const float* b, int count) {
    float sum[4] = {};
    int i = 0;
    for (; i + 4 <= count; i += 4) {
        for (int lane = 0; lane < 4; ++lane) sum[lane] += a[i + lane] * b[i + lane];
    }
    for (; i < count; ++i) sum[0] += a[i] * b[i];
    return (sum[0] + sum[2]) + (sum[1] + sum[3]);
}

[[noreturn]] void refuse(const std::string& what) { throw std::invalid_argument("log-mel: " + what); }

int whole_samples(float seconds, double rate_hz) { return static_cast<int>(std::lround(seconds * rate_hz)); }

/// Throws if the configuration cannot be analysed. Returns the frame's number of samples.
int checked_window(const LogMelConfig& c, double rate_hz) {
    if (!(rate_hz >= 8000.0 && rate_hz <= 192000.0))
        refuse("rate " + std::to_string(rate_hz) + " Hz, allowed 8000..192000");
    if (!(c.window_s >= 0.005f && c.window_s <= 0.1f))
        refuse("window " + std::to_string(c.window_s) + " s, allowed 0.005..0.1");
    if (!(c.hop_s >= 0.001f && c.hop_s <= c.window_s))
        refuse("hop " + std::to_string(c.hop_s) + " s, allowed 0.001..window");
    if (c.bands < 1 || c.bands > 256) refuse(std::to_string(c.bands) + " bands, allowed 1..256");
    if (!(c.low_hz >= 0.0f && c.low_hz < c.high_hz && c.high_hz <= 96000.0f))
        refuse("bands must lie in 0 <= low < high <= 96000 Hz");
    if (!(c.floor_db >= -200.0f && c.floor_db <= 0.0f))
        refuse("floor " + std::to_string(c.floor_db) + " dB, allowed -200..0");
    if (!(c.scale_db > 0.0f) || !std::isfinite(c.scale_db) || !std::isfinite(c.offset_db))
        refuse("offset and scale must be finite, scale above 0");
    if (c.rise_s != 0.0f || c.fall_s != 0.0f)
        for (const float seconds : {c.rise_s, c.fall_s})
            if (!(seconds >= 0.01f && seconds <= 100.0f))
                refuse("noise floor within " + std::to_string(seconds) + " s, allowed 0.01..100");
    if (!(c.least_db >= -100.0f && c.least_db <= 0.0f))
        refuse("least " + std::to_string(c.least_db) + " dB, allowed -100..0");
    if (!(c.range_db >= 1.0f && c.range_db <= 200.0f))
        refuse("range " + std::to_string(c.range_db) + " dB, allowed 1..200");
    return whole_samples(c.window_s, rate_hz);
}

}  // namespace

struct LogMel::Impl {
    /// Weights of one band, over bins first..first + count − 1.
    struct Band {
        int first = 0, count = 0, weights_at = 0;
    };

    Impl(const LogMelConfig& log_mel, double rate_hz)
        : config(log_mel),
          window(checked_window(config, rate_hz)),
          hop(whole_samples(config.hop_s, rate_hz)),
          // Zero padding gives a fast length at any rate (44.1 kHz: 1411 = 17·83 samples).
          fft(fast_fft_size(window)) {
        const int size = static_cast<int>(fft.samples().size());
        taper.resize(static_cast<std::size_t>(window));
        double energy = 0;
        for (int i = 0; i < window; ++i) {
            const double s = elementary::sin(std::numbers::pi * (i + 0.5) / window);
            taper[static_cast<std::size_t>(i)] = static_cast<float>(s * s);
            energy += s * s * s * s;
        }
        floor = static_cast<float>(elementary::exp10(config.floor_db / 10.0));

        // A bin's power is spread over its whole width. Bands narrower than a bin then get their share, and the
        // position of bins, which depends on the rate, hardly matters. 2 for the negative frequencies, 1/(size·energy)
        // by Parseval.
        const double bin_hz = rate_hz / size;
        const double scale = 2.0 / (size * energy);
        const double low = hz_to_mel(config.low_hz), step = (hz_to_mel(config.high_hz) - low) / (config.bands + 1);
        const int last_bin = size / 2;
        for (int b = 0; b < config.bands; ++b) {
            const double left = mel_to_hz(low + b * step), centre = mel_to_hz(low + (b + 1) * step),
                         right = mel_to_hz(low + (b + 2) * step);
            Band band;
            band.first = std::min(static_cast<int>(std::floor(left / bin_hz + 0.5)), last_bin + 1);
            band.count =
                std::max(0, std::min(static_cast<int>(std::ceil(right / bin_hz - 0.5)), last_bin) - band.first + 1);
            band.weights_at = static_cast<int>(weights.size());
            for (int k = band.first; k < band.first + band.count; ++k) {
                const double area = triangle_area(left, centre, right, (k + 0.5) * bin_hz) -
                                    triangle_area(left, centre, right, (k - 0.5) * bin_hz);
                weights.push_back(static_cast<float>(scale * area / bin_hz));
            }
            bands.push_back(band);
            power_bins = std::max(power_bins, band.first + band.count);
        }
        power_bins = std::min(power_bins, last_bin + 1);
        power.resize(static_cast<std::size_t>(last_bin + 1));

        if (config.rise_s > 0) noise_floor.resize(static_cast<std::size_t>(config.bands));
        const auto rate_of = [&](float seconds) {
            return static_cast<float>(1.0 - elementary::exp(-hop / (rate_hz * static_cast<double>(seconds))));
        };
        rise = rate_of(config.rise_s);
        fall = rate_of(config.fall_s);
        level_fall = static_cast<float>(hop / rate_hz);
        frames_before = static_cast<int>(std::lround(0.5 * rate_hz / hop));
    }

    /// log10 of powers → their distance above the noise floors; updates the floors. Digital silence leaves the floors
    /// unchanged, because gated recordings contain much of it and it says nothing about the room.
    void count_from_noise_floor(std::span<float> powers, bool silence) noexcept {
        const float least = 0.1f * config.least_db;
        if (silence) {
            std::ranges::fill(powers, least);
            return;
        }
        const float loudest = *std::ranges::max_element(powers);
        level = frames_heard == 0 ? loudest : std::max(loudest, level - level_fall);
        const float lowest = level - 0.1f * config.range_db;
        if (frames_heard == 0) std::ranges::fill(noise_floor, lowest);
        frames_heard += frames_heard < (1 << 24);
        const float first = 1.0f / static_cast<float>(frames_heard + frames_before), up = std::max(rise, first),
                    down = std::max(fall, first);
        for (std::size_t b = 0; b < powers.size(); ++b) {
            const float above = powers[b] - noise_floor[b];
            noise_floor[b] = std::max(lowest, noise_floor[b] + (above > 0 ? up : down) * above);
            powers[b] = std::max(least, powers[b] - noise_floor[b]);
        }
    }

    LogMelConfig config;
    int window, hop;
    RealFft fft;
    std::vector<float> taper;
    std::vector<Band> bands;
    std::vector<float> weights;  // of all bands, one after the other
    int power_bins = 0;          // bins that the bands read
    std::vector<float> power;
    float floor = 0;

    // For features relative to noise floors, all in log10 of power.
    std::vector<float> noise_floor;
    float level = 0, level_fall = 0;  // level of the loudest band, which falls by 10 dB per second
    float rise = 1, fall = 1;         // how far a floor moves towards a power per hop, as a share of the distance
    // Half a second of the lowest floor is assumed before the first frame.
    int frames_heard = 0, frames_before = 0;
};

LogMel::LogMel(const LogMelConfig& config, double rate_hz) : impl_(std::make_unique<Impl>(config, rate_hz)) {}
LogMel::~LogMel() = default;
LogMel::LogMel(LogMel&&) noexcept = default;
LogMel& LogMel::operator=(LogMel&&) noexcept = default;

int LogMel::window() const { return impl_->window; }
int LogMel::hop() const { return impl_->hop; }
int LogMel::bands() const { return impl_->config.bands; }

void LogMel::extract(std::span<const float> frame, std::span<float> features) noexcept {
    Impl& m = *impl_;
    // The samples beyond the window are zero since construction and never written.
    float* padded = m.fft.samples().data();
    for (int i = 0; i < m.window; ++i)
        padded[i] = frame[static_cast<std::size_t>(i)] * m.taper[static_cast<std::size_t>(i)];
    m.fft.forward();

    const float* parts = reinterpret_cast<const float*>(m.fft.spectrum().data());
    for (int k = 0; k < m.power_bins; ++k) {
        m.power[static_cast<std::size_t>(k)] = parts[2 * k] * parts[2 * k] + parts[2 * k + 1] * parts[2 * k + 1];
    }
    for (std::size_t b = 0; b < m.bands.size(); ++b) {
        const Impl::Band& band = m.bands[b];
        features[b] =
            std::max(m.floor, dot(m.power.data() + band.first, m.weights.data() + band.weights_at, band.count));
    }
    const bool silence = std::ranges::all_of(features, [&](float power) { return power <= m.floor; });
    for (float& feature : features) feature = fast_log10(feature);
    if (!m.noise_floor.empty()) m.count_from_noise_floor(features, silence);
    const float slope = 10.0f / m.config.scale_db, offset = m.config.offset_db / m.config.scale_db;
    for (float& feature : features) feature = slope * feature + offset;
}

void LogMel::reset() noexcept {
    impl_->frames_heard = 0;
    std::ranges::fill(impl_->noise_floor, 0.0f);
}

}  // namespace gruve

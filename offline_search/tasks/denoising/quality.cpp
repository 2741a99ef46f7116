#include "offline_search/tasks/denoising/quality.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "datasets/mixing/mixture.h"
#include "datasets/support/parallel.h"
#include "engine/streaming/denoiser.h"
#include "offline_search/tasks/denoising/judge.h"
#include "offline_search/tasks/denoising/measures/high_band.h"

namespace gruve {
namespace {

constexpr double onset_silence_s = 10.0, onset_s = 0.1, onset_snr_db = 20.0, surviving_db = -6.0, muted_db = -12.0;
constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

double energy(std::span<const float> x) {
    double sum = 0;
    for (float v : x) sum += static_cast<double>(v) * static_cast<double>(v);
    return sum;
}

/// What becomes of the level of `speech`, in dB: the part of `output` that is like it, at least −120 dB.
double speech_gain_db(std::span<const float> speech, std::span<const float> output) {
    double along = 0;
    for (std::size_t i = 0; i < speech.size(); ++i)
        along += static_cast<double>(speech[i]) * static_cast<double>(output[i]);
    return 20 * std::log10(std::max(along / std::max(energy(speech), 1e-12), 1e-6));
}

/// Attenuation of `noise` in dB, without its first second if it is longer than two.
double attenuation_db(std::span<const float> noise, std::span<const float> enhanced, int rate_hz) {
    const std::size_t skip =
        noise.size() > 2 * static_cast<std::size_t>(rate_hz) ? static_cast<std::size_t>(rate_hz) : 0;
    const double before = energy(noise.subspan(skip)), after = energy(enhanced.subspan(skip));
    return 10 * std::log10((before + 1e-12) / (after + 1e-12));
}

/// The first 10 ms block within 30 dB of the loudest block.
std::size_t speech_start(std::span<const float> speech, int rate_hz) {
    const auto block = static_cast<std::size_t>(rate_hz / 100);
    double loudest = 0;
    for (std::size_t at = 0; at + block <= speech.size(); at += block)
        loudest = std::max(loudest, energy(speech.subspan(at, block)));
    std::size_t at = 0;
    while (at + 2 * block <= speech.size() && energy(speech.subspan(at, block)) < loudest * 1e-3) at += block;
    return at;
}

/// Gain of the speech in the first 100 ms of a sentence, in dB, after a long stretch of quiet noise.
double onset_gain_db(const Mixture& mixture, const Enhancer& enhance, int rate_hz) {
    const auto silence = static_cast<std::size_t>(onset_silence_s * rate_hz);
    const std::size_t start = speech_start(mixture.clean, rate_hz);
    const std::span<const float> sentence = std::span(mixture.clean).subspan(start);
    std::vector<float> noise(mixture.clean.size());
    for (std::size_t i = 0; i < noise.size(); ++i) noise[i] = mixture.noisy[i] - mixture.clean[i];
    const double level =
        std::sqrt(energy(mixture.clean) / std::max(energy(noise), 1e-12)) * std::pow(10.0, -onset_snr_db / 20);
    std::vector<float> input(silence + sentence.size());
    for (std::size_t i = 0; i < input.size(); ++i) input[i] = static_cast<float>(level) * noise[i % noise.size()];
    for (std::size_t i = 0; i < sentence.size(); ++i) input[silence + i] += sentence[i];
    const std::vector<float> output = enhance(input);

    const std::size_t count = std::min(static_cast<std::size_t>(onset_s * rate_hz), sentence.size());
    return speech_gain_db(sentence.first(count), std::span(output).subspan(silence, count));
}

struct Row {
    double si_sdr, si_sdr_gain, segmental, segmental_gain, stoi, stoi_gain, speech_gain_db;
    double high_level, high_distance, noisy_high_distance = undefined;
};

Row row_of(const Trio& trio, int rate_hz) {
    const Stoi intelligibility(trio.clean, rate_hz);
    const HighBand high = high_band(trio.clean, trio.enhanced, rate_hz);
    Row row{si_sdr_db(trio.clean, trio.enhanced),
            undefined,
            segmental_snr_db(trio.clean, trio.enhanced, rate_hz),
            undefined,
            intelligibility.of(trio.enhanced),
            undefined,
            speech_gain_db(trio.clean, trio.enhanced),
            high.level,
            high.distance};
    if (!trio.noisy.empty()) {
        row.si_sdr_gain = row.si_sdr - si_sdr_db(trio.clean, trio.noisy);
        row.segmental_gain = row.segmental - segmental_snr_db(trio.clean, trio.noisy, rate_hz);
        row.stoi_gain = row.stoi - intelligibility.of(trio.noisy);
        row.noisy_high_distance = high_band(trio.clean, trio.noisy, rate_hz).distance;
    }
    return row;
}

QualityScores summary(const std::vector<Row>& rows) {
    const auto mean = [&](double Row::*field) {
        std::vector<double> values;
        for (const Row& row : rows) values.push_back(row.*field);
        return mean_interval(values);
    };
    QualityScores scores{mean(&Row::si_sdr),         mean(&Row::si_sdr_gain), mean(&Row::segmental),
                         mean(&Row::segmental_gain), mean(&Row::stoi),        mean(&Row::stoi_gain)};
    const auto share = [&](const auto& is) {
        return rows.empty() ? 0.0
                            : static_cast<double>(std::ranges::count_if(rows, is)) / static_cast<double>(rows.size());
    };
    scores.high_level_db = mean(&Row::high_level);
    scores.high_distance_db = mean(&Row::high_distance);
    scores.noisy_high_distance_db = mean(&Row::noisy_high_distance);
    scores.stoi_falls = share([](const Row& row) { return row.stoi_gain < -0.01; });
    scores.speech_muted = share([](const Row& row) { return row.speech_gain_db < muted_db; });
    return scores;
}

}  // namespace

Enhancer preset_enhancer(const Preset& preset, int rate_hz) {
    const auto shared = std::make_shared<const Preset>(preset);
    const PlayableNetwork network = playable(preset);
    Denoiser(shared, network, rate_hz);  // throws if the preset can't be played
    return [=](std::span<const float> samples) {
        Denoiser denoiser(shared, network, rate_hz);
        const auto latency = static_cast<std::size_t>(denoiser.latency());
        std::vector<float> output(samples.begin(), samples.end());
        output.resize(samples.size() + latency);
        denoiser.process(output, output);
        output.erase(output.begin(), output.begin() + static_cast<std::ptrdiff_t>(latency));
        return output;
    };
}

Enhancer float_enhancer(const FloatNetwork& network, const DenoiserConfig& config, int rate_hz) {
    if (network.input_size() != config.features() || network.output_size() != config.outputs())
        throw std::invalid_argument("denoiser: network " + std::to_string(network.input_size()) + " -> " +
                                    std::to_string(network.output_size()) + ", needed for " +
                                    std::to_string(config.bands) + " bands: " + std::to_string(config.features()) +
                                    " -> " + std::to_string(config.outputs()));
    return [=](std::span<const float> samples) {
        DenoiserBands bands(config, rate_hz);
        const PlayedGains played(config, bands, rate_hz);
        // Two more steps complete the last samples, once those of the look-ahead are heard.
        std::vector<float> padded(samples.begin(), samples.end());
        padded.resize(samples.size() +
                      static_cast<std::size_t>(bands.hop() * (2 * config.net_every + config.look_ahead)));
        const DenoiseFrames frames = make_frames(bands, config, padded);
        std::vector<float> output = enhance(bands, frames, played(network.forward(frames.features)));
        output.resize(samples.size());
        return output;
    };
}

QualityScores quality_of(int count, const std::function<Trio(int)>& read, int rate_hz, int jobs) {
    std::vector<Row> rows(static_cast<std::size_t>(count));
    parallel_for(jobs, count, [&](int i) { rows[static_cast<std::size_t>(i)] = row_of(read(i), rate_hz); });
    return summary(rows);
}

DenoiseReport test_denoiser(const NoisySpeech& data, Split split, int count, const std::vector<float>& snrs_db,
                            double seconds, const Enhancer& enhance, int jobs) {
    const auto size = static_cast<std::size_t>(count);
    std::vector<Row> rows(size);
    std::vector<double> attenuation(size), clean(size), onset(size, undefined);
    parallel_for(jobs, count, [&](int index) {
        const auto i = static_cast<std::size_t>(index);
        const Mixture mixture = fixed_mixture(data, split, index, snrs_db, seconds);
        rows[i] = row_of({mixture.clean, mixture.noisy, enhance(mixture.noisy)}, data.rate_hz);
        std::vector<float> noise(mixture.noisy.size());
        for (std::size_t k = 0; k < noise.size(); ++k) noise[k] = mixture.noisy[k] - mixture.clean[k];
        attenuation[i] = attenuation_db(noise, enhance(noise), data.rate_hz);
        clean[i] = si_sdr_db(mixture.clean, enhance(mixture.clean));
        if (index % 4 == 0) onset[i] = onset_gain_db(mixture, enhance, data.rate_hz);
    });

    DenoiseReport report;
    report.all = summary(rows);
    for (std::size_t s = 0; s < snrs_db.size(); ++s) {
        std::vector<Row> at_snr;
        for (std::size_t i = s; i < size; i += snrs_db.size()) at_snr.push_back(rows[i]);
        report.by_snr.push_back({snrs_db[s], summary(at_snr)});
    }
    report.clean_si_sdr_db = mean_interval(clean);
    report.onset_gain_db = mean_interval(onset);
    const auto surviving = std::count_if(onset.begin(), onset.end(), [](double gain) { return gain > surviving_db; });
    report.onsets_surviving = report.onset_gain_db.n > 0 ? static_cast<double>(surviving) / report.onset_gain_db.n : 0;
    if (!attenuation.empty()) {
        std::sort(attenuation.begin(), attenuation.end());
        report.noise_attenuation_median_db = attenuation[size / 2];
        report.noise_attenuation_weakest_quarter_db = attenuation[size / 4];
    }
    return report;
}

}  // namespace gruve

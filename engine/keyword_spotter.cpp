#include "engine/keyword_spotter.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/flush_denormals.h"
#include "engine/front_end/frame_buffer.h"
#include "engine/front_end/log_mel.h"

namespace gruve {
namespace {

const Preset& checked(const std::shared_ptr<const Preset>& preset, const std::shared_ptr<const Network>& network) {
    const auto refuse = [](const std::string& what) { throw std::invalid_argument("keyword spotter: " + what); };
    if (!preset || !network) refuse("preset or network missing");
    if (preset->kind != TaskKind::keywords) refuse(preset->name + " is not a keyword preset");
    const auto labels = preset->labels.size();
    if (network->input_size() != preset->log_mel.bands || network->output_size() != static_cast<int>(labels)) {
        refuse(preset->name + ": network " + std::to_string(network->input_size()) + " -> " + std::to_string(network->output_size()) +
               ", needed: " + std::to_string(preset->log_mel.bands) + " bands -> " + std::to_string(labels) + " labels");
    }
    const DetectionConfig& d = preset->detection;
    if (d.threshold.size() != labels) refuse(preset->name + ": " + std::to_string(d.threshold.size()) + " thresholds for " + std::to_string(labels) + " labels");
    for (float seconds : {d.smoothing_s, d.refractory_s, d.warm_up_s}) {
        if (!(seconds >= 0.0f && seconds <= 60.0f)) refuse(preset->name + ": detection time " + std::to_string(seconds) + " s, allowed 0..60");
    }
    return *preset;
}

}  // namespace

void softmax(std::span<const std::int16_t> logits_q, float output_scale, std::span<float> posteriors) noexcept {
    const std::int16_t largest = *std::ranges::max_element(logits_q);
    float sum = 0;
    for (std::size_t i = 0; i < logits_q.size(); ++i) {
        posteriors[i] = std::exp(static_cast<float>(logits_q[i] - largest) * output_scale);
        sum += posteriors[i];
    }
    for (float& p : posteriors) p /= sum;
}

struct KeywordSpotter::Impl {
    Impl(std::shared_ptr<const Preset> preset, std::shared_ptr<const Network> network_, double rate_hz)
        : network(std::move(network_)), log_mel(checked(preset, network).log_mel, rate_hz), buffer(log_mel.window(), log_mel.hop()),
          state(*network), threshold(preset->detection.threshold) {
        const DetectionConfig& d = preset->detection;
        const double hop_s = log_mel.hop() / rate_hz;
        history_hops = std::max(1L, std::lround(d.smoothing_s / hop_s));
        refractory_hops = std::lround(d.refractory_s / hop_s);
        warm_up_hops = static_cast<long>(std::ceil(d.warm_up_s / hop_s - 1e-6));
        first_label = preset->labels.front() == "other" ? 1 : 0;

        features.resize(static_cast<std::size_t>(log_mel.bands()));
        x_q.resize(features.size());
        logits_q.resize(preset->labels.size());
        history.resize(logits_q.size() * static_cast<std::size_t>(history_hops));
        smoothed.resize(logits_q.size());
        reset();
    }

    void reset() noexcept {
        buffer.reset();
        state.reset();
        hops = 0;
        next_detection = warm_up_hops;
        std::ranges::fill(history, 0.0f);
        std::ranges::fill(smoothed, 0.0f);
    }

    /// The frame in `buffer` → `smoothed`.
    void listen() noexcept {
        log_mel.extract(buffer.frame(), features);
        const InputQuantiser& quantise = network->model().input;
        for (std::size_t i = 0; i < features.size(); ++i) x_q[i] = quantise(features[i]);
        network->step(state, x_q, logits_q);

        const std::size_t labels = logits_q.size();
        const std::size_t place = static_cast<std::size_t>(hops % history_hops);
        softmax(logits_q, network->model().output_scale, std::span(history).subspan(place * labels, labels));
        ++hops;
        // Summed afresh each hop, so that rounding doesn't pile up over days.
        const long filled = static_cast<long>(std::min<std::int64_t>(hops, history_hops));
        std::ranges::fill(smoothed, 0.0f);
        for (std::size_t at = 0; at < static_cast<std::size_t>(filled); ++at) {
            for (std::size_t l = 0; l < labels; ++l) smoothed[l] += history[at * labels + l];
        }
        for (float& p : smoothed) p /= static_cast<float>(filled);
    }

    /// The likeliest label that reaches its threshold, or −1.
    int decide() const noexcept {
        int best = -1;
        for (int l = first_label; l < static_cast<int>(smoothed.size()); ++l) {
            const auto i = static_cast<std::size_t>(l);
            if (smoothed[i] >= threshold[i] && (best < 0 || smoothed[i] > smoothed[static_cast<std::size_t>(best)])) best = l;
        }
        return best;
    }

    std::shared_ptr<const Network> network;
    LogMel log_mel;
    FrameBuffer buffer;
    Network::State state;
    std::vector<float> threshold;
    int first_label = 0;
    long history_hops = 1, refractory_hops = 0, warm_up_hops = 0;

    std::int64_t hops = 0;            // since reset
    std::int64_t next_detection = 0;  // the first hop (counted from 1) that may detect
    std::vector<float> features;
    std::vector<std::int8_t> x_q;
    std::vector<std::int16_t> logits_q;
    std::vector<float> history;  // a ring of the last history_hops posteriors
    std::vector<float> smoothed;
};

KeywordSpotter::KeywordSpotter(std::shared_ptr<const Preset> preset, std::shared_ptr<const Network> network, double rate_hz)
    : impl_(std::make_unique<Impl>(std::move(preset), std::move(network), rate_hz)) {}
KeywordSpotter::~KeywordSpotter() = default;
KeywordSpotter::KeywordSpotter(KeywordSpotter&&) noexcept = default;
KeywordSpotter& KeywordSpotter::operator=(KeywordSpotter&&) noexcept = default;

std::span<const float> KeywordSpotter::posteriors() const noexcept { return impl_->smoothed; }
int KeywordSpotter::hop() const noexcept { return impl_->log_mel.hop(); }
void KeywordSpotter::reset() noexcept { impl_->reset(); }

int KeywordSpotter::process(std::span<const float> input, std::span<Detection> detections) noexcept {
    const FlushDenormals flush;
    Impl& m = *impl_;
    int found = 0;
    while (!input.empty()) {
        input = input.subspan(m.buffer.push(input));
        if (!m.buffer.full()) continue;
        m.listen();
        m.buffer.advance();
        const int label = m.hops >= m.next_detection ? m.decide() : -1;
        if (label < 0) continue;
        m.next_detection = m.hops + m.refractory_hops;
        if (found < static_cast<int>(detections.size())) {
            detections[static_cast<std::size_t>(found++)] = {label, m.smoothed[static_cast<std::size_t>(label)], m.hops * m.log_mel.hop()};
        }
    }
    return found;
}

}  // namespace gruve

#include "engine/keyword_spotter.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/detector.h"
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
    Impl(const std::shared_ptr<const Preset>& preset, std::shared_ptr<const Network> network_, double rate_hz)
        : network(std::move(network_)), log_mel(checked(preset, network).log_mel, rate_hz), buffer(log_mel.window(), log_mel.hop()),
          state(*network), detector(preset->detection, preset->labels, log_mel.hop() / rate_hz), features(static_cast<std::size_t>(log_mel.bands())),
          x_q(features.size()), logits_q(preset->labels.size()), posteriors(logits_q.size()) {}

    void reset() noexcept {
        buffer.reset();
        state.reset();
        detector.reset();
    }

    /// The frame in `buffer` → a label or −1.
    int listen() noexcept {
        log_mel.extract(buffer.frame(), features);
        const InputQuantiser& quantise = network->model().input;
        for (std::size_t i = 0; i < features.size(); ++i) x_q[i] = quantise(features[i]);
        network->step(state, x_q, logits_q);
        softmax(logits_q, network->model().output_scale, posteriors);
        return detector.hear(posteriors);
    }

    std::shared_ptr<const Network> network;
    LogMel log_mel;
    FrameBuffer buffer;
    Network::State state;
    Detector detector;
    std::vector<float> features;
    std::vector<std::int8_t> x_q;
    std::vector<std::int16_t> logits_q;
    std::vector<float> posteriors;
};

KeywordSpotter::KeywordSpotter(std::shared_ptr<const Preset> preset, std::shared_ptr<const Network> network, double rate_hz)
    : impl_(std::make_unique<Impl>(std::move(preset), std::move(network), rate_hz)) {}
KeywordSpotter::~KeywordSpotter() = default;
KeywordSpotter::KeywordSpotter(KeywordSpotter&&) noexcept = default;
KeywordSpotter& KeywordSpotter::operator=(KeywordSpotter&&) noexcept = default;

std::span<const float> KeywordSpotter::posteriors() const noexcept { return impl_->detector.smoothed(); }
int KeywordSpotter::hop() const noexcept { return impl_->log_mel.hop(); }
void KeywordSpotter::reset() noexcept { impl_->reset(); }

int KeywordSpotter::process(std::span<const float> input, std::span<Detection> detections) noexcept {
    const FlushDenormals flush;
    Impl& m = *impl_;
    int found = 0;
    while (!input.empty()) {
        input = input.subspan(m.buffer.push(input));
        if (!m.buffer.full()) continue;
        const int label = m.listen();
        m.buffer.advance();
        if (label >= 0 && found < static_cast<int>(detections.size())) {
            detections[static_cast<std::size_t>(found++)] = {label, m.detector.smoothed()[static_cast<std::size_t>(label)], m.detector.hops() * m.log_mel.hop()};
        }
    }
    return found;
}

}  // namespace gruve

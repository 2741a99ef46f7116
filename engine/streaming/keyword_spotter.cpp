#include "engine/streaming/keyword_spotter.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/front_end/frame_buffer.h"
#include "engine/front_end/log_mel.h"
#include "engine/streaming/detector.h"
#include "engine/streaming/sensitivity.h"
#include "engine/support/elementary.h"
#include "engine/support/flush_denormals.h"

namespace gruve {
namespace {

const Preset& checked(const std::shared_ptr<const Preset>& preset, const PlayableNetwork& network) {
    const auto refuse = [](const std::string& what) { throw std::invalid_argument("keyword spotter: " + what); };
    if (!preset || !holds_network(network)) refuse("preset or network missing");
    if (preset->kind != TaskKind::keywords) refuse(preset->name + " is not a keyword preset");
    const auto labels = preset->labels.size();
    if (input_size(network) != preset->log_mel.bands || output_size(network) != static_cast<int>(labels)) {
        refuse(preset->name + ": network " + std::to_string(input_size(network)) + " -> " +
               std::to_string(output_size(network)) + ", needed: " + std::to_string(preset->log_mel.bands) +
               " bands -> " + std::to_string(labels) + " labels");
    }
    const DetectionConfig& d = preset->detection;
    if (d.threshold.size() != labels)
        refuse(preset->name + ": " + std::to_string(d.threshold.size()) + " thresholds for " + std::to_string(labels) +
               " labels");
    for (const OperatingPoint& point : d.points) {
        if (point.threshold.size() != labels)
            refuse(preset->name + ": an operating point with " + std::to_string(point.threshold.size()) +
                   " thresholds for " + std::to_string(labels) + " labels");
    }
    for (float seconds : {d.smoothing_s, d.refractory_s, d.warm_up_s}) {
        if (!(seconds >= 0.0f && seconds <= 60.0f))
            refuse(preset->name + ": detection time " + std::to_string(seconds) + " s, allowed 0..60");
    }
    return *preset;
}

template <class Number>
void softmax_of(std::span<const Number> logits, float output_scale, std::span<float> posteriors) noexcept {
    const Number largest = *std::ranges::max_element(logits);
    float sum = 0;
    for (std::size_t i = 0; i < logits.size(); ++i) {
        posteriors[i] = elementary::exp(static_cast<float>(logits[i] - largest) * output_scale);
        sum += posteriors[i];
    }
    for (float& p : posteriors) p /= sum;
}

}  // namespace

void softmax(std::span<const std::int16_t> logits_q, float output_scale, std::span<float> posteriors) noexcept {
    softmax_of(logits_q, output_scale, posteriors);
}
void softmax(std::span<const float> logits, float output_scale, std::span<float> posteriors) noexcept {
    softmax_of(logits, output_scale, posteriors);
}

struct KeywordSpotter::Impl {
    Impl(const std::shared_ptr<const Preset>& preset, const PlayableNetwork& playable_network, double rate_hz)
        : log_mel(checked(preset, playable_network).log_mel, rate_hz),
          buffer(log_mel.window(), log_mel.hop()),
          network(stream_of(playable_network)),
          detector(preset->detection, preset->labels, log_mel.hop() / rate_hz),
          features(static_cast<std::size_t>(log_mel.bands())),
          logits(preset->labels.size()),
          posteriors(logits.size()) {}

    void reset() noexcept {
        buffer.reset();
        log_mel.reset();
        network->reset();
        detector.reset();
    }

    /// Processes the frame in `buffer`: → the detected label or −1.
    int listen() noexcept {
        log_mel.extract(buffer.frame(), features);
        network->step(features, logits);
        softmax(std::span<const float>(logits), network->output_scale(), posteriors);
        return detector.hear(posteriors);
    }

    LogMel log_mel;
    FrameBuffer buffer;
    std::unique_ptr<StreamNetwork> network;
    Detector detector;
    float sensitivity = usual_sensitivity;
    std::vector<float> features, logits, posteriors;
};

KeywordSpotter::KeywordSpotter(const std::shared_ptr<const Preset>& preset, const PlayableNetwork& network,
                               double rate_hz)
    : impl_(std::make_unique<Impl>(preset, network, rate_hz)) {}
KeywordSpotter::~KeywordSpotter() = default;
KeywordSpotter::KeywordSpotter(KeywordSpotter&&) noexcept = default;
KeywordSpotter& KeywordSpotter::operator=(KeywordSpotter&&) noexcept = default;

std::span<const float> KeywordSpotter::posteriors() const noexcept { return impl_->detector.smoothed(); }
int KeywordSpotter::hop() const noexcept { return impl_->log_mel.hop(); }
void KeywordSpotter::reset() noexcept { impl_->reset(); }
float KeywordSpotter::sensitivity() const noexcept { return impl_->sensitivity; }
void KeywordSpotter::set_sensitivity(float sensitivity) noexcept {
    impl_->sensitivity =
        std::isnan(sensitivity) ? usual_sensitivity : std::clamp(sensitivity, least_sensitivity, most_sensitivity);
    impl_->detector.set_sensitivity(impl_->sensitivity);
}

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
            detections[static_cast<std::size_t>(found++)] = {
                label, m.detector.smoothed()[static_cast<std::size_t>(label)], m.detector.hops() * m.log_mel.hop()};
        }
    }
    return found;
}

}  // namespace gruve

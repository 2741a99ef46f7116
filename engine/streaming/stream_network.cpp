#include "engine/streaming/stream_network.h"

#include <algorithm>
#include <stdexcept>

#include "engine/preset/preset.h"

namespace gruve {
namespace {

class IntegerStream final : public StreamNetwork {
public:
    explicit IntegerStream(std::shared_ptr<const Network> network)
        : network_(std::move(network)),
          state_(*network_),
          x_q_(static_cast<std::size_t>(network_->input_size())),
          y_q_(static_cast<std::size_t>(network_->output_size())) {}

    void reset() noexcept override { state_.reset(); }
    void step(std::span<const float> features, std::span<float> outputs) noexcept override {
        network_->model().input(features, x_q_);
        network_->step(state_, x_q_, y_q_);
        std::ranges::copy(y_q_, outputs.begin());
    }
    float output_scale() const noexcept override { return network_->model().output_scale; }

private:
    std::shared_ptr<const Network> network_;
    Network::State state_;
    std::vector<std::int8_t> x_q_;
    std::vector<std::int16_t> y_q_;
};

class FloatStream final : public StreamNetwork {
public:
    explicit FloatStream(std::shared_ptr<const PlayableFloatModel> model) : model_(std::move(model)), state_(*model_) {}

    void reset() noexcept override { state_.reset(); }
    void step(std::span<const float> features, std::span<float> outputs) noexcept override {
        model_->step(state_, features, outputs);
    }
    float output_scale() const noexcept override { return 1.0f; }

private:
    std::shared_ptr<const PlayableFloatModel> model_;
    PlayableFloatModel::State state_;
};

template <class F>
auto of(const PlayableNetwork& network, F f) {
    return std::visit(
        [&](const auto& held) {
            if (!held) throw std::invalid_argument("no network to play");
            return f(held);
        },
        static_cast<const PlayableNetwork::variant&>(network));
}

}  // namespace

PlayableNetwork playable(const Preset& preset) {
    PlayableNetwork network;
    if (preset.is_float())
        network = std::make_shared<const PlayableFloatModel>(preset.float_model);
    else
        network = std::make_shared<const Network>(preset.model);
    if (const Preset* first = preset.first_stage())
        network.first_stage = std::make_shared<const PlayableNetwork>(playable(*first));
    return network;
}

bool holds_network(const PlayableNetwork& network) {
    return std::visit([](const auto& held) { return held != nullptr; },
                      static_cast<const PlayableNetwork::variant&>(network));
}
int input_size(const PlayableNetwork& network) {
    return of(network, [](const auto& held) { return held->input_size(); });
}
int output_size(const PlayableNetwork& network) {
    return of(network, [](const auto& held) { return held->output_size(); });
}

std::unique_ptr<StreamNetwork> stream_of(const PlayableNetwork& network) {
    struct Make {
        std::unique_ptr<StreamNetwork> operator()(const std::shared_ptr<const Network>& held) const {
            return std::make_unique<IntegerStream>(held);
        }
        std::unique_ptr<StreamNetwork> operator()(const std::shared_ptr<const PlayableFloatModel>& held) const {
            return std::make_unique<FloatStream>(held);
        }
    };
    return of(network, Make{});
}

}  // namespace gruve

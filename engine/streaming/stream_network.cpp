#include "engine/streaming/stream_network.h"

#include <algorithm>
#include <cmath>
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

float sigmoid(float x) { return 1.0f / (1.0f + std::exp(-x)); }

/// y = weight x + bias. The matrix is stored column by column.
void affine(const std::vector<float>& weight, const std::vector<float>& bias, std::span<const float> x,
            std::span<float> y) noexcept {
    std::ranges::copy(bias, y.begin());
    const float* column = weight.data();
    for (const float value : x) {
        for (float& sum : y) sum += value * *column++;
    }
}

class FloatStream final : public StreamNetwork {
public:
    explicit FloatStream(std::shared_ptr<const FloatModel> model) : model_(std::move(model)) {
        for (const auto& layer : model_->layers) {
            if (const auto* gru = std::get_if<FloatModel::Gru>(&layer))
                values_.emplace_back(static_cast<std::size_t>(gru->hidden_size));
            else
                values_.emplace_back(static_cast<std::size_t>(std::get<FloatModel::Dense>(layer).output_size));
            of_input_.resize(std::max(of_input_.size(), 3 * values_.back().size()));
        }
        of_state_.resize(of_input_.size());
    }

    void reset() noexcept override {
        for (auto& values : values_) std::ranges::fill(values, 0.0f);
    }
    void step(std::span<const float> features, std::span<float> outputs) noexcept override {
        std::span<const float> x = features;
        for (std::size_t i = 0; i < values_.size(); ++i) {
            if (const auto* gru = std::get_if<FloatModel::Gru>(&model_->layers[i]))
                run(*gru, x, values_[i]);
            else
                run(std::get<FloatModel::Dense>(model_->layers[i]), x, values_[i]);
            x = values_[i];
        }
        std::ranges::copy(x, outputs.begin());
    }
    float output_scale() const noexcept override { return 1.0f; }

private:
    static void run(const FloatModel::Dense& dense, std::span<const float> x, std::span<float> y) noexcept {
        affine(dense.weight, dense.bias, x, y);
        if (dense.activation == Activation::sigmoid) std::ranges::transform(y, y.begin(), sigmoid);
        if (dense.activation == Activation::tanh)
            std::ranges::transform(y, y.begin(), [](float v) { return std::tanh(v); });
    }
    /// r = σ(ir + hr), z = σ(iz + hz), n = tanh(in + r·hn), h' = (1 − z)·n + z·h
    void run(const FloatModel::Gru& gru, std::span<const float> x, std::span<float> h) noexcept {
        const std::size_t size = h.size();
        const std::span i = std::span(of_input_).first(3 * size), s = std::span(of_state_).first(3 * size);
        affine(gru.weight_ih, gru.bias_ih, x, i);
        affine(gru.weight_hh, gru.bias_hh, h, s);
        for (std::size_t k = 0; k < size; ++k) {
            const float r = sigmoid(i[k] + s[k]), z = sigmoid(i[size + k] + s[size + k]),
                        n = std::tanh(i[2 * size + k] + r * s[2 * size + k]);
            h[k] = (1.0f - z) * n + z * h[k];
        }
    }

    std::shared_ptr<const FloatModel> model_;
    std::vector<std::vector<float>> values_;  // each layer's outputs; a GRU's are its state
    std::vector<float> of_input_, of_state_;  // a GRU's pre-activations
};

template <class F>
auto of(const PlayableNetwork& network, F f) {
    return std::visit(
        [&](const auto& held) {
            if (!held) throw std::invalid_argument("no network to play");
            return f(held);
        },
        network);
}

}  // namespace

PlayableNetwork playable(const Preset& preset) {
    if (preset.is_float()) return std::make_shared<const FloatModel>(preset.float_model);
    return std::make_shared<const Network>(preset.model);
}

bool holds_network(const PlayableNetwork& network) {
    return std::visit([](const auto& held) { return held != nullptr; }, network);
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
        std::unique_ptr<StreamNetwork> operator()(const std::shared_ptr<const FloatModel>& held) const {
            return std::make_unique<FloatStream>(held);
        }
    };
    return of(network, Make{});
}

}  // namespace gruve

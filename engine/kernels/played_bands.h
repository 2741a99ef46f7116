// A network of bands laid out for a vector kernel, and its state: the kernel's steps over all bands, layer by layer.
// The addresses that a step needs are worked out once, with the state.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "engine/kernels/layout.h"

namespace gruve::kernels {

/// Values of all bands that start at cache lines, in whole blocks.
constexpr int whole_lines(int count) { return (count + 63) / 64 * 64; }

/// Activations of all bands. Bands of few channels share the planes of a buffer, since far fewer cache lines and pages
/// are touched then.
class BandActivations {
public:
    BandActivations() = default;
    BandActivations(int bands, int channels) {
        // Form::compact may write half a block beyond the last whole one.
        const int stride = whole_lines(channels + 32), in_buffer = activation_plane / stride;
        constexpr std::ptrdiff_t buffer = std::ptrdiff_t{activation_planes} * activation_plane;
        memory_ = Aligned<std::uint8_t>(static_cast<std::size_t>((bands + in_buffer - 1) / in_buffer * buffer));
        for (int band = 0; band < bands; ++band)
            bands_.push_back(memory_.data() + band / in_buffer * buffer + band % in_buffer * stride);
    }
    std::uint8_t* operator[](int band) const { return bands_[static_cast<std::size_t>(band)]; }

private:
    Aligned<std::uint8_t> memory_;
    std::vector<std::uint8_t*> bands_;
};

/// Immutable.
class PlayedBands {
public:
    /// Null if the kernel has no layout, or might not be exact for some layer. compact: GRU layers are packed.
    static std::unique_ptr<const PlayedBands> make(const Model& model, const Kernel& kernel, bool compact) {
        std::unique_ptr<PlayedBands> made(new PlayedBands(model, kernel));
        for (const Layer& layer : model.layers)
            if (!made->add(layer, compact)) return nullptr;
        return made;
    }

    std::size_t bytes() const {
        std::size_t sum = 0;
        for (const Played& layer : layers_) {
            if (const auto* dense = std::get_if<LaidOut<DensePlan>>(&layer)) sum += dense->bytes();
            if (const auto* gru = std::get_if<LaidOut<GruPlan>>(&layer)) sum += gru->bytes();
            if (const auto* both = std::get_if<OverBands>(&layer))
                sum += both->forward.bytes() + both->backward.bytes();
        }
        return sum;
    }

    /// Memory of one stream.
    class State;

    /// One step in a network's order of inputs and outputs. y_q: null if outputs are not wanted. Real-time safe.
    void step(State& state, const std::int8_t* x_q, std::int16_t* y_q) const noexcept;

private:
    struct OverBands {
        LaidOut<GruPlan> forward, backward;
    };
    using Played = std::variant<LaidOut<DensePlan>, LaidOut<GruPlan>, OverBands>;

    PlayedBands(const Model& model, const Kernel& kernel)
        : kernel_(kernel),
          bands_(model.bands),
          inputs_(model.input_size() / model.bands),
          outputs_(model.output_size() / model.bands),
          last_(&model.layers.back()) {}

    // False if the layer cannot be laid out.
    bool add(const Layer& layer, bool compact) {
        widest_ = std::max({widest_, gruve::input_size(layer), gruve::output_size(layer)});
        if (const auto* over_bands = std::get_if<BandGruLayer>(&layer)) {
            auto forward = lay_out(over_bands->forward, kernel_, compact),
                 backward = lay_out(over_bands->backward, kernel_, compact);
            if (!forward || !backward) return false;
            layers_.emplace_back(OverBands{std::move(*forward), std::move(*backward)});
        } else if (const auto* gru = std::get_if<GruLayer>(&layer)) {
            auto made = lay_out(*gru, kernel_, compact);
            if (!made) return false;
            layers_.emplace_back(std::move(*made));
        } else {
            const auto& dense = std::get<DenseLayer>(layer);
            auto made = lay_out(dense, kernel_,
                                &layer == last_ ? OnPath::none
                                : dense.adds    ? OnPath::adds
                                                : OnPath::starts);
            if (!made) return false;
            layers_.emplace_back(std::move(*made));
        }
        return true;
    }

    void step_over_bands(const OverBands&, State&, std::size_t layer) const noexcept;

    const Kernel& kernel_;
    int bands_, inputs_, outputs_, widest_ = 1;
    const Layer* last_;  // while layers are added
    std::vector<Played> layers_;
};

class PlayedBands::State {
public:
    explicit State(const PlayedBands& network) : network_(network) {
        const int bands = network.bands_, widest = network.widest_;
        for (BandActivations* made : {&inputs_, &copies_[0], &copies_[1], &both_, &backward_})
            *made = BandActivations(bands, widest);
        const auto line = static_cast<std::size_t>(whole_lines(widest)), all = static_cast<std::size_t>(bands) * line;
        path_ = Aligned<std::int16_t>(all);
        y_ = Aligned<std::int16_t>(all);
        h_[0] = Aligned<std::int16_t>(line);
        h_[1] = Aligned<std::int16_t>(line);
        zero_ = BandActivations(1, widest);
        clear(zero_, 1);
        layers_.resize(network.layers_.size());
        Reads reads{&inputs_, &inputs_};
        for (std::size_t i = 0; i < layers_.size(); ++i) reads = connect(i, reads);
        reset();
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    /// Back to the initial state. Real-time safe.
    void reset() noexcept {
        for (Layer& layer : layers_) {
            std::fill_n(layer.h.data(), layer.h.size(), std::int16_t{0});
            if (layer.h.size() > 0)
                for (const BandActivations& copy : layer.copies) clear(copy, network_.bands_);
        }
        odd_ = 0;
    }

private:
    friend class PlayedBands;

    struct Layer {
        // A GRU over time: the states of all bands. Odd steps read their copies in copies[1] and write copies[0].
        Aligned<std::int16_t> h;
        BandActivations copies[2];
        std::vector<StreamStep> over_time[2];  // in even and in odd steps, as below
        std::vector<BandStep> dense[2];
        std::vector<StreamStep> forward, backward;  // in the order of their steps
    };
    // What a layer reads in even and in odd steps.
    using Reads = std::array<const BandActivations*, 2>;

    void clear(const BandActivations& activations, int bands) const noexcept {
        const std::int8_t zeros[64] = {};
        for (int band = 0; band < bands; ++band)
            for (int i = 0; i < network_.widest_; i += 64)
                network_.kernel_.activate(zeros, std::min(64, whole_lines(network_.widest_) - i),
                                          activations[band] + i);
    }

    // Sets the addresses of a layer. Returns what the next layer reads.
    Reads connect(std::size_t i, const Reads& reads) {
        Layer& layer = layers_[i];
        const int bands = network_.bands_;
        const std::ptrdiff_t line = whole_lines(network_.widest_);
        if (std::holds_alternative<LaidOut<DensePlan>>(network_.layers_[i])) {
            const bool last = i + 1 == layers_.size();
            const BandActivations& next = copies_[next_copies_];
            next_copies_ ^= 1;
            for (const int odd : {0, 1})
                for (int b = 0; b < bands; ++b)
                    layer.dense[odd].push_back({(*reads[static_cast<std::size_t>(odd)])[b], path_.data() + b * line,
                                                last ? y_.data() + b * line : nullptr, last ? nullptr : next[b]});
            return {&next, &next};
        }
        if (std::holds_alternative<LaidOut<GruPlan>>(network_.layers_[i])) {
            layer.h = Aligned<std::int16_t>(path_.size());
            for (BandActivations& copy : layer.copies) copy = BandActivations(bands, network_.widest_);
            for (const int odd : {0, 1})
                for (int b = 0; b < bands; ++b)
                    layer.over_time[odd].push_back(
                        {(*reads[0])[b], layer.copies[odd][b], layer.h.data() + b * line, layer.copies[odd ^ 1][b]});
            return {&layer.copies[1], &layer.copies[0]};
        }
        for (int b = 0; b < bands; ++b) {
            const int back = bands - 1 - b;
            layer.forward.push_back({(*reads[0])[b], b == 0 ? zero_[0] : both_[b - 1], h_[0].data(), both_[b]});
            layer.backward.push_back(
                {(*reads[0])[back], b == 0 ? zero_[0] : backward_[back + 1], h_[1].data(), backward_[back]});
        }
        return {&both_, &both_};
    }

    const PlayedBands& network_;
    std::vector<Layer> layers_;
    BandActivations inputs_, copies_[2];  // copies_: of the path, written by dense layers in turn
    BandActivations both_, backward_;     // outputs of a GRU over bands: of both directions, and of backward alone
    BandActivations zero_;
    Aligned<std::int16_t> path_, y_, h_[2];
    int next_copies_ = 0;  // while addresses are set
    std::size_t odd_ = 0;
};

// Both directions step in turn, since a processor overlaps the two. forward writes whole blocks where backward's
// outputs belong, so that these are moved there at the end.
inline void PlayedBands::step_over_bands(const OverBands& gru, State& state, std::size_t layer) const noexcept {
    const StreamStep *forward = state.layers_[layer].forward.data(), *backward = state.layers_[layer].backward.data();
    for (const auto& h : state.h_) std::fill_n(h.data(), h.size(), std::int16_t{0});
    for (int i = 0; i < bands_; ++i, ++forward, ++backward) {
        kernel_.gru_step(gru.forward.plan(), forward->x, forward->copy, false, forward->h, forward->next_copy);
        kernel_.gru_step(gru.backward.plan(), backward->x, backward->copy, false, backward->h, backward->next_copy);
    }
    const int hidden = gru.forward.plan().blocks.rows, planes = kernel_.activation_xor == 0 ? 1
                                                                : kernel_.pairs_saturate    ? activation_planes
                                                                                            : 2;
    for (int band = 0; band < bands_; ++band)
        for (int plane = 0; plane < planes; ++plane)
            std::memcpy(state.both_[band] + hidden + plane * activation_plane,
                        state.backward_[band] + plane * activation_plane, static_cast<std::size_t>(hidden));
}

inline void PlayedBands::step(State& state, const std::int8_t* x_q, std::int16_t* y_q) const noexcept {
    std::int8_t of_band[activation_plane];
    for (int band = 0; band < bands_; ++band) {
        for (int i = 0; i < inputs_; ++i) of_band[i] = x_q[i * bands_ + band];
        kernel_.activate(of_band, inputs_, state.inputs_[band]);
    }
    for (std::size_t i = 0; i < layers_.size(); ++i) {
        const State::Layer& layer = state.layers_[i];
        if (const auto* dense = std::get_if<LaidOut<DensePlan>>(&layers_[i])) {
            if (i + 1 == layers_.size() && y_q == nullptr) break;
            kernel_.dense_bands(dense->plan(), layer.dense[state.odd_].data(), bands_);
        } else if (const auto* gru = std::get_if<LaidOut<GruPlan>>(&layers_[i])) {
            kernel_.gru_batch(gru->plan(), layer.over_time[state.odd_].data(), bands_);
        } else {
            step_over_bands(std::get<OverBands>(layers_[i]), state, i);
        }
    }
    state.odd_ ^= 1;
    if (y_q == nullptr) return;
    const std::ptrdiff_t line = whole_lines(widest_);
    for (int band = 0; band < bands_; ++band)
        for (int i = 0; i < outputs_; ++i) y_q[i * bands_ + band] = state.y_.data()[band * line + i];
}

}  // namespace gruve::kernels

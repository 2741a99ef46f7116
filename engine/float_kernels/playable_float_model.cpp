#include "engine/float_kernels/playable_float_model.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "engine/float_kernels/plain.h"

namespace gruve {

using float_kernels::block_vectors;
using float_kernels::DensePlan;
using float_kernels::GruPlan;
using kernels::Aligned;

namespace {

template <class... F>
struct Overload : F... {
    using F::operator()...;
};
template <class... F>
Overload(F...) -> Overload<F...>;

int outputs_of(const FloatModel::Layer& layer) {
    return std::visit(Overload{[](const FloatModel::Dense& d) { return d.output_size; },
                               [](const FloatModel::Gru& g) { return g.hidden_size; }},
                      layer);
}

int vectors_of(int rows, int lanes) { return (rows + lanes - 1) / lanes; }

/// Writes columns of a layer for one block after the other.
class Writer {
public:
    Writer(float* to, int lanes, int rows) : to_(to), lanes_(lanes), rows_(rows) {}

    /// Calls write(vectors) for every block.
    template <class Write>
    void blocks(const Write& write) {
        const int all = vectors_of(rows_, lanes_);
        for (int v = 0; v < all; v += block_vectors) {
            first_ = v * lanes_;
            count_ = std::min(block_vectors, all - v) * lanes_;
            write();
        }
    }
    /// This block's rows of a column, 0 beyond the last one.
    void column(const float* values) { sum(values, nullptr); }
    /// The sum of two columns.
    void sum(const float* a, const float* b) {
        for (int row = first_; row < first_ + count_; ++row)
            *to_++ = row < rows_ ? a[row] + (b == nullptr ? 0.0f : b[row]) : 0.0f;
    }

private:
    float* to_;
    int lanes_, rows_, first_ = 0, count_ = 0;
};

std::size_t padded(int rows, int lanes) {
    return static_cast<std::size_t>(lanes == 0 ? rows : vectors_of(rows, lanes) * lanes);
}

Aligned<float> numbers_of(const FloatModel::Gru& gru, int lanes) {
    const int h = gru.hidden_size;
    Aligned<float> numbers(padded(h, lanes) * static_cast<std::size_t>(4 + 3 * (gru.input_size + h)));
    Writer writer(numbers.data(), lanes, h);
    const float *b_i = gru.bias_ih.data(), *b_h = gru.bias_hh.data();
    writer.blocks([&] {
        for (int gate : {0, h}) writer.sum(b_i + gate, b_h + gate);
        writer.column(b_i + 2 * h);
        writer.column(b_h + 2 * h);
        for (const auto& [weights, columns] :
             {std::pair(gru.weight_ih.data(), gru.input_size), std::pair(gru.weight_hh.data(), h)})
            for (int i = 0; i < columns; ++i)
                for (int gate : {0, h, 2 * h}) writer.column(weights + std::ptrdiff_t{i} * 3 * h + gate);
    });
    return numbers;
}

Aligned<float> numbers_of(const FloatModel::Dense& dense, int lanes) {
    const int rows = dense.output_size;
    Aligned<float> numbers(padded(rows, lanes) * static_cast<std::size_t>(1 + dense.input_size));
    Writer writer(numbers.data(), lanes, rows);
    writer.blocks([&] {
        writer.column(dense.bias.data());
        for (int i = 0; i < dense.input_size; ++i) writer.column(dense.weight.data() + std::ptrdiff_t{i} * rows);
    });
    return numbers;
}

}  // namespace

PlayableFloatModel::PlayableFloatModel(const FloatModel& model) : PlayableFloatModel(model, float_kernels::chosen()) {}

PlayableFloatModel::PlayableFloatModel(const FloatModel& model, const float_kernels::Kernel& kernel)
    : kernel_(kernel), input_size_(model.input_size()), output_size_(model.output_size()) {
    if (const std::string error = check(model); !error.empty()) throw std::invalid_argument(error);
    for (const auto& layer : model.layers) layers_.push_back(lay_out(layer));
}

PlayableFloatModel::LaidOut PlayableFloatModel::lay_out(const FloatModel::Layer& layer) const {
    LaidOut made;
    made.outputs = outputs_of(layer);
    const int lanes = kernel_.lanes;
    if (lanes == 0) {
        std::visit([&](const auto& l) { made.layer = l; }, layer);
    } else if (const auto* gru = std::get_if<FloatModel::Gru>(&layer)) {
        made.numbers = numbers_of(*gru, lanes);
        made.layer = GruPlan{gru->input_size, gru->hidden_size, vectors_of(made.outputs, lanes), made.numbers.data()};
    } else {
        const auto& dense = std::get<FloatModel::Dense>(layer);
        made.numbers = numbers_of(dense, lanes);
        made.layer =
            DensePlan{dense.activation, dense.input_size, vectors_of(made.outputs, lanes), made.numbers.data()};
    }
    return made;
}

std::size_t PlayableFloatModel::resident_bytes() const {
    std::size_t bytes = 0;
    for (const LaidOut& laid_out : layers_)
        bytes += std::visit(Overload{[](const FloatModel::Gru& g) { return FloatModel{{g}}.parameter_bytes(); },
                                     [](const FloatModel::Dense& d) { return FloatModel{{d}}.parameter_bytes(); },
                                     [&](const auto&) { return laid_out.numbers.bytes(); }},
                            laid_out.layer);
    return bytes;
}

PlayableFloatModel::State::State(const PlayableFloatModel& model) : layers_(model.layers_.size()) {
    for (std::size_t i = 0; i < layers_.size(); ++i) {
        const LaidOut& laid_out = model.layers_[i];
        const std::size_t size = padded(laid_out.outputs, model.kernel_.lanes);
        layers_[i].values[0] = Aligned<float>(size);
        if (std::holds_alternative<GruPlan>(laid_out.layer)) layers_[i].values[1] = Aligned<float>(size);
        if (std::holds_alternative<FloatModel::Gru>(laid_out.layer))
            scratch_.resize(std::max(scratch_.size(), 6 * size));
    }
}

void PlayableFloatModel::State::reset() noexcept {
    for (Layer& layer : layers_)
        for (auto& values : layer.values) std::fill_n(values.data(), values.size(), 0.0f);
}

void PlayableFloatModel::step(State& state, std::span<const float> features, std::span<float> y) const noexcept {
    std::span<const float> x = features;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
        auto& [values, current] = state.layers_[i];
        const auto outputs = static_cast<std::size_t>(layers_[i].outputs);
        const auto& layer = layers_[i].layer;
        if (const auto* gru = std::get_if<GruPlan>(&layer)) {
            kernel_.gru_step(*gru, x.data(), values[current].data(), values[current ^ 1].data());
            current ^= 1;
        } else if (const auto* dense = std::get_if<DensePlan>(&layer)) {
            kernel_.dense_step(*dense, x.data(), values[0].data());
        } else if (const auto* plain_gru = std::get_if<FloatModel::Gru>(&layer)) {
            float_kernels::plain_step(*plain_gru, x, {values[0].data(), outputs}, state.scratch_);
        } else {
            float_kernels::plain_step(std::get<FloatModel::Dense>(layer), x, {values[0].data(), outputs});
        }
        x = {values[current].data(), outputs};
    }
    std::ranges::copy(x, y.begin());
}

}  // namespace gruve

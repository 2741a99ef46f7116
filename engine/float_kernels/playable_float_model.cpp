#include "engine/float_kernels/playable_float_model.h"

#include <algorithm>
#include <functional>
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

/// The layer with all of its biases in band `band`.
FloatModel::Dense in_band(FloatModel::Dense dense, int band) {
    const auto first = dense.by_band.begin() + std::ptrdiff_t{band} * dense.output_size;
    std::transform(dense.bias.begin(), dense.bias.end(), first, dense.bias.begin(), std::plus<>());
    dense.by_band.clear();
    return dense;
}

const FloatModel& checked(const FloatModel& model) {
    if (const std::string error = check(model); !error.empty()) throw std::invalid_argument(error);
    return model;
}

}  // namespace

PlayableFloatModel::PlayableFloatModel(const FloatModel& model) : PlayableFloatModel(model, float_kernels::chosen()) {}

PlayableFloatModel::PlayableFloatModel(const FloatModel& model, const float_kernels::Kernel& kernel)
    : kernel_(kernel),
      input_size_(checked(model).input_size()),
      output_size_(model.output_size()),
      bands_(model.bands) {
    for (const auto& layer : model.layers) layers_.push_back(lay_out(layer));
}

PlayableFloatModel::LaidOut PlayableFloatModel::lay_out(const FloatModel::Layer& layer) const {
    LaidOut made;
    made.outputs = gruve::output_size(layer);
    const int lanes = kernel_.lanes, vectors = lanes == 0 ? 0 : vectors_of(made.outputs, lanes);
    const auto fill = [&](const auto& l, auto plan) {
        if (lanes == 0) {
            made.layer = l;
        } else {
            made.numbers = numbers_of(l, lanes);
            plan.numbers = made.numbers.data();
            made.layer = plan;
        }
    };
    if (const auto* over_bands = std::get_if<FloatModel::BandGru>(&layer)) {
        made.over_bands = true;
        made.parts.push_back(lay_out(over_bands->forward));
        made.parts.push_back(lay_out(over_bands->backward));
    } else if (const auto* gru = std::get_if<FloatModel::Gru>(&layer)) {
        fill(*gru, GruPlan{gru->input_size, gru->hidden_size, vectors, nullptr});
    } else {
        const auto& dense = std::get<FloatModel::Dense>(layer);
        made.is_dense = true;
        made.adds = dense.adds;
        if (dense.by_band.empty())
            fill(dense, DensePlan{dense.activation, dense.input_size, vectors, nullptr});
        else
            for (int band = 0; band < bands_; ++band) made.parts.push_back(lay_out(in_band(dense, band)));
    }
    return made;
}

std::size_t PlayableFloatModel::bytes_of(const LaidOut& laid_out) const {
    if (laid_out.parts.empty())
        return std::visit(Overload{[](const FloatModel::Gru& g) { return FloatModel{{g}}.parameter_bytes(); },
                                   [](const FloatModel::Dense& d) { return FloatModel{{d}}.parameter_bytes(); },
                                   [&](const auto&) { return laid_out.numbers.bytes(); }},
                          laid_out.layer);
    std::size_t bytes = 0;
    for (const LaidOut& part : laid_out.parts) bytes += bytes_of(part);
    return bytes;
}

std::size_t PlayableFloatModel::resident_bytes() const {
    std::size_t bytes = 0;
    for (const LaidOut& laid_out : layers_) bytes += bytes_of(laid_out);
    return bytes;
}

std::size_t PlayableFloatModel::stride_of(const LaidOut& laid_out) const {
    return padded(laid_out.outputs, kernel_.lanes);
}

PlayableFloatModel::State::State(const PlayableFloatModel& model) : layers_(model.layers_.size()) {
    const auto bands = static_cast<std::size_t>(model.bands_);
    for (std::size_t i = 0; i < layers_.size(); ++i) {
        const LaidOut& laid_out = model.layers_[i];
        const std::size_t size = model.stride_of(laid_out);
        layers_[i].values[0] = Aligned<float>(bands * size);
        if (laid_out.over_bands)
            layers_[i].values[1] = Aligned<float>(2 * model.stride_of(laid_out.parts[0]));
        else if (!laid_out.is_dense)
            layers_[i].values[1] = Aligned<float>(bands * size);
        if (!laid_out.is_dense) scratch_.resize(std::max(scratch_.size(), 6 * size));
    }
    if (bands > 1) features_.resize(static_cast<std::size_t>(model.input_size_));
}

void PlayableFloatModel::State::reset() noexcept {
    for (Layer& layer : layers_)
        for (auto& values : layer.values) std::fill_n(values.data(), values.size(), 0.0f);
}

void PlayableFloatModel::dense_step(const LaidOut& laid_out, const float* x, float* y) const noexcept {
    if (const auto* plan = std::get_if<DensePlan>(&laid_out.layer)) return kernel_.dense_step(*plan, x, y);
    const auto& dense = std::get<FloatModel::Dense>(laid_out.layer);
    float_kernels::plain_step(dense, {x, static_cast<std::size_t>(dense.input_size)},
                              {y, static_cast<std::size_t>(dense.output_size)});
}

void PlayableFloatModel::gru_step(const LaidOut& laid_out, const float* x, const float* h, float* next_h,
                                  State& state) const noexcept {
    if (const auto* plan = std::get_if<GruPlan>(&laid_out.layer)) return kernel_.gru_step(*plan, x, h, next_h);
    const auto& gru = std::get<FloatModel::Gru>(laid_out.layer);
    std::copy_n(h, gru.hidden_size, next_h);
    float_kernels::plain_step(gru, {x, static_cast<std::size_t>(gru.input_size)},
                              {next_h, static_cast<std::size_t>(gru.hidden_size)}, state.scratch_);
}

PlayableFloatModel::Values PlayableFloatModel::step_dense(const LaidOut& laid_out, State::Layer& memory, Values x,
                                                          float*& path) const noexcept {
    const std::size_t stride = stride_of(laid_out);
    float* y = memory.values[0].data();
    for (int band = 0; band < bands_; ++band)
        dense_step(laid_out.parts.empty() ? laid_out : laid_out.parts[static_cast<std::size_t>(band)], x.of(band),
                   y + static_cast<std::size_t>(band) * stride);
    if (laid_out.adds)
        std::transform(path, path + static_cast<std::size_t>(bands_) * stride, y, path, std::plus<>());
    else
        path = y;
    return {path, stride};
}

PlayableFloatModel::Values PlayableFloatModel::step_over_time(const LaidOut& laid_out, State& state,
                                                              State::Layer& memory, Values x) const noexcept {
    const std::size_t stride = stride_of(laid_out);
    const float* h = memory.values[memory.current].data();
    memory.current ^= 1;
    float* next = memory.values[memory.current].data();
    for (int band = 0; band < bands_; ++band) {
        const std::size_t at = static_cast<std::size_t>(band) * stride;
        gru_step(laid_out, x.of(band), h + at, next + at, state);
    }
    return {next, stride};
}

PlayableFloatModel::Values PlayableFloatModel::step_over_bands(const LaidOut& laid_out, State& state,
                                                               State::Layer& memory, Values x) const noexcept {
    const std::size_t stride = stride_of(laid_out);
    float* states[] = {memory.values[1].data(), memory.values[1].data() + memory.values[1].size() / 2};
    int first = 0;  // of the direction's outputs within a band's
    for (const LaidOut& direction : laid_out.parts) {
        std::fill_n(memory.values[1].data(), memory.values[1].size(), 0.0f);
        for (int i = 0; i < bands_; ++i) {
            const int band = first == 0 ? i : bands_ - 1 - i;
            gru_step(direction, x.of(band), states[0], states[1], state);
            std::swap(states[0], states[1]);
            std::copy_n(states[0], direction.outputs,
                        memory.values[0].data() + static_cast<std::size_t>(band) * stride + first);
        }
        first = direction.outputs;
    }
    return {memory.values[0].data(), stride};
}

void PlayableFloatModel::step(State& state, std::span<const float> features, std::span<float> y) const noexcept {
    const int inputs = input_size_ / bands_, outputs = layers_.back().outputs;
    Values x{features.data(), static_cast<std::size_t>(inputs)};
    if (bands_ > 1) {
        float* to = state.features_.data();
        for (int band = 0; band < bands_; ++band)
            for (int i = 0; i < inputs; ++i) *to++ = features[static_cast<std::size_t>(i * bands_ + band)];
        x.start = state.features_.data();
    }
    float* path = nullptr;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
        if (layers_[i].is_dense)
            x = step_dense(layers_[i], state.layers_[i], x, path);
        else if (layers_[i].over_bands)
            x = step_over_bands(layers_[i], state, state.layers_[i], x);
        else
            x = step_over_time(layers_[i], state, state.layers_[i], x);
    }
    for (int band = 0; band < bands_; ++band)
        for (int i = 0; i < outputs; ++i) y[static_cast<std::size_t>(i * bands_ + band)] = x.of(band)[i];
}

}  // namespace gruve

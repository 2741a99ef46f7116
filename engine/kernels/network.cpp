#include "engine/kernels/network.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <variant>

#include "engine/kernels/layout.h"
#include "engine/kernels/played_bands.h"
#include "engine/model/check_model.h"
#include "engine/model/reference.h"

namespace gruve {

using kernels::Aligned;
using kernels::DensePlan;
using kernels::GruPlan;
using kernels::Kernel;
using kernels::LaidOut;

namespace {

// A layer that no vector kernel runs. The reference runs it as a model of this layer alone.
struct ReferenceLayer {
    Model model;
};

using PlayedLayer = std::variant<LaidOut<GruPlan>, LaidOut<DensePlan>, ReferenceLayer>;

#if defined(__wasm__)
constexpr bool has_packed_form = false;  // see wasm128.cpp
#else
constexpr bool has_packed_form = true;
#endif

// A layer of a chain.
PlayedLayer lay_out(const Layer& layer, const Kernel& kernel, Resident resident) {
    const auto made = [&](const auto& l) -> PlayedLayer {
        const bool compact = resident == Resident::compact && has_packed_form;
        if (auto laid_out = kernels::lay_out(l, kernel, compact)) return std::move(*laid_out);
        Model alone;
        alone.layers.emplace_back(l);
        return ReferenceLayer{std::move(alone)};
    };
    if (const auto* gru = std::get_if<GruLayer>(&layer)) return made(*gru);
    return made(std::get<DenseLayer>(layer));
}

// Keeps only a layer's shape. Its weights, multipliers, biases and tables are in the kernel's layout.
void drop_numbers(Layer& layer) {
    const auto drop = [](auto&... vectors) { ((vectors = {}), ...); };
    const auto drop_gru = [&](GruLayer& gru) {
        for (Linear* linear : {&gru.ir, &gru.iz, &gru.in, &gru.hr, &gru.hz, &gru.hn})
            drop(linear->weights, linear->multiplier);
        drop(gru.bias_r.values, gru.bias_z.values, gru.bias_n.values, gru.bias_hn.values);
        drop(gru.table_r.values, gru.table_z.values, gru.table_n.values);
    };
    if (auto* gru = std::get_if<GruLayer>(&layer)) {
        drop_gru(*gru);
    } else if (auto* over_bands = std::get_if<BandGruLayer>(&layer)) {
        drop_gru(over_bands->forward);
        drop_gru(over_bands->backward);
    } else {
        auto& dense = std::get<DenseLayer>(layer);
        drop(dense.linear.weights, dense.linear.multiplier, dense.bias.values, dense.by_band.values,
             dense.table.values);
    }
}

// A layer's state from step to step, and its outputs. Sizes are whole blocks.
struct LayerMemory {
    Aligned<std::int16_t> h;  // GRU: the state, in the kernel's order of rows
    // Activations for the next layer. A GRU reads those of the previous step and writes the other ones.
    Aligned<std::uint8_t> outputs[2];
    int current = 0;
    std::optional<ReferenceState> reference;
};

// Begins a GRU layer's next step: swaps the outputs that it reads and those that it writes.
kernels::StreamStep gru_step_of(LayerMemory& memory, const std::uint8_t* x) {
    const std::uint8_t* copy = memory.outputs[memory.current].data();
    memory.current ^= 1;
    return {x, copy, memory.h.data(), memory.outputs[memory.current].data()};
}

// Streams that step together. Their states and a layer's weights should fit L1 together.
constexpr std::size_t most_together = 8;

}  // namespace

struct Network::Impl {
    const Kernel& kernel;
    std::vector<PlayedLayer> layers;  // of a chain
    // A network of bands. If the kernel cannot play some layer, the reference plays all of them.
    std::unique_ptr<const kernels::PlayedBands> bands;
    std::optional<Model> bands_by_reference;
    int inputs = 0, largest = 0;  // largest: most outputs of any layer, rounded up to whole blocks

    std::int8_t activation(std::uint8_t stored) const {
        return static_cast<std::int8_t>(stored ^ kernel.activation_xor);
    }
    // Memory for the activations of any layer, in all planes.
    Aligned<std::uint8_t> activations() const;
    void activate(const std::int8_t* x_q, int count, std::uint8_t* to) const;
    void reset(LayerMemory&) const;
    /// One layer of one stream: x → its outputs as activations. The last layer also writes y. If y is null, a last
    /// layer without state does not run.
    const std::uint8_t* play(std::size_t layer, State::Impl&, const std::uint8_t* x, std::int16_t* y) const noexcept;
    void step(State::Impl&, std::span<const std::int8_t> x_q, std::span<std::int16_t> y_q) const noexcept;
    /// At most most_together states.
    void step_batch(std::span<State> states, const std::int8_t* x_q, std::span<std::int16_t> y_q) const noexcept;
};

struct Network::State::Impl {
    const Network::Impl* network;
    std::vector<LayerMemory> layers;
    Aligned<std::uint8_t> inputs;
    Aligned<std::int16_t> y;
    std::vector<std::int8_t> reference_inputs;
    std::optional<kernels::PlayedBands::State> bands;
    std::optional<ReferenceState> bands_by_reference;
};

Network::Network(Model model, Resident resident) : Network(std::move(model), resident, kernels::chosen()) {}

Network::Network(Model model, Resident resident, const Kernel& kernel) : model_(std::move(model)) {
    if (const std::string error = check(model_); !error.empty()) throw std::invalid_argument(error);
    impl_.reset(new Impl{kernel, {}, {}, {}, model_.input_size(), 0});
    if (model_.bands > 1) {
        if (kernel.block_rows > 0)
            impl_->bands = kernels::PlayedBands::make(model_, kernel, resident == Resident::compact && has_packed_form);
        if (!impl_->bands) impl_->bands_by_reference = model_;
    }
    for (const Layer& layer : model_.layers) {
        if (model_.bands > 1) break;
        impl_->layers.push_back(lay_out(layer, kernel, resident));
        const int block = std::max(kernel.block_rows, 1);
        impl_->largest = std::max(impl_->largest, (gruve::output_size(layer) + block - 1) / block * block);
    }
    if (resident == Resident::compact)
        for (Layer& layer : model_.layers) drop_numbers(layer);
}

Network::~Network() = default;

std::size_t Network::resident_bytes() const {
    struct Bytes {
        std::size_t operator()(const LaidOut<GruPlan>& l) const { return l.bytes(); }
        std::size_t operator()(const LaidOut<DensePlan>& l) const { return l.bytes(); }
        std::size_t operator()(const ReferenceLayer& l) const { return parameter_bytes(l.model).total(); }
    };
    std::size_t sum = 0;
    for (const PlayedLayer& layer : impl_->layers) sum += std::visit(Bytes{}, layer);
    if (impl_->bands) sum += impl_->bands->bytes();
    if (impl_->bands_by_reference) sum += parameter_bytes(*impl_->bands_by_reference).total();
    return sum;
}

std::string Network::isa() const { return impl_->kernel.name; }

int Network::reference_layers() const {
    if (impl_->bands_by_reference) return static_cast<int>(model_.layers.size());
    return static_cast<int>(std::count_if(impl_->layers.begin(), impl_->layers.end(), [](const PlayedLayer& layer) {
        return std::holds_alternative<ReferenceLayer>(layer);
    }));
}

Aligned<std::uint8_t> Network::Impl::activations() const {
    return Aligned<std::uint8_t>(std::size_t{kernels::activation_planes} * kernels::activation_plane);
}

void Network::Impl::activate(const std::int8_t* x_q, int count, std::uint8_t* to) const {
    if (kernel.activate != nullptr)
        kernel.activate(x_q, count, to);
    else
        std::copy_n(x_q, count, reinterpret_cast<std::int8_t*>(to));
}

void Network::Impl::reset(LayerMemory& memory) const {
    std::fill_n(memory.h.data(), memory.h.size(), std::int16_t{0});
    const std::int8_t zeros[64] = {};
    for (auto& outputs : memory.outputs)
        for (int i = 0; outputs.size() > 0 && i < largest; i += 64)
            activate(zeros, std::min(64, largest - i), outputs.data() + i);
    memory.current = 0;
    if (memory.reference) memory.reference->reset();
}

Network::State::State(const Network& network) : impl_(new Impl{network.impl_.get(), {}, {}, {}, {}, {}, {}}) {
    if (const auto& bands = network.impl_->bands) {
        impl_->bands.emplace(*bands);
        return;
    }
    if (const auto& model = network.impl_->bands_by_reference) {
        impl_->bands_by_reference.emplace(*model);
        impl_->y = Aligned<std::int16_t>(static_cast<std::size_t>(network.output_size()));
        return;
    }
    const auto largest = static_cast<std::size_t>(network.impl_->largest);
    impl_->inputs = network.impl_->activations();
    impl_->y = Aligned<std::int16_t>(largest);
    impl_->reference_inputs.resize(std::max(largest, static_cast<std::size_t>(network.input_size())));
    for (const PlayedLayer& layer : network.impl_->layers) {
        LayerMemory& memory = impl_->layers.emplace_back();
        memory.outputs[0] = network.impl_->activations();
        if (std::holds_alternative<LaidOut<GruPlan>>(layer)) {
            memory.h = Aligned<std::int16_t>(largest);
            memory.outputs[1] = network.impl_->activations();
        }
        if (const auto* reference = std::get_if<ReferenceLayer>(&layer)) memory.reference.emplace(reference->model);
    }
    reset();
}

Network::State::~State() = default;
Network::State::State(State&&) noexcept = default;
Network::State& Network::State::operator=(State&&) noexcept = default;

void Network::State::reset() noexcept {
    if (impl_->bands) impl_->bands->reset();
    if (impl_->bands_by_reference) impl_->bands_by_reference->reset();
    for (LayerMemory& memory : impl_->layers) impl_->network->reset(memory);
}

const std::uint8_t* Network::Impl::play(std::size_t layer, State::Impl& state, const std::uint8_t* x,
                                        std::int16_t* y) const noexcept {
    LayerMemory& memory = state.layers[layer];
    const bool last = layer + 1 == layers.size();
    if (const auto* gru = std::get_if<LaidOut<GruPlan>>(&layers[layer])) {
        const kernels::StreamStep step = gru_step_of(memory, x);
        kernel.gru_step(gru->plan(), x, step.copy, memory.current != 0, step.h, step.next_copy);
        if (last && y != nullptr) kernel.outputs(step.next_copy, gru->plan().blocks.rows, y);
        return step.next_copy;
    }
    if (const auto* dense = std::get_if<LaidOut<DensePlan>>(&layers[layer])) {
        if (last && y == nullptr) return nullptr;
        std::uint8_t* next = memory.outputs[0].data();
        kernel.dense_step(dense->plan(), x, state.y.data(), last ? nullptr : next);
        if (last) std::copy_n(state.y.data(), dense->plan().blocks.rows, y);
        return next;
    }
    const Model& model = std::get<ReferenceLayer>(layers[layer]).model;
    const int x_size = model.input_size(), size = model.output_size();
    std::vector<std::int8_t>& s8 = state.reference_inputs;
    std::transform(x, x + x_size, s8.begin(), [this](std::uint8_t v) { return activation(v); });
    reference_step(model, *memory.reference, std::span(s8).first(static_cast<std::size_t>(x_size)),
                   {state.y.data(), static_cast<std::size_t>(size)});
    if (last && y != nullptr) std::copy_n(state.y.data(), size, y);
    std::transform(state.y.data(), state.y.data() + size, s8.begin(),
                   [](std::int16_t v) { return static_cast<std::int8_t>(v); });
    activate(s8.data(), size, memory.outputs[0].data());
    return memory.outputs[0].data();
}

void Network::Impl::step(State::Impl& state, std::span<const std::int8_t> x_q,
                         std::span<std::int16_t> y_q) const noexcept {
    if (bands) return bands->step(*state.bands, x_q.data(), y_q.data());
    if (bands_by_reference) return reference_step(*bands_by_reference, *state.bands_by_reference, x_q, y_q);
    activate(x_q.data(), inputs, state.inputs.data());
    const std::uint8_t* x = state.inputs.data();
    for (std::size_t layer = 0; layer < layers.size(); ++layer) x = play(layer, state, x, y_q.data());
}

// Goes layer by layer, so that the streams share a layer's weights while they are in the cache.
void Network::Impl::step_batch(std::span<State> states, const std::int8_t* x_q,
                               std::span<std::int16_t> y_q) const noexcept {
    const std::size_t count = states.size(), y_size = y_q.size() / count;
    if (bands) {
        for (std::size_t i = 0; i < count; ++i, x_q += inputs)
            bands->step(*states[i].impl_->bands, x_q, y_q.empty() ? nullptr : y_q.data() + i * y_size);
        return;
    }
    if (bands_by_reference) {
        for (std::size_t i = 0; i < count; ++i, x_q += inputs) {
            State::Impl& state = *states[i].impl_;
            step(state, {x_q, static_cast<std::size_t>(inputs)},
                 y_q.empty() ? std::span(state.y.data(), state.y.size()) : y_q.subspan(i * y_size, y_size));
        }
        return;
    }
    const std::uint8_t* x[most_together];
    for (std::size_t i = 0; i < count; ++i, x_q += inputs) {
        activate(x_q, inputs, states[i].impl_->inputs.data());
        x[i] = states[i].impl_->inputs.data();
    }
    for (std::size_t layer = 0; layer < layers.size(); ++layer) {
        const auto y = [&](std::size_t i) { return y_q.empty() ? nullptr : y_q.data() + i * y_size; };
        const auto* gru = std::get_if<LaidOut<GruPlan>>(&layers[layer]);
        if (gru == nullptr || count == 1) {
            for (std::size_t i = 0; i < count; ++i) x[i] = play(layer, *states[i].impl_, x[i], y(i));
            continue;
        }
        kernels::StreamStep steps[most_together];
        for (std::size_t i = 0; i < count; ++i) {
            steps[i] = gru_step_of(states[i].impl_->layers[layer], x[i]);
            x[i] = steps[i].next_copy;
        }
        kernel.gru_batch(gru->plan(), steps, static_cast<int>(count));
        if (layer + 1 == layers.size() && !y_q.empty())
            for (std::size_t i = 0; i < count; ++i) kernel.outputs(x[i], gru->plan().blocks.rows, y(i));
    }
}

void Network::step(State& state, std::span<const std::int8_t> x_q, std::span<std::int16_t> y_q) const noexcept {
    impl_->step(*state.impl_, x_q, y_q);
}

void Network::step_batch(std::span<State> states, std::span<const std::int8_t> x_q,
                         std::span<std::int16_t> y_q) const noexcept {
    const auto inputs = static_cast<std::size_t>(input_size()),
               outputs = y_q.size() / std::max<std::size_t>(1, states.size());
    for (std::size_t i = 0; i < states.size(); i += most_together) {
        const std::size_t count = std::min(most_together, states.size() - i);
        impl_->step_batch(states.subspan(i, count), x_q.data() + i * inputs, y_q.subspan(i * outputs, count * outputs));
    }
}

}  // namespace gruve

// The network as it is played: a Model laid out for the fastest kernels of this machine, and the State of one stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/model/model.h"

namespace gruve {

namespace kernels {
struct Kernel;
}

/// Whether weights stay packed in memory (fewer bytes) or are unpacked for speed.
enum class Resident { fast, compact };

/// Immutable; share one among any number of streams and threads.
class Network {
public:
    /// Throws std::invalid_argument with check()'s sentence for a model that isn't valid, std::runtime_error where GRUVE_ISA names
    /// an instruction set that this machine or build lacks.
    explicit Network(Model model, Resident resident = Resident::fast);
    /// The same on the kernel given (kernels/kernel.h), which must run on this machine.
    Network(Model model, Resident resident, const kernels::Kernel& kernel);
    ~Network();
    Network(const Network&) = delete;
    Network& operator=(const Network&) = delete;

    /// What was given; Resident::compact keeps shapes, scales and widths, but no weights, biases and tables.
    const Model& model() const { return model_; }
    int input_size() const { return model_.input_size(); }
    int output_size() const { return model_.output_size(); }
    /// Bytes that this layout holds in memory to run, state excluded.
    std::size_t resident_bytes() const;
    /// "scalar", "avx2", …
    std::string isa() const;
    /// How many layers are outside the bounds of the vector kernels and go through the reference: the same integers, real-time safe
    /// (nothing is allocated), but tens of times slower. 0 for any calibrated model, except with GRUVE_ISA=scalar.
    int reference_layers() const;

    /// Memory of one stream. Allocates when made, never afterwards.
    class State {
    public:
        explicit State(const Network&);
        ~State();
        State(State&&) noexcept;
        State& operator=(State&&) noexcept;
        void reset() noexcept;

    private:
        friend class Network;
        struct Impl;
        std::unique_ptr<Impl> impl_;
    };

    /// One step: x_q (input_size) → y_q (output_size). Real-time safe.
    void step(State&, std::span<const std::int8_t> x_q, std::span<std::int16_t> y_q) const noexcept;
    /// One step of each of states.size() streams: x_q (batch × input_size) → y_q (batch × output_size). The same integers as step(), sooner.
    /// y_q may be empty where outputs aren't wanted: an output layer that keeps nothing isn't run then. Real-time safe.
    void step_batch(std::span<State> states, std::span<const std::int8_t> x_q,
                    std::span<std::int16_t> y_q) const noexcept;

private:
    Model model_;
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace gruve

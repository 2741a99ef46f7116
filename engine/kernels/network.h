// The network as it is run: a Model laid out for the fastest kernels of this machine, and the State of one stream.
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

/// Whether weights are unpacked for speed or stay packed in memory.
enum class Resident { fast, compact };

/// Immutable. Any number of streams and threads may share one.
class Network {
public:
    /// Throws std::invalid_argument with check()'s sentence if the model is not valid, and std::runtime_error if the
    /// environment variable GRUVE_ISA names an instruction set that this machine or build does not have.
    explicit Network(Model model, Resident resident = Resident::fast);
    /// The same on the given kernel (kernel.h), which must run on this machine.
    Network(Model model, Resident resident, const kernels::Kernel& kernel);
    ~Network();
    Network(const Network&) = delete;
    Network& operator=(const Network&) = delete;

    /// The given model. With Resident::compact only its shapes, scales and widths are left, without weights, biases and
    /// tables.
    const Model& model() const { return model_; }
    int input_size() const { return model_.input_size(); }
    int output_size() const { return model_.output_size(); }
    /// Memory in bytes that the network needs to run, without any state.
    std::size_t resident_bytes() const;
    /// The kernel's name: "scalar", "avx2", …
    std::string isa() const;
    /// The number of layers that exceed the bounds of the vector kernels and run through the reference. Their integers
    /// are the same and they are real-time safe, but tens of times slower. 0 for any calibrated model, except with
    /// GRUVE_ISA=scalar.
    int reference_layers() const;

    /// Memory of one stream. Allocates only when it is made. The Network must outlive it.
    class State {
    public:
        explicit State(const Network&);
        ~State();
        State(State&&) noexcept;
        State& operator=(State&&) noexcept;
        /// Back to the initial state: h = 0. Real-time safe.
        void reset() noexcept;

    private:
        friend class Network;
        struct Impl;
        std::unique_ptr<Impl> impl_;
    };

    /// One step: x_q (input_size) → y_q (output_size). Real-time safe; states of different streams may step in
    /// parallel.
    void step(State&, std::span<const std::int8_t> x_q, std::span<std::int16_t> y_q) const noexcept;
    /// One step of each of states.size() streams: x_q (batch × input_size) → y_q (batch × output_size). Faster than
    /// step() for each of them, with the same integers. If y_q is empty, outputs are not computed: an output layer
    /// without state does not run. Real-time safe.
    void step_batch(std::span<State> states, std::span<const std::int8_t> x_q,
                    std::span<std::int16_t> y_q) const noexcept;

private:
    Model model_;
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace gruve

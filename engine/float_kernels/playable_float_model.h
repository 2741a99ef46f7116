// A float model laid out for a kernel of this machine, and the State of one stream.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "engine/float_kernels/kernel.h"
#include "engine/kernels/aligned.h"
#include "engine/model/float_model.h"

namespace gruve {

/// Immutable. Any number of streams and threads may share one.
class PlayableFloatModel {
public:
    /// Throws std::invalid_argument with check()'s sentence if the model is not valid, and std::runtime_error like
    /// float_kernels::chosen().
    explicit PlayableFloatModel(const FloatModel& model);
    /// The same on the given kernel, which must run on this machine.
    PlayableFloatModel(const FloatModel& model, const float_kernels::Kernel& kernel);

    int input_size() const { return input_size_; }
    int output_size() const { return output_size_; }
    /// Memory in bytes that the model needs to run, without any state.
    std::size_t resident_bytes() const;
    /// The kernel's name.
    std::string isa() const { return kernel_.name; }

    /// Memory of one stream. Allocates only when it is made.
    class State {
    public:
        explicit State(const PlayableFloatModel&);
        /// Back to the initial state: h = 0. Real-time safe.
        void reset() noexcept;

    private:
        friend class PlayableFloatModel;
        struct Layer {
            kernels::Aligned<float> values[2];  // outputs; a GRU reads those of the previous step and writes the other
            int current = 0;
        };
        std::vector<Layer> layers_;  // of a network of bands: all bands' values, one band after the other
        std::vector<float> scratch_, features_;
    };

    /// One step: x (input_size) → y (output_size). Real-time safe; states of different streams may step in parallel.
    void step(State&, std::span<const float> x, std::span<float> y) const noexcept;

private:
    struct LaidOut {
        std::variant<float_kernels::GruPlan, float_kernels::DensePlan, FloatModel::Gru, FloatModel::Dense> layer;
        kernels::Aligned<float> numbers;  // of a plan
        int outputs = 0;
        bool is_dense = false, adds = false, over_bands = false;
        // In place of `layer`: the two directions of a GRU over bands, or a dense layer with the biases of each band.
        std::vector<LaidOut> parts;
    };
    /// What a layer reads: band b's values start at b·stride.
    struct Values {
        const float* start;
        std::size_t stride;
        const float* of(int band) const { return start + static_cast<std::size_t>(band) * stride; }
    };
    LaidOut lay_out(const FloatModel::Layer&) const;
    std::size_t bytes_of(const LaidOut&) const;
    std::size_t stride_of(const LaidOut&) const;
    void dense_step(const LaidOut&, const float* x, float* y) const noexcept;
    void gru_step(const LaidOut&, const float* x, const float* h, float* next_h, State&) const noexcept;
    Values step_dense(const LaidOut&, State::Layer&, Values x, float*& path) const noexcept;
    Values step_over_time(const LaidOut&, State&, State::Layer&, Values x) const noexcept;
    Values step_over_bands(const LaidOut&, State&, State::Layer&, Values x) const noexcept;

    const float_kernels::Kernel& kernel_;
    int input_size_, output_size_, bands_;
    std::vector<LaidOut> layers_;
};

}  // namespace gruve

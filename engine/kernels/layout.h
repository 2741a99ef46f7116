// Lays a layer out for a kernel, once, at load.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "engine/kernels/aligned.h"
#include "engine/kernels/kernel.h"
#include "engine/model.h"

namespace gruve::kernels {

/// Owner of the arrays that a plan points to.
class PlanMemory {
public:
    template <class T>
    T* make(int count) {
        arrays_.emplace_back(static_cast<std::size_t>(count) * sizeof(T));
        return reinterpret_cast<T*>(arrays_.back().data());
    }
    std::size_t bytes() const;
    /// Of the array made last.
    std::int32_t last_bytes() const { return static_cast<std::int32_t>(arrays_.back().bytes()); }

private:
    std::vector<Aligned<std::uint8_t>> arrays_;
};

template <class Plan>
struct LaidOut {
    Plan plan;
    PlanMemory memory;
};

/// Nothing where the layer's numbers could leave the bounds under which the kernel's 32-bit arithmetic is exact (a gate that
/// can reach 2^31 after its shift, say): such a layer goes through the reference. No calibrated model comes near them.
/// compact: Form::compact, unless a bias is too large for it.
std::optional<LaidOut<GruPlan>> lay_out(const GruLayer&, const Kernel&, bool compact);
std::optional<LaidOut<DensePlan>> lay_out(const DenseLayer&, const Kernel&, bool compact);

/// How `rows` rows are cut for the kernel.
BlockPlan blocks_of(int rows, const Kernel&);

/// A product alone, Form::fast.
struct LaidOutProduct {
    MatrixPlan plan;
    BlockPlan blocks;
    const std::uint8_t* weights;
    PlanMemory memory;
};
LaidOutProduct lay_out(const Linear&, const Kernel&);

}  // namespace gruve::kernels

// Lays out a layer for a kernel, once, at load.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <new>
#include <optional>
#include <span>

#include "engine/kernels/aligned.h"
#include "engine/kernels/kernel.h"
#include "engine/model/model.h"

namespace gruve::kernels {

/// Owns a layer's piece of memory: its plan, tables, weights and sums (plan.h). Weights and sums start at cache lines.
template <class Plan>
class LaidOut {
public:
    LaidOut(Plan plan, std::span<const std::uint8_t> tables, std::span<const std::uint8_t> weights,
            std::span<const std::int32_t> sums) {
        const auto line = [](std::size_t bytes) {
            return static_cast<std::int32_t>((bytes + alignment - 1) / alignment * alignment);
        };
        plan.tables_at = sizeof plan;
        plan.weights_at = line(sizeof plan + tables.size());
        plan.sums_at = line(static_cast<std::size_t>(plan.weights_at) + weights.size());
        plan.end = line(static_cast<std::size_t>(plan.sums_at) +
                        std::max(sums.size_bytes(), std::size_t{most_vectors_beyond} * alignment));
        memory_ = Aligned<std::uint8_t>(static_cast<std::size_t>(plan.end));
        new (memory_.data()) Plan(plan);
        std::copy(tables.begin(), tables.end(), memory_.data() + plan.tables_at);
        std::copy(weights.begin(), weights.end(), memory_.data() + plan.weights_at);
        std::memcpy(memory_.data() + plan.sums_at, sums.data(), sums.size_bytes());
    }
    const Plan& plan() const { return *std::launder(reinterpret_cast<const Plan*>(memory_.data())); }
    std::size_t bytes() const { return memory_.bytes(); }

private:
    Aligned<std::uint8_t> memory_;
};

/// Returns nothing if the kernel's 32-bit arithmetic might not be exact, for example because a gate can reach 2^31
/// after its shift. Such a layer runs through the reference. No calibrated model comes near these bounds. compact: use
/// Form::compact, unless a bias is too large for it. The layer must pass check().
std::optional<LaidOut<GruPlan>> lay_out(const GruLayer&, const Kernel&, bool compact);
std::optional<LaidOut<DensePlan>> lay_out(const DenseLayer&, const Kernel&, bool compact);

/// The same for a dense layer of a network of bands, in Form::fast, so that all layers have the path in one order.
std::optional<LaidOut<DensePlan>> lay_out(const DenseLayer&, const Kernel&, OnPath);

/// One product alone, in Form::fast.
struct LaidOutProduct {
    MatrixPlan plan;
    BlockPlan blocks;
    Aligned<std::uint8_t> weights;
};
LaidOutProduct lay_out(const Linear&, const Kernel&);

}  // namespace gruve::kernels

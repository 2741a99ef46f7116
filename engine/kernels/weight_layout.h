// Weights in the order in which products read them: Form::fast (bytes) and Form::compact (codes packed at their
// widths).
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <vector>

#include "engine/kernels/kernel.h"
#include "engine/kernels/plan.h"
#include "engine/model/model.h"

namespace gruve::kernels {

/// The plan of Form::fast weights. Several linears form one product, whose run is the shortest of theirs.
MatrixPlan fast_plan(std::initializer_list<const Linear*>);
/// The plan of Form::compact weights.
MatrixPlan packed_plan(const Linear&, const Kernel&);

/// Products in the order in which a block reads them. The linears of an inner list form one product.
using WeightOrder = std::vector<std::vector<const Linear*>>;
/// Form::fast weights of all blocks. order(V): the products of a block of V dword vectors.
std::vector<std::uint8_t> lay_out_fast(const std::function<WeightOrder(int)>& order, const BlockPlan&, const Kernel&);
/// Form::compact weights of all blocks, each linear a product of its own.
std::vector<std::uint8_t> lay_out_packed(std::span<const Linear* const>, const BlockPlan&, const Kernel&);

}  // namespace gruve::kernels

// The float kernels: one entry for each width of vectors. Tests and benchmarks iterate the list.
//
// They are made to be as fast as a float GRU can be, so that a comparison with the integer networks is fair. Unlike
// integers, their results depend on the processor in the last bits: products are summed in other orders, fused where
// the processor can, and σ and tanh are polynomials.
#pragma once

#include <span>

#include "engine/float_kernels/plan.h"

namespace gruve::float_kernels {

/// One width of vectors. All functions are real-time safe. Vectors of values have room for whole vectors and are
/// aligned as kernels::Aligned aligns them, except x.
struct Kernel {
    const char* name = nullptr;
    bool (*runs_here)() = nullptr;
    int lanes = 0;  // floats in a vector; 0: no layout, every layer runs through plain.h

    /// One GRU step: x (inputs) and h → next_h.
    void (*gru_step)(const GruPlan&, const float* x, const float* h, float* next_h) = nullptr;
    /// y = activation(weight x + bias)
    void (*dense_step)(const DensePlan&, const float* x, float* y) = nullptr;
};

/// All kernels of this build, fastest first; the last one is "plain".
std::span<const Kernel* const> all();
/// The first of all() that runs on this machine. If the environment variable GRUVE_ISA names an integer kernel, then
/// the first one whose vectors are no wider than that kernel's. Throws like kernels::chosen().
const Kernel& chosen();

/// Vectors of four floats, which every processor that we build for has; without AVX and FMA.
extern const Kernel four;
extern const Kernel plain;
#if defined(__x86_64__)
extern const Kernel avx2, avx512;
#endif

}  // namespace gruve::float_kernels

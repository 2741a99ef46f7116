// The kernels: one entry for each instruction set. Tests and benchmarks iterate the list; a Network takes the first
// entry that runs on this machine.
#pragma once

#include <climits>
#include <cstdint>
#include <span>
#include <string_view>

#include "engine/kernels/plan.h"

namespace gruve::kernels {

/// How the entries of a byte table lie in memory. In plain order, the entry of index i is at i + 2^(bits−1).
enum class TableOrder : std::uint8_t {
    plain,
    /// For look-ups by 16-byte shuffles. Symmetric tables hold only the indices from 0 on. Each 16-byte row is XORed
    /// with the previous one, except every eighth.
    differences,
};

/// One stream's part of Kernel::gru_batch(): the arguments of gru_step() that differ between streams.
struct StreamStep {
    const std::uint8_t *x, *copy;
    std::int16_t* h;
    std::uint8_t* next_copy;
};

/// One band's part of Kernel::dense_bands(). path holds whole blocks in the order of words; y and next may be null.
struct BandStep {
    const std::uint8_t* x;
    std::int16_t* path;
    std::int16_t* y;
    std::uint8_t* next;
};

/// One instruction set. All functions are real-time safe; their buffers are aligned as Aligned<> aligns them and as
/// long as whole blocks. A buffer of activations has activation_planes planes (plan.h).
struct Kernel {
    const char* name = nullptr;
    bool (*runs_here)() = nullptr;
    int block_rows = 0;  // S of plan.h; 0: the kernel has no layout, every layer runs through the reference
    std::uint8_t activation_xor = 0;  // activations are stored as x_q ^ this: 0x80 makes them unsigned, x_q + 128
    TableOrder table_order = TableOrder::plain;
    bool pairs_saturate = false;   // products of unsigned activations are summed in 16 bits; see MatrixPlan::run
    bool codes_of_8_bits = false;  // packed 8-bit weights are stored as unsigned codes, like the narrower ones
    int vectors_at_once = 0;       // the most dword vectors that one fast product accumulates
    int packed_above = 0;  // Resident::fast keeps layers of 1, 2 and 4 bits packed above this many unpacked bytes

    /// One GRU step. Reads x (input_size) and copy (hidden_size), updates h in the order of words and writes next_copy.
    /// h and next_copy hold whole blocks, as do y, next and sums below.
    /// backwards: walk the blocks backwards, to reuse weights that are still in L1. Callers set it on alternate steps.
    /// The result is the same.
    void (*gru_step)(const GruPlan&, const std::uint8_t* x, const std::uint8_t* copy, bool backwards, std::int16_t* h,
                     std::uint8_t* next_copy) = nullptr;
    /// gru_step() of `count` streams through the same layer.
    void (*gru_batch)(const GruPlan&, const StreamStep* streams, int count) = nullptr;
    /// Writes the outputs to y and, unless next is null, also as activations to next.
    void (*dense_step)(const DensePlan&, const std::uint8_t* x, std::int16_t* y, std::uint8_t* next) = nullptr;
    /// A dense layer of a network of bands, of `count` bands: updates their paths, and writes y and what the next layer
    /// reads. The layer has Form::fast.
    void (*dense_bands)(const DensePlan&, const BandStep* bands, int count) = nullptr;
    /// One product alone, its sums in the order of dwords. Benchmarks compare a whole step with it.
    void (*product)(const MatrixPlan&, const BlockPlan&, const std::uint8_t* weights, const std::uint8_t* x,
                    std::int32_t* sums) = nullptr;
    /// Stores `count` values x_q as activations, in all planes.
    void (*activate)(const std::int8_t* x_q, int count, std::uint8_t* to) = nullptr;
    /// Converts activations to a network's outputs.
    void (*outputs)(const std::uint8_t* activations, int count, std::int16_t* y) = nullptr;
};

/// All kernels of this build, fastest first; the last one is "scalar".
std::span<const Kernel* const> all();
/// The kernel that the environment variable GRUVE_ISA names, else the first of all() that runs on this machine. Throws
/// std::runtime_error if the name is unknown, not in this build, or not supported by this machine.
const Kernel& chosen();

extern const Kernel scalar;
#if defined(__x86_64__)
extern const Kernel avx2, avxvnni, avx512vnni;
#elif defined(__aarch64__)
extern const Kernel neon, neondot;
#endif

}  // namespace gruve::kernels

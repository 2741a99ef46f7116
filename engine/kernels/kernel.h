// One entry per instruction set. Tests and benchmarks iterate the list; a Network picks the first that runs here.
#pragma once

#include <climits>
#include <cstdint>
#include <span>
#include <string_view>

#include "engine/kernels/plan.h"

namespace gruve::kernels {

/// How the entries of a byte table lie in memory, for look-ups without a gather; index i has place i + 2^(bits−1).
enum class TableOrder : std::uint8_t {
    plain,
    differences,  // of symmetric tables from index 0 on; rows of 16 xor the one before, but every 128 entries one as it is
};

/// What a step of one stream reads and writes: see Kernel::gru_step.
struct StreamStep {
    const std::uint8_t *x, *copy;
    std::int16_t* h;
    std::uint8_t* next_copy;
};

struct Kernel {
    const char* name;
    bool (*runs_here)();
    int block_rows;               // S of plan.h; 0: every layer goes through the reference
    std::uint8_t activation_xor;  // activations are stored as x_q ^ this: 0x80 makes them unsigned, x_q + 128
    TableOrder table_order;
    bool pairs_saturate;   // products of unsigned activations are added in 16 bits; see MatrixPlan::run
    bool codes_of_8_bits;  // packed weights of 8 bits are unsigned codes too
    int vectors_at_once;   // the most dword vectors of a fast product
    int packed_above;      // larger layers (in bytes, unpacked) of 1, 2 and 4 bits stay packed in Resident::fast too

    /// One step: x (input_size) and copy (hidden_size) are read, h (in the order of words, S per block) is updated, next_copy
    /// written. y, next and sums below: S per block too. turned: products may be taken in another order, with the same result; where
    /// every other step is, it finds in the nearest cache what the last step has read last.
    void (*gru_step)(const GruPlan&, const std::uint8_t* x, const std::uint8_t* copy, bool turned, std::int16_t* h,
                     std::uint8_t* next_copy);
    /// gru_step() of several streams.
    void (*gru_batch)(const GruPlan&, const StreamStep* streams, int count);
    /// y gets the outputs; next, where not null, the same as activations.
    void (*dense_step)(const DensePlan&, const std::uint8_t* x, std::int16_t* y, std::uint8_t* next);
    /// A product alone, sums in the order of dwords: what the rest of a step is measured against.
    void (*product)(const MatrixPlan&, const BlockPlan&, const std::uint8_t* weights, const std::uint8_t* x,
                    std::int32_t* sums);
    /// x_q as activations, in all planes.
    void (*activate)(const std::int8_t* x_q, int count, std::uint8_t* to);
    /// Activations as a network's outputs.
    void (*outputs)(const std::uint8_t* activations, int count, std::int16_t* y);
};

/// All that this build holds, fastest first; the last one is "scalar".
std::span<const Kernel* const> all();
/// The one that GRUVE_ISA names, else the first of all() that runs here. Throws std::runtime_error where the name is unknown,
/// not in this build, or not possible on this machine.
const Kernel& chosen();

extern const Kernel scalar;
#if defined(__x86_64__)
extern const Kernel avx2, avxvnni, avx512vnni;
#elif defined(__aarch64__)
extern const Kernel neon, neondot;
#endif

}  // namespace gruve::kernels

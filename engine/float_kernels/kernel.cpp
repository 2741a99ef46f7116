#include "engine/float_kernels/kernel.h"

#include <array>
#include <cstdlib>

#include "engine/kernels/kernel.h"

namespace gruve::float_kernels {

const Kernel plain{.name = "plain", .runs_here = [] { return true; }};

std::span<const Kernel* const> all() {
#if defined(__x86_64__)
    static constexpr std::array<const Kernel*, 4> list{&avx512, &avx2, &four, &plain};
#else
    static constexpr std::array<const Kernel*, 2> list{&four, &plain};
#endif
    return list;
}

const Kernel& chosen() {
    const char* forced = std::getenv("GRUVE_ISA");
    int widest = kernels::chosen().block_rows / static_cast<int>(sizeof(float));  // a block is a vector of bytes
    if (forced == nullptr || *forced == '\0') widest = 16;
    for (const Kernel* kernel : all())
        if (kernel->lanes <= widest && kernel->runs_here()) return *kernel;
    return plain;
}

}  // namespace gruve::float_kernels

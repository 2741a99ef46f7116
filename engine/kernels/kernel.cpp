#include "engine/kernels/kernel.h"

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace gruve::kernels {

#if defined(__wasm_simd128__)
extern const Kernel wasm128;
#endif

const Kernel scalar{.name = "scalar", .runs_here = [] { return true; }};

std::span<const Kernel* const> all() {
#if defined(__x86_64__)
    static constexpr std::array<const Kernel*, 4> list{&avx512vnni, &avxvnni, &avx2, &scalar};
#elif defined(__aarch64__)
    static constexpr std::array<const Kernel*, 3> list{&neondot, &neon, &scalar};
#elif defined(__wasm_simd128__)
    static constexpr std::array<const Kernel*, 2> list{&wasm128, &scalar};
#else
    static constexpr std::array<const Kernel*, 1> list{&scalar};
#endif
    return list;
}

namespace {

const Kernel& named(std::string_view name) {
    std::string known;
    for (const Kernel* kernel : all()) {
        if (kernel->name == name) {
            if (kernel->runs_here()) return *kernel;
            throw std::runtime_error("GRUVE_ISA=" + std::string(name) + ": this machine does not support it");
        }
        known += known.empty() ? kernel->name : std::string(", ") + kernel->name;
    }
    throw std::runtime_error("GRUVE_ISA=" + std::string(name) + ": not in this build; it has " + known);
}

}  // namespace

const Kernel& chosen() {
    const char* forced = std::getenv("GRUVE_ISA");
    if (forced != nullptr && *forced != '\0') return named(forced);
    for (const Kernel* kernel : all())
        if (kernel->runs_here()) return *kernel;
    return scalar;
}

}  // namespace gruve::kernels

// Flushes denormal floats to zero while in scope. Without it, a fade to digital silence takes many times as long as a
// signal.
#pragma once

#include <cstdint>

#if defined(__SSE2__) || defined(_M_X64)
#include <xmmintrin.h>
#endif

namespace gruve {

/// Sets the calling thread's flush-to-zero mode and restores the previous mode at the end. Does nothing on processors
/// other than x86 and ARM64.
class FlushDenormals {
public:
#if defined(GRUVE_KEEPS_DENORMALS)  // a test's: the streams do without (without_tiny.h)
    FlushDenormals() noexcept {}
#elif defined(__SSE2__) || defined(_M_X64)
    FlushDenormals() noexcept : saved_(_mm_getcsr()) { _mm_setcsr(saved_ | 0x8040u); }  // FTZ (bit 15), DAZ (bit 6)
    ~FlushDenormals() { _mm_setcsr(saved_); }

private:
    unsigned saved_;

public:
#elif defined(__aarch64__)
    FlushDenormals() noexcept {
        asm volatile("mrs %0, fpcr" : "=r"(saved_));
        asm volatile("msr fpcr, %0" : : "r"(saved_ | (std::uint64_t{1} << 24)));  // FZ (bit 24)
    }
    ~FlushDenormals() { asm volatile("msr fpcr, %0" : : "r"(saved_)); }

private:
    std::uint64_t saved_;

public:
#else
    FlushDenormals() noexcept {}
#endif
    FlushDenormals(const FlushDenormals&) = delete;
    FlushDenormals& operator=(const FlushDenormals&) = delete;
};

}  // namespace gruve

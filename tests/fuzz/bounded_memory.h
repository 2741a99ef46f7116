// Aborts a fuzz run if a reader asks for more memory than the size of its file justifies.
#pragma once

#include <sanitizer/allocator_interface.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>

namespace gruve::fuzz {

/// Counts the memory allocated during its lifetime. check() aborts if the peak is more than 16 times the file plus
/// `slack`, which allows for memory that does not grow with the file (stream buffers, messages). Only one may exist at
/// a time.
class BoundedMemory {
public:
    BoundedMemory() {
        static const bool installed = __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free) != 0;
        if (!installed) std::abort();
        live_ = peak_ = 0;
        counting_ = true;
    }
    ~BoundedMemory() { counting_ = false; }
    BoundedMemory(const BoundedMemory&) = delete;
    BoundedMemory& operator=(const BoundedMemory&) = delete;

    void check(std::size_t file_bytes, std::size_t slack = std::size_t{64} << 10) const {
        counting_ = false;
        const std::size_t allowed = 16 * file_bytes + slack;
        if (peak_ <= allowed) return;
        std::fprintf(stderr, "%zu bytes of memory for a file of %zu, allowed %zu\n", peak_, file_bytes, allowed);
        std::abort();
    }

private:
    static void on_malloc(const volatile void*, std::size_t size) {
        if (!counting_) return;
        live_ += size;
        if (live_ > peak_) peak_ = live_;
    }
    static void on_free(const volatile void* memory) {
        if (!counting_ || !memory) return;
        const std::size_t size = __sanitizer_get_allocated_size(memory);
        live_ -= size < live_ ? size : live_;  // memory from before the count may be freed, too
    }
    static inline bool counting_ = false;
    static inline std::size_t live_ = 0, peak_ = 0;
};

}  // namespace gruve::fuzz

// Aborts a fuzz run where a reader asks for more memory than its file's size warrants.
#pragma once

#include <sanitizer/allocator_interface.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>

namespace gruve::fuzz {

/// Counts what is allocated while it lives; on check() the peak must be at most 16 times the file, and `slack` for what doesn't
/// grow with it (stream buffers, messages). One at a time.
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
        live_ -= size < live_ ? size : live_;  // what was there before the count began also goes
    }
    static inline bool counting_ = false;
    static inline std::size_t live_ = 0, peak_ = 0;
};

}  // namespace gruve::fuzz

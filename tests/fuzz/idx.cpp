// idx reader, plain and gzipped: as many values as the shape says, or a DataError.
#include <cstdlib>

#include "datasets/arrays/idx.h"
#include "datasets/support/data_error.h"
#include "tests/fuzz/bounded_memory.h"
#include "tests/fuzz/memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t slack = std::size_t{2} << 20;  // what may unpack from any file, however small
    const gruve::fuzz::MemoryFile file(data, size);
    const gruve::fuzz::BoundedMemory memory;
    try {
        const gruve::IdxArray array = gruve::read_idx(file.path());
        memory.check(size, slack);
        std::size_t count = 1;
        for (int dimension : array.shape) count *= static_cast<std::size_t>(dimension);
        if (array.values.size() != count) std::abort();
    } catch (const gruve::DataError&) {
        memory.check(size, slack);
    }
    return 0;
}

// safetensors as gruve's own model, and as any program's named tensors: a chain of layers, tensors of their shapes, or a DataError.
#include <cstdio>
#include <cstring>

#include "datasets/support/data_error.h"
#include "offline_search/network/float_network.h"
#include "offline_search/network/safetensors.h"
#include "offline_search/network/tensors.h"
#include "tests/fuzz/bounded_memory.h"
#include "tests/fuzz/float_chain.h"
#include "tests/fuzz/memory_file.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t slack = std::size_t{256} << 10;  // a header's most values, however short
    const gruve::fuzz::MemoryFile file(data, size);
    {
        const gruve::fuzz::BoundedMemory memory;
        try {
            const auto network = gruve::load_safetensors(file.path());
            memory.check(size, slack);
            gruve::fuzz::expect_chain(network);
        } catch (const gruve::DataError&) {
            memory.check(size, slack);
        }
    }
    const gruve::fuzz::BoundedMemory memory;
    try {
        for (const auto& [name, tensor] : gruve::read_safetensors(file.path())) {
            std::int64_t count = 1;
            for (const auto length : tensor.shape) count *= length;
            if (static_cast<std::int64_t>(tensor.values.size()) != count) std::abort();
        }
    } catch (const gruve::DataError&) {
    }
    memory.check(size, slack);
    return 0;
}

// Mostly mutates the JSON header and writes its new length in front, so that the values behind it stay in place.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
    constexpr unsigned raw_of = 8;
    std::uint64_t length = 0;
    if (size >= sizeof length) std::memcpy(&length, data, sizeof length);
    if (seed % raw_of == 0 || size < sizeof length || length > size - sizeof length)
        return LLVMFuzzerMutate(data, size, max_size);
    const std::vector<std::uint8_t> values(data + sizeof length + length, data + size);
    const std::size_t room = max_size - sizeof length - values.size();
    const std::uint64_t mutated = LLVMFuzzerMutate(data + sizeof length, length, room);
    std::memcpy(data, &mutated, sizeof mutated);
    std::copy(values.begin(), values.end(), data + sizeof mutated + mutated);
    return sizeof mutated + mutated + values.size();
}

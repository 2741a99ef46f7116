// Plugin state: the XML that the plugin's read_session() takes apart. Nothing in it is larger than the state.
#include "plugin/session/session_xml.h"
#include "tests/fuzz/bounded_memory.h"

#include <cstdint>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

void put_length(std::uint8_t* data, std::size_t size) {
    for (std::size_t i = 0; i < 4; ++i) data[4 + i] = static_cast<std::uint8_t>((size - 8) >> (8 * i));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const gruve::fuzz::BoundedMemory memory;
    const auto xml = gruve::plugin::parse_session_xml({reinterpret_cast<const std::byte*>(data), size});
    memory.check(size);
    if (xml && xml->root.name.empty()) std::abort();
    return 0;
}

// Mutates the text and states its length in front.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
    constexpr std::size_t header = 8;
    constexpr unsigned raw_of = 16;
    if (seed % raw_of == 0 || size <= header) return LLVMFuzzerMutate(data, size, max_size);
    const std::size_t mutated = header + LLVMFuzzerMutate(data + header, size - header, max_size - header);
    put_length(data, mutated);
    return mutated;
}

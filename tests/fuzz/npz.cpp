// Archives of numpy arrays, as float models and as labelled sequences: arrays of their shapes, or a DataError.
#include <cstdlib>

#include "datasets/arrays/npz.h"
#include "datasets/support/data_error.h"
#include "offline_search/network/import_model.h"
#include "offline_search/tasks/classification/sequence_source.h"
#include "tests/fuzz/bounded_memory.h"
#include "tests/fuzz/float_chain.h"
#include "tests/fuzz/memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t slack = std::size_t{3}
                                  << 20;  // 1 MiB may unpack from any file, however small, and is kept once more
    const gruve::fuzz::MemoryFile file(data, size);
    const gruve::fuzz::BoundedMemory memory;
    try {
        gruve::Tensors tensors;
        for (const auto& [name, array] : gruve::read_npz(file.path())) {
            std::size_t count = 1;
            for (const auto length : array.shape) count *= length;
            if (array.values.size() != count) std::abort();
            tensors[name] = {{array.shape.begin(), array.shape.end()}, {array.values.begin(), array.values.end()}};
        }
        memory.check(size, slack);
        gruve::fuzz::expect_chain(gruve::network_of("f", std::move(tensors), {}));
    } catch (const gruve::DataError&) {
        memory.check(size, slack);
    }
    try {
        const auto source = gruve::make_sequence_source(file.path(), 1);
        for (const auto split : {gruve::Split::train, gruve::Split::validation, gruve::Split::test})
            for (const auto& clip : source->clips(split))
                if (clip.label < 0 || clip.label >= static_cast<int>(source->labels().size()) ||
                    !clip.features.allFinite())
                    std::abort();
    } catch (const gruve::DataError&) {
    }
    return 0;
}

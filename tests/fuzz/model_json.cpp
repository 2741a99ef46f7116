// Importer of models in JSON, layers or a state dict: a chain of layers whose sizes agree, or a DataError.
#include <string>

#include "datasets/support/data_error.h"
#include "offline_search/network/import_model.h"
#include "offline_search/network/model_json.h"
#include "tests/fuzz/bounded_memory.h"
#include "tests/fuzz/float_chain.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const gruve::fuzz::BoundedMemory memory;
    try {
        gruve::JsonModel json = gruve::read_model_json("f", text);
        memory.check(size);
        const auto network =
            json.has_layers ? gruve::network_of_layers("f", text) : gruve::network_of("f", std::move(json.tensors), {});
        memory.check(size);
        if (!network.layers.empty()) gruve::fuzz::expect_chain(network);
    } catch (const gruve::DataError&) {
        memory.check(size);
    }
    return 0;
}

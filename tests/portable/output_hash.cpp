// Prints one hash of all outputs of a preset's integer network on a fixed stream of quantised inputs, for every preset named.
// The same line must come from every instruction set and every machine: gruve_output_hash presets/*.gruve
#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

#include "engine/network.h"
#include "engine/preset.h"
#include "engine/reference.h"
#include "tests/portable/output_hash.h"

int main(int argc, char** argv) {
    bool equal = true;
    for (int i = 1; i < argc; ++i) {
        std::ifstream file(argv[i], std::ios::binary);
        const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
        const gruve::Preset preset = gruve::deserialise(bytes);
        const gruve::Network network(preset.model);
        gruve::Network::State state(network);
        gruve::ReferenceState reference(preset.model);
        const auto fast = gruve::test::hash_of_outputs(preset.model, [&](const auto& x, auto& y) { network.step(state, x, y); });
        const auto specified = gruve::test::hash_of_outputs(preset.model, [&](const auto& x, auto& y) { gruve::reference_step(preset.model, reference, x, y); });
        std::printf("%016llx  %s\n", static_cast<unsigned long long>(fast), preset.name.c_str());
        if (fast != specified) {
            std::fprintf(stderr, "%s: kernels for %s give %016llx, the reference %016llx\n", argv[i], network.isa().c_str(), static_cast<unsigned long long>(fast),
                         static_cast<unsigned long long>(specified));
            equal = false;
        }
    }
    return equal && argc > 1 ? 0 : 1;
}

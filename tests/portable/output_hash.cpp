// Prints one hash of all outputs of a preset's integer network on a fixed stream of quantised inputs, for every preset named: by the
// reference, and the same by every kernel that runs on this machine, or status 1. gruve_output_hash presets/*.gruve
#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

#include "engine/kernels/kernel.h"
#include "engine/kernels/network.h"
#include "engine/model/reference.h"
#include "engine/preset/deserialise_preset.h"
#include "engine/preset/preset.h"
#include "tests/portable/output_hash.h"

using namespace gruve;

int main(int argc, char** argv) {
    bool equal = argc > 1;
    for (int i = 1; i < argc; ++i) {
        std::ifstream file(argv[i], std::ios::binary);
        const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
        const Preset preset = deserialise(bytes);
        ReferenceState reference(preset.model);
        const auto specified = test::hash_of_outputs(
            preset.model, [&](const auto& x, auto& y) { reference_step(preset.model, reference, x, y); });
        std::printf("%016llx  %s\n", static_cast<unsigned long long>(specified), preset.name.c_str());
        for (const kernels::Kernel* kernel : kernels::all()) {
            if (!kernel->runs_here()) continue;
            for (const Resident resident : {Resident::fast, Resident::compact}) {
                const Network network(preset.model, resident, *kernel);
                Network::State state(network);
                const auto found =
                    test::hash_of_outputs(preset.model, [&](const auto& x, auto& y) { network.step(state, x, y); });
                if (found == specified) continue;
                std::fprintf(stderr, "%s: %s gives %016llx, the reference %016llx\n", argv[i], kernel->name,
                             static_cast<unsigned long long>(found), static_cast<unsigned long long>(specified));
                equal = false;
            }
        }
    }
    std::string ran;
    for (const kernels::Kernel* kernel : kernels::all())
        if (kernel->runs_here()) ran += ran.empty() ? kernel->name : std::string(", ") + kernel->name;
    std::fprintf(stderr, "%d presets, compared on: %s\n", argc - 1, ran.c_str());
    return equal ? 0 : 1;
}

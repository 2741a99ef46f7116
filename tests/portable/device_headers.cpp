// Exports presets into a folder as C headers, like `gruve export --c`. Without presets, it first makes tiny ones of
// every kind. Prints one line for each: header, name in C, preset. Networks of bands are left out.
//     gruve_device_headers FOLDER [PRESET…]
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/preset/deserialise_preset.h"
#include "engine/preset/preset.h"
#include "engine/preset/serialise_preset.h"
#include "offline_search/export/export_c.h"
#include "tests/engine/tiny_models.h"

namespace {

namespace fs = std::filesystem;
using namespace gruve;

Preset named(const std::string& name, Model model) {
    Preset preset;
    preset.name = name;
    preset.task = "sequence";
    preset.model = std::move(model);
    return preset;
}

/// A GRU alone, with rows of 7 and 13 weights, which begin at any bit of a byte. The output is its copy.
Preset gru_alone(const std::string& name, unsigned seed, const GruWidths& widths, bool narrow_state = false,
                 bool row_multipliers = true, int bias_width = 16) {
    tiny::Random random(seed);
    Model model;
    model.layers.push_back(tiny::random_gru(random, 7, 13, widths, narrow_state, row_multipliers, bias_width));
    return named(name, model);
}

std::vector<Preset> tiny_presets() {
    std::vector<Preset> presets;
    for (int width = min_width; width <= max_width; ++width)
        presets.push_back(
            named("all " + std::to_string(width), tiny::random_model(100u + static_cast<unsigned>(width), 11, 17, 5,
                                                                     Activation::sigmoid, tiny::all_widths(width))));
    for (std::uint8_t width : {binary_width, ternary_width}) {
        GruWidths widths = tiny::all_widths(6);
        std::fill_n(widths.begin(), linear_count, width);
        presets.push_back(gru_alone(width == binary_width ? "binary" : "ternary", 200, widths, false, true, 8));
    }
    GruWidths wide = tiny::all_widths(8);
    for (Operator op : {Operator::product_candidate, Operator::product_state})
        wide[static_cast<std::size_t>(op)] = wide_width;
    presets.push_back(gru_alone("16 bit products", 301, wide));
    presets.push_back(gru_alone("narrow state", 302, tiny::all_widths(7), true, false));
    for (unsigned i = 0; i < 8; ++i) {
        tiny::Random random(400 + i);
        presets.push_back(gru_alone("random " + std::to_string(i), 500 + i, tiny::random_widths(random), i % 3 == 0,
                                    i % 2 == 0, i % 2 ? 8 : 16));
    }

    // Two GRUs between dense layers of every weight format, with four input bits, 16-bit logits, and texts that are
    // dangerous in C.
    tiny::Random random(600);
    DenseLayer binary = tiny::random_dense(random, 10, 6, Activation::none, {binary_width, 7, 8});
    binary.linear.multiplier.resize(1);
    Model deep;
    deep.input = {4, 0.25f, -3};
    deep.layers.push_back(tiny::random_dense(random, 9, 10, Activation::tanh, {ternary_width, 6, 5}));
    deep.layers.push_back(binary);
    deep.layers.push_back(tiny::random_gru(random, 6, 9, tiny::all_widths(4)));
    deep.layers.push_back(tiny::random_gru(random, 9, 5, tiny::all_widths(5), true));
    deep.layers.push_back(tiny::random_dense(random, 5, 3, Activation::none, {3, wide_width, 8}));
    Preset preset = named("Deep, */ \"odd\" \\", deep);
    preset.labels = {"yes", "größe ?\?/", "\\\"\n9"};
    preset.provenance = "seed 600 ?\?/\nint x; \\";
    presets.push_back(preset);
    return presets;
}

Preset read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
    return deserialise(bytes);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: gruve_device_headers FOLDER [PRESET...]\n");
        return 2;
    }
    const fs::path folder = argv[1];
    fs::create_directories(folder);
    std::vector<fs::path> paths(argv + 2, argv + argc);
    if (paths.empty()) {
        for (const Preset& preset : tiny_presets()) {
            paths.push_back(folder / (c_name(preset) + ".gruve"));
            const auto bytes = serialise(preset);
            std::ofstream(paths.back(), std::ios::binary)
                .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        }
    }
    for (const fs::path& path : paths) {
        const Preset preset = read(path);
        if (preset.model.bands > 1 || preset.first_stage() != nullptr) {
            std::fprintf(stderr, "%s: left out, the C runtime plays chains of layers\n", path.c_str());
            continue;
        }
        const fs::path header = folder / (path.stem().string() + ".h");
        std::ofstream(header) << export_c(preset);
        std::printf("%s\t%s\t%s\n", header.c_str(), c_name(preset).c_str(), path.c_str());
    }
    return 0;
}

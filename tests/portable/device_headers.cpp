// Exports presets into a folder as C headers, like `gruve export --c`. Without presets, it first makes tiny ones of
// every kind. Prints one line for each network: header, name in C, the beginning of its functions' names ("gruve" or
// "gruve_bands"), and a preset whose only or second network it is.
//     gruve_device_headers FOLDER [PRESET…]
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/preset/deserialise_preset.h"
#include "engine/preset/preset.h"
#include "engine/preset/serialise_preset.h"
#include "offline_search/export/export_c.h"
#include "tests/engine/tiny_bands.h"

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

/// Networks of bands of 2 and 8 bits, of 2-bit weights, of mixed widths, and one that starts its path twice.
void add_networks_of_bands(std::vector<Preset>& presets) {
    for (const int width : {min_width, max_width}) {
        GruWidths widths = tiny::all_widths(max_width);
        std::fill_n(widths.begin(), linear_count, static_cast<std::uint8_t>(width));
        tiny::Random random(700u + static_cast<unsigned>(width));
        presets.push_back(named("bands, weights of " + std::to_string(width),
                                tiny::random_bands(random, {}, [&] { return widths; })));
    }
    presets.push_back(named("bands 2", tiny::random_bands(710, {}, min_width)));
    for (unsigned i = 0; i < 4; ++i) {
        tiny::Random random(800 + i);
        const int odd = static_cast<int>(i);
        const tiny::BandSizes sizes{2 + 3 * odd, 1 + odd, 9 - odd, 3 + 2 * odd, 1 + odd % 3, 1 + odd % 2};
        presets.push_back(named("bands of any widths " + std::to_string(i),
                                tiny::random_bands(
                                    random, sizes, [&] { return tiny::random_widths(random); },
                                    i % 2 == 0 ? Activation::sigmoid : Activation::none)));
    }
    // dense → GRU over time → dense, which starts a narrower path → GRU over bands → dense, added → dense.
    tiny::Random random(900);
    Model anew;
    anew.bands = 6;
    anew.layers.emplace_back(tiny::random_dense(random, 12, 7, Activation::tanh, {4, 5, 6}));
    anew.layers.emplace_back(tiny::random_gru(random, 7, 9, tiny::all_widths(8), true, false, 8));
    anew.layers.emplace_back(tiny::random_dense(random, 9, 5, Activation::none, {ternary_width, 7, 8}));
    std::get<DenseLayer>(anew.layers.back()).lift = 3;
    anew.layers.emplace_back(tiny::random_band_gru(random, 5, 6, tiny::all_widths(7)));
    anew.layers.emplace_back(tiny::random_adding_dense(random, 12, 5, 6, 7));
    anew.layers.emplace_back(tiny::random_dense(random, 5, 3, Activation::none, {binary_width, wide_width, 8}));
    presets.push_back(named("bands, path anew", anew));
}

/// A chain before a network of bands, and a network of bands before a chain.
void add_two_stages(std::vector<Preset>& presets) {
    for (const bool bands_first : {false, true}) {
        Preset chain = *tiny::denoiser_preset(1000, {}, 6);
        Preset bands = chain;
        bands.model = tiny::random_bands(1001, {chain.denoiser.bands, 2, 4, 3, 1, 1}, 5);
        Preset& second = bands_first ? chain : bands;
        second.name = bands_first ? "bands first" : "bands second";
        second.before.push_back(bands_first ? bands : chain);
        presets.push_back(second);
    }
}

std::vector<Preset> tiny_presets() {
    std::vector<Preset> presets;
    add_networks_of_bands(presets);
    add_two_stages(presets);
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

void write(const Preset& preset, const fs::path& path) {
    const auto bytes = serialise(preset);
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

void print(const fs::path& header, const std::string& name, const Model& model, const fs::path& preset) {
    std::printf("%s\t%s\t%s\t%s\n", header.c_str(), name.c_str(), model.bands > 1 ? "gruve_bands" : "gruve",
                preset.c_str());
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
            write(preset, paths.back());
        }
    }
    for (const fs::path& path : paths) {
        const Preset preset = read(path);
        const fs::path header = folder / (path.stem().string() + ".h");
        std::ofstream(header) << export_c(preset);
        print(header, c_name(preset), preset.model, path);
        if (const Preset* first = preset.first_stage()) {
            const fs::path alone = folder / (path.stem().string() + "-first_stage.gruve");
            write(*first, alone);
            print(header, c_name_of_first_stage(preset), first->model, alone);
        }
    }
    return 0;
}

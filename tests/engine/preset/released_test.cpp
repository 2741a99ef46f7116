// Presets of every released version load for ever and give the same outputs as on release.
// tests/released/VERSION/hashes.txt is the output of `gruve_output_hash` at the release, one line "<hash> <file>" for
// each preset.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/kernels/network.h"
#include "engine/model/reference.h"
#include "engine/preset/deserialise_preset.h"
#include "engine/streaming/denoiser.h"
#include "engine/streaming/keyword_spotter.h"
#include "tests/engine/signals.h"
#include "tests/engine/tiny_models.h"
#include "tests/portable/output_hash.h"

using namespace gruve;

namespace {

namespace fs = std::filesystem;

struct Released {
    fs::path path;
    std::uint64_t hash = 0;
};

std::vector<Released> released_presets() {
    std::vector<Released> presets;
    for (const auto& version : fs::directory_iterator(fs::path(GRUVE_SOURCE_DIR) / "tests/released")) {
        if (!version.is_directory()) continue;
        std::ifstream list(version.path() / "hashes.txt");
        std::string hash, name;
        std::size_t listed = 0;
        for (; list >> hash >> name; ++listed)
            presets.push_back({version.path() / name, std::stoull(hash, nullptr, 16)});
        const auto is_preset = [](const fs::directory_entry& entry) { return entry.path().extension() == ".gruve"; };
        BOOST_TEST(static_cast<std::size_t>(std::count_if(fs::directory_iterator(version), {}, is_preset)) == listed,
                   version.path());
    }
    return presets;
}

std::shared_ptr<const Preset> load(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
    return std::make_shared<const Preset>(deserialise(bytes));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(released)

BOOST_AUTO_TEST_CASE(presets_give_the_outputs_that_they_gave_when_they_were_released) {
    const auto presets = released_presets();
    BOOST_TEST(!presets.empty());
    for (const auto& [path, hash] : presets) {
        const auto preset = load(path);
        const Network network(preset->model);
        Network::State state(network);
        ReferenceState reference(preset->model);
        BOOST_TEST(
            test::hash_of_outputs(preset->model, [&](const auto& x, auto& y) { network.step(state, x, y); }) == hash,
            path);
        BOOST_TEST(
            test::hash_of_outputs(
                preset->model, [&](const auto& x, auto& y) { reference_step(preset->model, reference, x, y); }) == hash,
            path);
    }
}

BOOST_AUTO_TEST_CASE(presets_play_on_live_audio) {
    constexpr double rate_hz = 48000;
    const std::vector<float> sound = tiny::lively(rate_hz, 0.5, 1);
    int played = 0;
    for (const auto& [path, hash] : released_presets()) {
        const auto preset = load(path);
        std::vector<float> output = sound;
        if (preset->kind == TaskKind::denoise) {
            Denoiser denoiser(preset, tiny::network_of(preset), rate_hz);
            denoiser.process(output, output);
            BOOST_TEST(std::ranges::all_of(output, [](float x) { return std::isfinite(x); }), path);
            ++played;
        } else if (preset->kind == TaskKind::keywords) {
            KeywordSpotter spotter(preset, tiny::network_of(preset), rate_hz);
            std::vector<Detection> detections(8);
            spotter.process(output, detections);
            BOOST_TEST(std::ranges::all_of(spotter.posteriors(), [](float p) { return p >= 0 && p <= 1; }), path);
            ++played;
        }
    }
    BOOST_TEST(played >= 2);
}

BOOST_AUTO_TEST_SUITE_END()

// Networks of bands in preset files.
#include <boost/test/unit_test.hpp>

#include "engine/kernels/network.h"
#include "engine/preset/check_preset.h"
#include "engine/preset/deserialise_preset.h"
#include "engine/preset/preset_file.h"
#include "engine/preset/serialise_preset.h"
#include "tests/engine/tiny_bands.h"

using namespace gruve;

namespace {

DenoiserConfig config() {
    DenoiserConfig made;
    made.bands = 5;
    return tiny::with_comb(made);
}

tiny::BandSizes sizes() {
    const DenoiserConfig c = config();
    return {.bands = c.bands, .inputs = c.features() / c.bands, .outputs = c.outputs() / c.bands};
}

Preset integer_preset(int width = 8) {
    Preset preset = *tiny::denoiser_preset(1, config());
    preset.model = tiny::random_bands(1, sizes(), width);
    return preset;
}

Preset float_preset() {
    Preset preset = integer_preset();
    preset.model = {};
    preset.float_model = tiny::random_float_bands(1, sizes());
    return preset;
}

std::string refusal(std::span<const std::uint8_t> bytes) {
    try {
        deserialise(bytes);
    } catch (const PresetError& error) {
        return error.what();
    }
    return "";
}

std::uint8_t version_of(const std::vector<std::uint8_t>& file) { return file[8]; }

}  // namespace

BOOST_AUTO_TEST_SUITE(preset_of_bands)

BOOST_AUTO_TEST_CASE(everything_survives_the_file) {
    for (int width = min_width; width <= max_width; ++width) {
        const Preset before = integer_preset(width);
        const auto bytes = serialise(before);
        BOOST_TEST((deserialise(bytes) == before));
        BOOST_TEST((serialise(before) == bytes));
    }
    const Preset before = float_preset();
    BOOST_TEST((deserialise(serialise(before)) == before));
}

BOOST_AUTO_TEST_CASE(only_networks_of_bands_need_version_2) {
    BOOST_TEST(version_of(serialise(integer_preset())) == 2);
    BOOST_TEST(version_of(serialise(float_preset())) == 2);
    BOOST_TEST(version_of(serialise(*tiny::denoiser_preset(1))) == 1);
    auto newer = serialise(integer_preset());
    newer[8] = preset_format_version + 1;
    BOOST_TEST(refusal(newer) == "preset format version 6, this build reads versions 1..5: a newer Gruve made it");
}

BOOST_AUTO_TEST_CASE(bands_of_another_number_than_the_front_end_has_are_refused) {
    Preset preset = integer_preset();
    preset.denoiser.bands = 10;
    preset.model = tiny::random_bands(1, {.bands = 5, .inputs = 2 * sizes().inputs, .outputs = 2 * sizes().outputs});
    BOOST_TEST(check(preset) == "model of 5 bands, the front end has 10");
}

// Whatever byte is wrong, the preset is refused or is sound; a sound one runs.
BOOST_AUTO_TEST_CASE(damage_never_gives_an_unsound_preset) {
    for (const Preset& sound : {integer_preset(), float_preset()}) {
        const auto file = serialise(sound);
        const auto payload = unwrap_preset(file);
        tiny::Random random(1);
        int accepted = 0;
        for (int i = 0; i < 1500; ++i) {
            std::vector<std::uint8_t> altered(payload.begin(), payload.end());
            altered[random() % altered.size()] = static_cast<std::uint8_t>(random());
            try {
                const Preset preset = deserialise(wrap_preset(altered, 2));
                BOOST_TEST(check(preset) == "");
                BOOST_TEST((deserialise(serialise(preset)) == preset));
                ++accepted;
                if (preset.is_float() || i % 10 != 0) continue;
                const Network network(preset.model);
                Network::State state(network);
                const std::vector<std::int8_t> x(static_cast<std::size_t>(network.input_size()), 1);
                std::vector<std::int16_t> y(static_cast<std::size_t>(network.output_size()));
                network.step(state, x, y);
            } catch (const PresetError&) {
            }
        }
        BOOST_TEST(accepted > 0);
    }
}

BOOST_AUTO_TEST_SUITE_END()

// The header for devices names its networks and their runtimes, and refuses what devices can't play. Whether its
// numbers are right is tested in tests/portable.
#include "offline_search/export/export_c.h"

#include <boost/test/unit_test.hpp>

#include "tests/engine/tiny_bands.h"

using namespace gruve;

namespace {

Preset chain() { return *tiny::denoiser_preset(1, {}, 4); }

Preset of_bands() {
    Preset preset = chain();
    preset.name = "Fine";
    preset.model = tiny::random_bands(2, {preset.denoiser.bands, 2, 4, 2, 1, 1});
    return preset;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string refusal_of(const Preset& preset) {
    try {
        export_c(preset);
    } catch (const PresetError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(export_c_suite)

BOOST_AUTO_TEST_CASE(a_chain_needs_only_the_runtime_of_chains) {
    const std::string header = export_c(chain());
    BOOST_TEST(holds(header, "#include \"gruve_device.h\"\n\nenum {"));
    BOOST_TEST(holds(header, "static const gruve_model preset_tiny_denoiser = "));
    BOOST_TEST(!holds(header, "gruve_band"));
}

BOOST_AUTO_TEST_CASE(a_network_of_bands_needs_only_the_runtime_of_bands) {
    const std::string header = export_c(of_bands());
    BOOST_TEST(holds(header, "#include \"gruve_bands.h\"\n\nenum {"));
    BOOST_TEST(holds(header, "static const gruve_bands preset_fine = "));
    BOOST_TEST(holds(header, "preset_fine_bands = 40,"));
    BOOST_TEST(!holds(header, "gruve_device.h"));
}

BOOST_AUTO_TEST_CASE(two_networks_stand_in_one_header) {
    Preset preset = of_bands();
    preset.before.push_back(chain());
    const std::string header = export_c(preset);
    BOOST_TEST(holds(header, "#include \"gruve_device.h\"\n#include \"gruve_bands.h\"\n"));
    BOOST_TEST(c_name_of_first_stage(preset) == "preset_fine_first_stage");
    for (const std::string& name : {c_name(preset), c_name_of_first_stage(preset)})
        for (const char* what : {"_input_size = ", "_memory_size = ", "_input_scale = ", "_output_scale = ", " = {"})
            BOOST_TEST(holds(header, " " + name + what), name << what);
    BOOST_TEST(holds(header, std::to_string(parameter_bytes(preset)) + " bytes of parameters"));
    BOOST_TEST(!holds(header, "Looks ahead"));
    preset.denoiser.look_ahead = 6;
    BOOST_TEST(holds(export_c(preset), "second one's outputs at a frame are meant for the frame that was heard 6 "));
    BOOST_TEST(!holds(header, "steps at every"));
    preset.before.clear();
    preset.denoiser.net_every = 2;
    preset.denoiser.each_frame = true;
    preset.model = tiny::random_bands(2, {preset.denoiser.bands, 2, 4, 2, 1, 2});
    BOOST_TEST(holds(export_c(preset), "The network steps at every 2 frames: its first " +
                                           std::to_string(preset.denoiser.frame_outputs()) + " outputs are those"));
}

BOOST_AUTO_TEST_CASE(a_refusal_names_the_preset) {
    BOOST_TEST(holds(refusal_of(*tiny::as_float(chain(), 3)), "tiny denoiser: holds the float network"));
    Preset preset = of_bands();
    preset.before.push_back(*tiny::as_float(chain(), 3));
    BOOST_TEST(holds(refusal_of(preset), "Fine, first stage: holds the float network"));
    preset = of_bands();
    preset.model.bands = 5;
    BOOST_TEST(holds(refusal_of(preset), "Fine: "));
}

BOOST_AUTO_TEST_SUITE_END()

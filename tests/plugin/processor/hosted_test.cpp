// The built VST3 and LV2, opened as hosts open them.
#include "engine/preset/serialise_preset.h"
#include "plugin/session/session.h"
#include "plugin/tools/hosted_plugin.h"
#include "tests/plugin/support.h"

using namespace gruve;
using namespace gruve::plugin;
using namespace gruve::plugin::test;

BOOST_AUTO_TEST_SUITE(hosted)

BOOST_AUTO_TEST_CASE(the_vst3_gives_the_samples_of_the_engine) {
    const auto preset = tiny::denoiser_preset(11);
    const Audio input = noise(2, 48000);
    auto vst3 = open_vst3(GRUVE_VST3, 48000, 2, 512);
    BOOST_TEST(vst3->getName() == "Gruve");
    BOOST_TEST(vst3->producesMidi());
    const Processor defaults;
    const auto state = as_vst3_state(
        write_session(defaults.getParameters(), {PresetRequest{"p.gruve", serialise(*preset), {}, true}}));
    vst3->setStateInformation(state.getData(), static_cast<int>(state.getSize()));
    const Audio output = run(*vst3, input, 48000, 512);
    BOOST_TEST(vst3->getLatencySamples() == 480);

    const auto network = tiny::network_of(preset);
    for (int c = 0; c < 2; ++c) {
        Denoiser denoiser(preset, network, 48000);
        std::vector<float> in(48480), out(48480);
        std::copy_n(input.getReadPointer(c), 48000, in.begin());
        denoiser.process(in, out);
        BOOST_TEST(std::equal(out.begin() + denoiser.latency(), out.end(), output.getReadPointer(c)));
    }
}

BOOST_AUTO_TEST_CASE(the_lv2_bundle_has_its_uri) {
    const auto manifest = juce::File(GRUVE_LV2).getChildFile("manifest.ttl").loadFileAsString();
    BOOST_TEST(manifest.contains("<https://gruve.audio/plugin>"));
    BOOST_TEST(!manifest.contains("urn:"));
}

BOOST_AUTO_TEST_SUITE_END()

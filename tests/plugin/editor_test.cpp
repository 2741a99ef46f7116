// The window, drawn without a screen.
#include "plugin/editor/editor.h"
#include "tests/plugin/support.h"

using namespace gruve;
using namespace gruve::plugin;
using namespace gruve::plugin::test;

namespace {

juce::Image picture_of(Processor& processor, float size) {
    const std::unique_ptr<juce::AudioProcessorEditor> editor(processor.createEditor());
    editor->setSize(juce::roundToInt(Panel::design_width * size), juce::roundToInt(Panel::design_height * size));
    return editor->createComponentSnapshot(editor->getLocalBounds());
}

int different_pixels(const juce::Image& a, const juce::Image& b) {
    int count = 0;
    for (int y = 0; y < a.getHeight(); ++y)
        for (int x = 0; x < a.getWidth(); ++x) count += a.getPixelAt(x, y) != b.getPixelAt(x, y);
    return count;
}

/// Kept for a person to look at.
void keep(const juce::Image& image, const juce::String& name) {
    const auto file = juce::File(GRUVE_BINARY_DIR).getChildFile("screenshots").getChildFile(name + ".png");
    file.getParentDirectory().createDirectory();
    file.deleteFile();
    juce::FileOutputStream stream(file);
    BOOST_TEST(juce::PNGImageFormat().writeImageToStream(image, stream));
}

Preset measured(Preset preset) {
    preset.test = {preset.kind == TaskKind::denoise ? "si_sdr_db" : "accuracy", 0.97, 0.965, 0.962, 0.012, 1200, "test"};
    return preset;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(editor)

BOOST_AUTO_TEST_CASE(shows_the_preset_its_meter_and_its_message_at_every_size) {
    Processor processor;
    load(processor, measured(*tiny::denoiser_preset(3)), "rooms.gruve");
    prepare(processor, 2, 48000);
    const auto before = picture_of(processor, 1.0f);
    play(processor, noise(2, 48000));
    const auto playing = picture_of(processor, 1.0f);
    BOOST_TEST(different_pixels(before, playing) > 500);
    for (float size : {0.75f, 1.0f, 2.0f}) keep(picture_of(processor, size), "denoiser_" + juce::String(size, 2));

    processor.load_bytes({1, 2, 3}, "broken.gruve");
    wait_until_loaded(processor);
    const auto refused = picture_of(processor, 1.0f);
    BOOST_TEST(different_pixels(playing, refused) > 200);
    keep(refused, "message");

    load(processor, measured(*tiny::keyword_preset(3)), "words.gruve");
    prepare(processor, 2, 48000);
    play(processor, noise(2, 48000));
    keep(picture_of(processor, 1.0f), "keywords");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(slow_editor)

BOOST_AUTO_TEST_CASE(opens_and_closes_a_hundred_times_while_audio_and_presets_change) {
    Processor processor;
    load(processor, *tiny::denoiser_preset(3));
    prepare(processor, 2, 48000);
    std::atomic<bool> stop{false};
    std::thread audio([&] {
        Audio block = noise(2, 256);
        juce::MidiBuffer midi;
        while (!stop) processor.processBlock(block, midi);
    });
    for (int i = 0; i < 100; ++i) {
        processor.load_bytes(serialise(i % 2 ? unity_preset() : half_preset()), "p" + juce::String(i));
        BOOST_TEST(picture_of(processor, 0.75f).isValid());
        juce::MessageManager::getInstance()->runDispatchLoopUntil(2);
    }
    stop = true;
    audio.join();
}

BOOST_AUTO_TEST_SUITE_END()

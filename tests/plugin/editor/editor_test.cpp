// The editor, drawn without a screen.
#include "plugin/editor/editor.h"
#include "engine/preset/serialise_preset.h"
#include "plugin/presets/factory_presets.h"
#include "tests/plugin/support.h"

using namespace gruve;
using namespace gruve::plugin;
using namespace gruve::plugin::test;

namespace {

juce::Image picture_of(Processor& processor, float size, Page page = Page::play) {
    const std::unique_ptr<juce::AudioProcessorEditor> editor(processor.createEditor());
    editor->setSize(juce::roundToInt(Panel::design_width * size), juce::roundToInt(Panel::design_height * size));
    auto& panel = dynamic_cast<Editor&>(*editor).panel();
    panel.turn_to(page);
    panel.refresh();
    return editor->createComponentSnapshot(editor->getLocalBounds());
}

/// Harmonic tones that swell and fade in noise.
Audio bursts(int samples) {
    Audio audio = noise(2, samples, 3, 0.02f);
    for (int i = 0; i < samples; ++i) {
        const double t = i / 48000.0, voice = std::max(0.0, std::sin(2.0 * juce::MathConstants<double>::pi * 1.5 * t));
        double sum = 0;
        for (int k = 1; k <= 20; ++k) sum += std::sin(2.0 * juce::MathConstants<double>::pi * 140.0 * k * t) / k;
        for (int c = 0; c < 2; ++c) audio.addSample(c, i, static_cast<float>(0.2 * voice * sum));
    }
    return audio;
}

/// Plays `audio` as a host does while the editor draws 30 pictures a second.
void play_with(Processor& processor, Editor& editor, const Audio& audio) {
    constexpr int frame = 1600;
    for (int at = 0; at + frame <= audio.getNumSamples(); at += frame) {
        Audio part(2, frame);
        for (int c = 0; c < 2; ++c) part.copyFrom(c, 0, audio, c, at, frame);
        play(processor, part, {400});
        editor.panel().refresh();
    }
}

int different_pixels(const juce::Image& a, const juce::Image& b) {
    int count = 0;
    for (int y = 0; y < a.getHeight(); ++y)
        for (int x = 0; x < a.getWidth(); ++x) count += a.getPixelAt(x, y) != b.getPixelAt(x, y);
    return count;
}

/// Saves a picture to look at.
void keep(const juce::Image& image, const juce::String& name) {
    const auto file = juce::File(GRUVE_BINARY_DIR).getChildFile("screenshots").getChildFile(name + ".png");
    file.getParentDirectory().createDirectory();
    file.deleteFile();
    juce::FileOutputStream stream(file);
    BOOST_TEST(juce::PNGImageFormat().writeImageToStream(image, stream));
}

Preset measured(Preset preset) {
    preset.test = {
        preset.kind == TaskKind::denoise ? "si_sdr_gain_db" : "accuracy", 0.97, 0.965, 0.962, 0.012, 1200, "test"};
    return preset;
}

void load_two_denoisers(Processor& processor) {
    const auto& factory = factory_presets();
    for (std::size_t slot : {0u, 1u}) {
        const auto found =
            std::ranges::find(factory, slot == 0 ? "denoise-recommended" : "denoise-8bit", &FactoryPreset::name);
        if (found == factory.end())
            processor.load_bytes(serialise(measured(*tiny::denoiser_preset(3 + slot))), "tiny", slot);
        else
            processor.load_bytes({found->bytes.begin(), found->bytes.end()}, juce::String(found->name), slot);
    }
    wait_until_loaded(processor);
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
    for (float size : {0.75f, 1.0f, 2.0f, 2.5f}) keep(picture_of(processor, size), "denoiser_" + juce::String(size, 2));

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

BOOST_AUTO_TEST_CASE(every_page_is_drawn_with_presets_at_work) {
    Processor processor;
    load_two_denoisers(processor);
    prepare(processor, 2, 48000);
    const std::unique_ptr<juce::AudioProcessorEditor> base(processor.createEditor());
    auto& editor = dynamic_cast<Editor&>(*base);
    juce::MessageManager::getInstance()->runDispatchLoopUntil(300);  // the preset library reads its files
    const auto silent = editor.createComponentSnapshot(editor.getLocalBounds());
    play_with(processor, editor, bursts(48000 * 7));
    for (auto [page, name] : {std::pair{Page::play, "play"}, {Page::browse, "browse"}, {Page::abx, "abx"}}) {
        editor.panel().turn_to(page);
        if (page == Page::abx) editor.panel().abx().start();
        for (int i = 0; i < 10; ++i) editor.panel().refresh();
        for (float size : {0.75f, 1.0f, 2.0f, 2.5f}) {
            editor.setSize(juce::roundToInt(Panel::design_width * size), juce::roundToInt(Panel::design_height * size));
            const auto picture = editor.createComponentSnapshot(editor.getLocalBounds());
            if (size == 1.0f) BOOST_TEST(different_pixels(silent, picture) > 10000);
            keep(picture, juce::String(name) + "_" + juce::String(size, 2));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_card_says_that_its_slot_sleeps_and_what_it_cost) {
    Processor processor;
    load_two_denoisers(processor);
    set(processor, "match", 0);
    prepare(processor, 2, 48000);
    const std::unique_ptr<juce::AudioProcessorEditor> base(processor.createEditor());
    auto& editor = dynamic_cast<Editor&>(*base);
    const auto card_b = [&] {
        editor.panel().refresh();
        return editor.createComponentSnapshot({editor.getWidth() / 2, 60, editor.getWidth() / 2, 100});
    };
    play_with(processor, editor, bursts(48000 * 4));
    const auto awake = card_b();
    BOOST_TEST(!processor.asleep(1));
    play_with(processor, editor, bursts(48000 * 3));
    BOOST_TEST(processor.asleep(1));
    BOOST_TEST(different_pixels(awake, card_b()) > 500);
    keep(editor.createComponentSnapshot(editor.getLocalBounds()), "sleeping");
}

BOOST_AUTO_TEST_CASE(a_file_goes_to_the_slot_on_which_it_is_dropped_else_to_the_one_that_is_heard) {
    const auto file = juce::File::createTempFile(".gruve");
    const auto bytes = serialise(half_preset());
    BOOST_REQUIRE(file.replaceWithData(bytes.data(), bytes.size()));
    Processor processor;
    load(processor, unity_preset(), "old");
    const std::unique_ptr<juce::AudioProcessorEditor> base(processor.createEditor());
    auto& editor = dynamic_cast<Editor&>(*base);
    BOOST_TEST(editor.isInterestedInFileDrag({file.getFullPathName()}));
    BOOST_TEST(!editor.isInterestedInFileDrag({"/x/song.wav"}));
    for (const float size : {0.75f, 2.0f}) {
        editor.setSize(juce::roundToInt(Panel::design_width * size), juce::roundToInt(Panel::design_height * size));
        for (const auto& [x, y, slot] : {std::tuple{700.0f, 100.0f, 1u}, {200.0f, 100.0f, 0u}, {500.0f, 500.0f, 0u}}) {
            for (std::size_t i : {0u, 1u}) processor.load_bytes(serialise(unity_preset()), "old", i);
            wait_until_loaded(processor);
            const int px = juce::roundToInt(x * size), py = juce::roundToInt(y * size);
            const auto before = editor.createComponentSnapshot(editor.getLocalBounds());
            editor.fileDragEnter({file.getFullPathName()}, px, py);
            BOOST_TEST(different_pixels(before, editor.createComponentSnapshot(editor.getLocalBounds())) >
                       500);  // the target is highlighted
            editor.filesDropped({file.getFullPathName()}, px, py);
            wait_until_loaded(processor);
            BOOST_TEST(processor.loaded(slot)->source == file.getFileName().toStdString());
            BOOST_TEST(processor.loaded(1 - slot)->source == "old");
        }
    }
    file.deleteFile();
}

BOOST_AUTO_TEST_CASE(everything_has_a_name_and_a_tooltip_and_buttons_are_reached_by_keys) {
    Processor processor;
    const std::unique_ptr<juce::AudioProcessorEditor> editor(processor.createEditor());
    int seen = 0, pictures = 0;
    const std::function<void(juce::Component&)> look = [&](juce::Component& component) {
        auto* tooltip = dynamic_cast<juce::SettableTooltipClient*>(&component);
        const bool control = dynamic_cast<juce::Button*>(&component) || dynamic_cast<juce::ComboBox*>(&component) ||
                             dynamic_cast<juce::Slider*>(&component);
        const bool part = dynamic_cast<juce::Slider*>(component.getParentComponent()) ||
                          dynamic_cast<juce::ScrollBar*>(component.getParentComponent());
        if (control && !part) {
            ++seen;
            const auto* button = dynamic_cast<juce::Button*>(&component);
            const juce::String name = component.getTitle().isNotEmpty() ? component.getTitle()
                                      : button                          ? button->getButtonText()
                                                                        : component.getName();
            BOOST_TEST(name.isNotEmpty());
            BOOST_TEST((tooltip && tooltip->getTooltip().isNotEmpty()), name);
            BOOST_TEST((component.getWantsKeyboardFocus() || !component.isEnabled()), name);
        }
        if (!control && !dynamic_cast<juce::ComboBox*>(component.getParentComponent()) && tooltip &&
            tooltip->getTooltip().isNotEmpty()) {  // a picture
            ++pictures;
            BOOST_TEST(component.getTitle().isNotEmpty(), tooltip->getTooltip());
        }
        for (auto* child : component.getChildren()) look(*child);
    };
    look(*editor);
    BOOST_TEST(seen > 25);
    BOOST_TEST(pictures >= 6);
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

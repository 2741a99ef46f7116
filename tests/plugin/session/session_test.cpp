// The sessions that hosts save and restore.
#include "plugin/session/session.h"
#include "engine/preset/serialise_preset.h"
#include "plugin/editor/editor.h"
#include "tests/plugin/support.h"

using namespace gruve;
using namespace gruve::plugin;
using namespace gruve::plugin::test;

BOOST_AUTO_TEST_SUITE(session)

BOOST_AUTO_TEST_CASE(a_session_brings_back_parameters_and_the_preset_itself) {
    Processor first;
    load(first, *tiny::denoiser_preset(7), "mine.gruve");
    set(first, "mix", 80);
    set(first, "release", 120);
    set(first, "reduction_limit", 12.5f);
    juce::MemoryBlock state;
    first.getStateInformation(state);

    Processor second;
    second.setStateInformation(state.getData(), static_cast<int>(state.getSize()));
    prepare(first, 2, 48000);
    prepare(second, 2, 48000);
    BOOST_TEST(second.message().isEmpty());
    BOOST_TEST(second.loaded()->source == "mine.gruve");
    BOOST_TEST((*second.loaded()->preset == *tiny::denoiser_preset(7)));
    for (const char* name : {"mix", "release", "reduction_limit"})
        BOOST_TEST(first.parameters().getParameter(name)->getValue() ==
                   second.parameters().getParameter(name)->getValue());
    const Audio input = noise(2, 20000);
    BOOST_TEST(equal(play(first, input), play(second, input)));

    juce::MemoryBlock again;
    second.getStateInformation(again);
    BOOST_TEST((again == state));
}

/// How many notes the first second of this session gives, in silence.
int notes_of(const juce::MemoryBlock& state) {
    Processor processor;
    set(processor, "sensitivity", 100);
    processor.setStateInformation(state.getData(), static_cast<int>(state.getSize()));
    prepare(processor, 1, 48000);
    wait_until_loaded(processor);
    juce::MidiBuffer midi;
    Audio silence(1, 48000);
    silence.clear();
    play(processor, silence, {512}, &midi);
    int notes = 0;
    for (const auto event : midi) notes += event.getMessage().isNoteOn();
    return notes;
}

BOOST_AUTO_TEST_CASE(a_session_keeps_the_sensitivity_and_an_old_one_means_0) {
    Preset sixty = *tiny::constant_word_preset({0, 0, 1099}, 0.001f, {0.02f, 0.1f, 0.0f, {}});  // word 2 has 0.6
    sixty.detection.threshold = {1.0f, 1.0f, 0.7f};  // 0.46 at a sensitivity of 50 %
    Processor processor;
    load(processor, sixty);
    set(processor, "sensitivity", 50);
    juce::MemoryBlock state;
    processor.getStateInformation(state);
    const Session session = read_session(state.getData(), static_cast<int>(state.getSize()));
    BOOST_TEST(session.values.at("sensitivity") == 50.0f);
    BOOST_TEST(notes_of(state) == 1);

    const auto xml = juce::AudioProcessor::getXmlFromBinary(state.getData(), static_cast<int>(state.getSize()));
    BOOST_REQUIRE(xml);
    xml->removeChildElement(xml->getChildByAttribute("id", "sensitivity"), true);
    juce::MemoryBlock old;
    juce::AudioProcessor::copyXmlToBinary(*xml, old);
    BOOST_TEST(notes_of(old) == 0);
}

BOOST_AUTO_TEST_CASE(a_session_from_before_the_choice_of_latency_opens_with_what_live_said) {
    for (const bool live : {false, true}) {
        juce::XmlElement old("gruve");
        old.setAttribute("version", 1);
        auto* parameter = old.createNewChildElement("parameter");
        parameter->setAttribute("id", "live");
        parameter->setAttribute("value", live ? 1.0 : 0.0);
        juce::MemoryBlock state, again;
        juce::AudioProcessor::copyXmlToBinary(old, state);
        Processor processor;
        set(processor, Latency::studio);
        processor.setStateInformation(state.getData(), static_cast<int>(state.getSize()));
        prepare(processor, 1, 48000);
        BOOST_TEST(processor.getLatencySamples() == (live ? 240 : 480));
        BOOST_TEST(processor.parameters().getRawParameterValue("live")->load() == (live ? 1.0f : 0.0f));
        const auto& latency = *processor.parameters().getParameter("latency");
        BOOST_TEST(latency.getCurrentValueAsText() == (live ? "Live 5 ms" : "Quality 10 ms"));

        processor.getStateInformation(again);
        Processor reopened;
        reopened.setStateInformation(again.getData(), static_cast<int>(again.getSize()));
        prepare(reopened, 1, 48000);
        BOOST_TEST(reopened.getLatencySamples() == (live ? 240 : 480));
    }
}

BOOST_AUTO_TEST_CASE(a_session_keeps_studio_and_the_preset_that_looks_ahead) {
    Processor first, second;
    set(first, Latency::studio);
    load(first, *tiny::denoiser_preset(7, studio_config()), "ahead.gruve");
    juce::MemoryBlock state;
    first.getStateInformation(state);
    second.setStateInformation(state.getData(), static_cast<int>(state.getSize()));
    prepare(first, 2, 48000);
    prepare(second, 2, 48000);
    BOOST_TEST(second.message().isEmpty());
    BOOST_TEST(second.getLatencySamples() == 1920);
    const Audio input = noise(2, 20000);
    BOOST_TEST(equal(play(first, input), play(second, input)));
}

BOOST_AUTO_TEST_CASE(an_lv2_takes_bypass_only_from_sessions_that_say_it_is_the_plugins_own) {
    Processor bypassed;
    set(bypassed, "bypass", 1);
    juce::MemoryBlock state;
    bypassed.getStateInformation(state);
    // As versions before wrote it. In an LV2 it then followed the host's bypass, which the host restores by itself.
    juce::XmlElement old("gruve");
    old.setAttribute("version", 1);
    auto* parameter = old.createNewChildElement("parameter");
    parameter->setAttribute("id", "bypass");
    parameter->setAttribute("value", 1.0);
    juce::MemoryBlock old_state;
    juce::AudioProcessor::copyXmlToBinary(old, old_state);

    for (const auto wrapper : {juce::AudioProcessor::wrapperType_LV2, juce::AudioProcessor::wrapperType_VST3}) {
        juce::AudioProcessor::setTypeOfNextNewPlugin(wrapper);
        Processor processor;
        juce::AudioProcessor::setTypeOfNextNewPlugin(juce::AudioProcessor::wrapperType_Undefined);
        const bool lv2 = wrapper == juce::AudioProcessor::wrapperType_LV2;
        BOOST_TEST((processor.getBypassParameter() == nullptr) == lv2);
        const auto bypass = [&] { return processor.parameters().getRawParameterValue("bypass")->load(); };
        processor.setStateInformation(state.getData(), static_cast<int>(state.getSize()));
        BOOST_TEST(bypass() == 1.0f);
        processor.setStateInformation(old_state.getData(), static_cast<int>(old_state.getSize()));
        BOOST_TEST(bypass() == (lv2 ? 0.0f : 1.0f));
    }
}

/// Counts the notifications that a host receives from the plugin.
struct Host final : juce::AudioProcessorListener {
    int gestures_open = 0, gestures = 0, changes = 0, states = 0;
    void audioProcessorParameterChanged(juce::AudioProcessor*, int, float) override { changes += gestures_open == 1; }
    void audioProcessorParameterChangeGestureBegin(juce::AudioProcessor*, int) override {
        ++gestures_open;
        ++gestures;
    }
    void audioProcessorParameterChangeGestureEnd(juce::AudioProcessor*, int) override { --gestures_open; }
    void audioProcessorChanged(juce::AudioProcessor*, const ChangeDetails& details) override {
        states += details.nonParameterStateChanged;
    }
};

BOOST_AUTO_TEST_CASE(hosts_are_told_of_another_preset_so_that_they_offer_to_save) {
    Processor processor;
    Host host;
    processor.addListener(&host);
    load(processor, unity_preset());
    BOOST_TEST(host.states == 1);
    set(processor, "mix", 50);
    BOOST_TEST(host.states == 1);
    processor.removeListener(&host);
}

BOOST_AUTO_TEST_CASE(what_is_clicked_is_a_gesture_that_hosts_can_undo) {
    Processor processor;
    wait_until_loaded(processor);
    const std::unique_ptr<juce::AudioProcessorEditor> editor(processor.createEditor());
    Host host;
    processor.addListener(&host);
    int clicked = 0;
    const std::function<void(juce::Component&)> click = [&](juce::Component& component) {
        auto* toggle = dynamic_cast<juce::ToggleButton*>(&component);
        auto* slot = dynamic_cast<SlotCard*>(&component);
        if (auto* button = dynamic_cast<juce::Button*>(&component);
            button && (toggle || (slot && !slot->getToggleState()))) {
            ++clicked;
            button->triggerClick();
            juce::MessageManager::getInstance()->runDispatchLoopUntil(20);
        }
        for (auto* child : component.getChildren()) click(*child);
    };
    click(*editor);
    BOOST_TEST(clicked >= 5);  // B, match, difference, link, bypass
    BOOST_TEST(host.gestures == clicked);
    BOOST_TEST(host.changes >= clicked);
    BOOST_TEST(host.gestures_open == 0);
    processor.removeListener(&host);
}

BOOST_AUTO_TEST_CASE(the_choice_of_latency_shows_what_the_plugin_has_and_turns_the_older_live_off) {
    Processor processor;
    wait_until_loaded(processor);
    set(processor, "live", 1);
    LatencyChooser chooser(processor.parameters());
    BOOST_TEST(chooser.getText() == "Live 5 ms");
    Host host;
    processor.addListener(&host);
    chooser.setSelectedItemIndex(2, juce::sendNotificationSync);
    BOOST_TEST(processor.parameters().getRawParameterValue("latency")->load() == 2.0f);
    BOOST_TEST(processor.parameters().getRawParameterValue("live")->load() == 0.0f);
    BOOST_TEST(host.gestures == 2);
    BOOST_TEST(host.gestures_open == 0);
    BOOST_TEST(chooser.getText() == "Studio 40 ms");
    set(processor, Latency::quality);  // by the host
    juce::MessageManager::getInstance()->runDispatchLoopUntil(20);
    BOOST_TEST(chooser.getText() == "Quality 10 ms");
    chooser.setSelectedItemIndex(0, juce::sendNotificationSync);
    BOOST_TEST(host.gestures == 3);
    prepare(processor, 1, 48000);
    BOOST_TEST(processor.getLatencySamples() == 240);
    processor.removeListener(&host);
}

BOOST_AUTO_TEST_CASE(a_preset_that_the_present_mode_cannot_play_stays_in_the_session) {
    Processor processor;
    set(processor, "live", 1);
    juce::MemoryBlock state = write_session(processor.getParameters(),
                                            {PresetRequest{"ten.gruve", serialise(unity_preset()), {}, true}}),
                      again;
    prepare(processor, 1, 48000);
    processor.setStateInformation(state.getData(), static_cast<int>(state.getSize()));
    wait_until_loaded(processor);
    BOOST_TEST(processor.message().contains("ten.gruve"));
    processor.getStateInformation(again);
    BOOST_TEST((again == state));
}

BOOST_AUTO_TEST_CASE(a_preset_that_cannot_be_read_stays_in_the_session_until_another_is_loaded) {
    Processor processor;
    prepare(processor, 1, 48000);
    auto newer = serialise(half_preset());
    newer[8] = 99;  // the format's version
    juce::MemoryBlock state = write_session(processor.getParameters(), {PresetRequest{"newer.gruve", newer, {}, true}}),
                      again;
    processor.setStateInformation(state.getData(), static_cast<int>(state.getSize()));
    wait_until_loaded(processor);
    BOOST_TEST(processor.message().contains("newer.gruve"));
    processor.getStateInformation(again);
    BOOST_TEST((again == state));
    load(processor, unity_preset(), "mine.gruve");
    processor.getStateInformation(again);
    BOOST_TEST(read_session(again.getData(), static_cast<int>(again.getSize())).presets[0].source == "mine.gruve");
}

BOOST_AUTO_TEST_CASE(a_session_of_a_newer_version_is_saved_as_it_came_until_something_is_changed) {
    const auto saved = [](Processor& processor) {
        juce::MemoryBlock state;
        processor.getStateInformation(state);
        return state;
    };
    const auto restore = [](Processor& processor, const juce::MemoryBlock& state) {
        processor.setStateInformation(state.getData(), static_cast<int>(state.getSize()));
        wait_until_loaded(processor);
    };
    juce::MemoryBlock newer;
    const auto xml =
        juce::parseXML("<gruve version=\"" + juce::String(session_version + 1) + "\"><unheard of=\"here\"/></gruve>");
    juce::AudioProcessor::copyXmlToBinary(*xml, newer);
    const std::array<std::function<void(Processor&)>, 3> changes{
        [](Processor& processor) { set(processor, "mix", 33); },
        [](Processor& processor) { load(processor, half_preset(), "mine.gruve"); },
        [](Processor& processor) { processor.load_bytes({}, "", 0); }};
    for (const auto& change : changes) {
        Processor processor;
        prepare(processor, 1, 48000);
        restore(processor, newer);
        BOOST_TEST(processor.message().endsWith("; kept until something is changed"));
        BOOST_TEST((saved(processor) == newer));
        play(processor, noise(1, 5000));
        restore(processor, {"garbage", 7});
        BOOST_TEST((saved(processor) == newer));

        change(processor);
        wait_until_loaded(processor);
        const auto own = saved(processor);
        BOOST_TEST(read_session(own.getData(), static_cast<int>(own.getSize())).error.isEmpty());
        restore(processor, newer);
        BOOST_TEST((saved(processor) == newer));
        restore(processor, own);  // as a host's undo does
        BOOST_TEST((saved(processor) == own));
    }
}

BOOST_AUTO_TEST_CASE(a_preset_later_than_the_plugin_can_be_is_told_so) {
    Processor processor;
    DenoiserConfig late;
    late.latency_s = 0.016f, late.window_s = 0.032f;
    prepare(processor, 1, 48000);
    load(processor, *tiny::denoiser_preset(1, late), "late.gruve");
    BOOST_TEST(processor.message() ==
               "late.gruve needs 16 ms of latency, the plugin is set to 10 ms: set Latency to "
               "Studio to play it");
    late = studio_config();
    late.look_ahead = 7;
    load(processor, *tiny::denoiser_preset(1, late), "late.gruve");
    BOOST_TEST(processor.message() ==
               "late.gruve needs 45 ms of latency, the plugin is set to 10 ms: the plugin has 40 "
               "ms at most");
    set(processor, Latency::live);
    load(processor, unity_preset(), "ten.gruve");
    BOOST_TEST((processor.message().contains("ten.gruve") && processor.message().endsWith("set Latency to Quality to "
                                                                                          "play it")));
}

BOOST_AUTO_TEST_CASE(garbage_is_ignored_with_a_message) {
    Processor processor;
    load(processor, half_preset(), "kept.gruve");
    set(processor, "mix", 33);
    prepare(processor, 1, 48000);
    std::mt19937 random(5);
    juce::MemoryBlock own;
    processor.getStateInformation(own);
    std::vector<juce::MemoryBlock> states;
    for (std::size_t size : {0u, 1u, 7u, 100u, 5000u}) {
        juce::MemoryBlock block(size);
        for (std::size_t i = 0; i < size; ++i) block[i] = static_cast<char>(random());
        states.push_back(block);
    }
    for (const char* xml : {"<other version=\"1\"/>", "<gruve/>", "<gruve version=\"99\"/>",
                            "<gruve version=\"1\"><slot id=\"A\" preset=\"!!\"/></gruve>"}) {
        juce::MemoryBlock block;
        juce::AudioProcessor::copyXmlToBinary(*juce::parseXML(xml), block);
        states.push_back(block);
    }
    for (const auto& state : states) {
        processor.setStateInformation(state.getData(), static_cast<int>(state.getSize()));
        wait_until_loaded(processor);
        BOOST_TEST(processor.message().startsWith("Session not restored: "));
        BOOST_TEST(processor.loaded()->source == "kept.gruve");
        BOOST_TEST(std::abs(processor.parameters().getRawParameterValue("mix")->load() - 33.0f) < 0.01f);
    }
}

BOOST_AUTO_TEST_CASE(damaged_sessions_never_harm) {
    Processor processor;
    load(processor, half_preset());
    prepare(processor, 1, 48000);
    juce::MemoryBlock own;
    processor.getStateInformation(own);
    std::mt19937 random(6);
    for (int round = 0; round < 100; ++round) {
        juce::MemoryBlock state(own);
        for (int k = 0; k < 8; ++k)
            state[static_cast<std::size_t>(random() % own.getSize())] = static_cast<char>(random());
        if (round % 3 == 0) state.setSize(random() % own.getSize());
        processor.setStateInformation(state.getData(), static_cast<int>(state.getSize()));
        wait_until_loaded(processor);
        const Audio output = play(processor, noise(1, 600));
        for (int i = 0; i < 600; ++i) BOOST_REQUIRE(std::isfinite(output.getSample(0, i)));
    }
}

BOOST_AUTO_TEST_SUITE_END()

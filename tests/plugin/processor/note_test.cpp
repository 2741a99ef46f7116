// Detections become MIDI notes.
#include "tests/plugin/support.h"

using namespace gruve;
using namespace gruve::plugin;
using namespace gruve::plugin::test;

namespace {

/// Detects word 2 in each burst of sound, from 0.5 s on.
const Preset& eager_preset() {
    static const auto preset = tiny::loud_word_preset({0.02f, 0.2f, 0.5f, {}});
    return *preset;
}

juce::MidiBuffer notes_of(const std::vector<int>& blocks, int samples = 96000) {
    Processor processor;
    load(processor, eager_preset());
    set(processor, "first_note", 48);
    set(processor, "note_length", 50);
    set(processor, "midi_channel", 3);
    prepare(processor, 2, 48000);
    juce::MidiBuffer notes;
    play(processor, bursts(2, samples, 48000), blocks, &notes);
    return notes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(notes)

BOOST_AUTO_TEST_CASE(a_detection_is_a_note_of_its_label_with_its_score_and_length) {
    const auto preset = std::make_shared<const Preset>(eager_preset());
    KeywordSpotter spotter(preset, tiny::network_of(preset), 48000);
    const Audio sound = bursts(1, 96000, 48000);
    std::vector<Detection> expected(100);
    expected.resize(static_cast<std::size_t>(spotter.process({sound.getReadPointer(0), 96000}, expected)));
    BOOST_REQUIRE(expected.size() >= 4u);

    std::vector<std::pair<juce::MidiMessage, int>> on, off;
    for (const auto event : notes_of({512})) {
        const auto message = event.getMessage();
        (message.isNoteOn() ? on : off).push_back({message, event.samplePosition});
    }
    BOOST_REQUIRE(on.size() == expected.size());
    for (std::size_t i = 0; i < on.size(); ++i) {
        BOOST_TEST(on[i].second == expected[i].sample + 480);  // together with the audio that contains the word
        BOOST_TEST(on[i].first.getNoteNumber() == 48 + expected[i].label);
        BOOST_TEST(on[i].first.getChannel() == 3);
        BOOST_TEST(std::abs(on[i].first.getFloatVelocity() - expected[i].score) < 0.01f);
        if (i < off.size()) BOOST_TEST(off[i].second == on[i].second + 2400);
    }
}

BOOST_AUTO_TEST_CASE(block_sizes_do_not_move_notes) {
    const auto table = [](const juce::MidiBuffer& notes) {
        juce::String text;
        for (const auto event : notes)
            text << event.samplePosition << " " << event.getMessage().getDescription() << "\n";
        return text.toStdString();
    };
    const auto expected = table(notes_of({512}));
    BOOST_TEST(!expected.empty());
    for (const std::vector<int>& blocks : std::vector<std::vector<int>>{{1}, {37}, {960}, {20000}})
        BOOST_TEST(table(notes_of(blocks)) == expected);
}

BOOST_AUTO_TEST_CASE(a_word_said_again_while_its_note_sounds_starts_the_note_anew) {
    NoteQueue queue;
    queue.add(1, 60, 0.5f, 100, 2000);
    queue.add(1, 61, 0.5f, 100, 2000);  // another note is not affected
    queue.add(1, 60, 0.5f, 1000, 2000);
    juce::MidiBuffer midi;
    queue.emit(midi, 4000);
    juce::String text;
    for (const auto event : midi)
        text << event.samplePosition << (event.getMessage().isNoteOn() ? " on " : " off ")
             << event.getMessage().getNoteNumber() << ", ";
    BOOST_TEST(text == "100 on 60, 100 on 61, 1000 off 60, 1000 on 60, 2100 off 61, 3000 off 60, ");
}

BOOST_AUTO_TEST_CASE(no_note_is_left_hanging_when_the_preset_changes) {
    Processor processor;
    load(processor, eager_preset());
    set(processor, "note_length", 2000);
    prepare(processor, 1, 48000);
    juce::MidiBuffer notes;
    play(processor, noise(1, 48000), {512}, &notes);
    load(processor, unity_preset());
    prepare(processor, 1, 44100);
    play(processor, noise(1, 44100), {512}, &notes);
    int sounding = 0, started = 0;
    for (const auto event : notes) {
        sounding += event.getMessage().isNoteOn() ? 1 : -1;
        started += event.getMessage().isNoteOn();
    }
    BOOST_TEST(started > 0);
    BOOST_TEST(sounding == 0);
}

BOOST_AUTO_TEST_CASE(a_bypassed_plugin_ends_its_notes_and_sends_no_more) {
    for (const bool by_host : {false, true}) {
        Processor processor;
        load(processor, eager_preset());
        set(processor, "note_length", 2000);
        prepare(processor, 1, 48000);
        juce::MidiBuffer before, during;
        play(processor, bursts(1, 30000, 48000), {500}, &before);
        int sounding = 0;
        for (const auto event : before) sounding += event.getMessage().isNoteOn() ? 1 : -1;
        BOOST_TEST(sounding > 0);

        const Audio input = bursts(1, 96000, 48000);
        if (!by_host) set(processor, "bypass", 1);
        if (!by_host) play(processor, input, {500}, &during);
        for (int start = 0; by_host && start < 96000; start += 500) {
            juce::MidiBuffer midi;
            Audio piece(1, 500);
            piece.copyFrom(0, 0, input, 0, start, 500);
            processor.processBlockBypassed(piece, midi);
            during.addEvents(midi, 0, 500, start);
        }
        for (const auto event : during) {
            BOOST_TEST(event.getMessage().isNoteOff());
            BOOST_TEST(event.samplePosition == 0);
            --sounding;
        }
        BOOST_TEST(sounding <= 0);
        BOOST_TEST(processor.keywords().word() == 0);

        set(processor, "bypass", 0);
        juce::MidiBuffer after;
        play(processor, input, {500}, &after);
        BOOST_TEST(!after.isEmpty());
    }
}

BOOST_AUTO_TEST_SUITE_END()

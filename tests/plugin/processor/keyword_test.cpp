// The output parameter and the log of a keyword preset, and hostile input.
#include <limits>

#include "plugin/editor/views/keyword_view.h"
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

int heard_word(Processor& processor) {
    juce::MessageManager::getInstance()->runDispatchLoopUntil(100);  // the worker looks for a new word every 20 ms
    return juce::roundToInt(processor.parameters().getRawParameterValue("heard_word")->load());
}

Audio silence(int channels, int samples) {
    Audio audio(channels, samples);
    audio.clear();
    return audio;
}

struct Notes {
    int started = 0, sounding = 0;
};

Notes count(const juce::MidiBuffer& midi) {
    Notes notes;
    for (const auto event : midi) {
        notes.started += event.getMessage().isNoteOn();
        notes.sounding += event.getMessage().isNoteOn() ? 1 : -1;
    }
    return notes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(keywords)

BOOST_AUTO_TEST_CASE(the_output_parameter_shows_the_word_while_its_note_sounds) {
    Processor processor;
    load(processor, eager_preset());
    set(processor, "note_length", 100);
    prepare(processor, 1, 48000);
    BOOST_TEST(heard_word(processor) == 0);
    play(processor, noise(1, 24000 + 512), {512});  // the note started 480 samples ago at most
    BOOST_TEST(heard_word(processor) == 3);
    play(processor, noise(1, 5120), {512});
    BOOST_TEST(heard_word(processor) == 0);
    BOOST_TEST(processor.parameters().getParameter("heard_word")->getCategory() ==
               juce::AudioProcessorParameter::otherMeter);
}

BOOST_AUTO_TEST_CASE(sensitivity_moves_the_thresholds_while_it_plays) {
    Preset sixty = *tiny::constant_word_preset({0, 0, 1099}, 0.001f, {0.02f, 0.1f, 0.0f, {}});  // word 2 has 0.6
    sixty.detection.threshold = {1.0f, 1.0f, 0.7f};
    Processor processor;
    load(processor, sixty);
    prepare(processor, 1, 48000);
    const auto notes = [&] {
        juce::MidiBuffer midi;
        play(processor, silence(1, 24000), {512}, &midi);
        return count(midi).started;
    };
    BOOST_TEST(notes() == 0);
    set(processor, "sensitivity", 50);  // 0.7 becomes 0.46
    BOOST_TEST(notes() == 1);
    set(processor, "sensitivity", -100);
    BOOST_TEST(notes() == 0);
}

BOOST_AUTO_TEST_CASE(the_log_names_every_detection_at_its_time) {
    Processor processor;
    load(processor, eager_preset());
    prepare(processor, 1, 48000);
    juce::MidiBuffer midi;
    play(processor, bursts(1, 96000, 48000), {480}, &midi);
    std::vector<double> starts;
    for (const auto event : midi)
        if (event.getMessage().isNoteOn()) starts.push_back(event.samplePosition / 48000.0);
    const auto log = processor.keywords().last(processor.loaded()->number);
    BOOST_REQUIRE(log.size() == starts.size());
    BOOST_REQUIRE(log.size() >= 4u);
    for (std::size_t i = 0; i < log.size(); ++i) BOOST_TEST(log[i].seconds == starts[i]);
    const juce::String text = text_of({log.front()}, eager_preset().labels);
    const juce::String line = juce::String(starts.front(), 3) + " s  " + juce::String(eager_preset().labels[2]) + "  " +
                              juce::String(log.front().score, 2) + "\n";
    BOOST_TEST(text.toStdString() == line.toStdString());
}

BOOST_AUTO_TEST_CASE(the_log_of_a_preset_holds_only_what_it_heard_itself) {
    Processor processor;
    load(processor, eager_preset());
    const auto first = processor.loaded()->number;
    prepare(processor, 1, 48000);
    play(processor, bursts(1, 48000, 48000));
    const auto before = processor.keywords().last(first).size();
    BOOST_TEST(before > 0u);
    load(processor, eager_preset(), "other.gruve");
    const auto second = processor.loaded()->number;
    BOOST_TEST(
        processor.keywords().last(second).empty());  // otherwise its words would appear at the other preset's times
    play(processor, bursts(1, 96000, 48000));
    const auto log = processor.keywords().last(second);
    BOOST_REQUIRE(!log.empty());
    BOOST_TEST(processor.keywords().last(first).size() + log.size() == processor.keywords().count());
}

BOOST_AUTO_TEST_CASE(the_log_keeps_the_last_ones) {
    KeywordOutput output;
    for (int i = 0; i < 1000; ++i) output.add({i % 5, 0.5f, 0}, 7, i, 10, 1.0);
    const auto last = output.last(7);
    BOOST_REQUIRE(last.size() == KeywordOutput::kept / 2);
    BOOST_TEST(last.back().seconds == 999.0);
    BOOST_TEST(last.front().seconds == 1000.0 - KeywordOutput::kept / 2);
    BOOST_TEST(output.count() == 1000u);
}

BOOST_AUTO_TEST_CASE(audio_passes_bit_identical_at_the_plugins_latency) {
    for (const int channels : {1, 2}) {
        Processor processor;
        load(processor, eager_preset());
        prepare(processor, channels, 44100);
        const Audio input = noise(channels, 44100);
        BOOST_TEST(delayed(input, play(processor, input, {441, 1, 4096}), processor.getLatencySamples()));
    }
}

BOOST_AUTO_TEST_CASE(hostile_streams_leave_no_note_and_no_burst) {
    for (const double rate_hz : {8000.0, 22050.0, 48000.0, 192000.0}) {
        for (const int channels : {1, 2}) {
            Processor processor;
            load(processor, eager_preset());
            prepare(processor, channels, rate_hz);
            const int second = static_cast<int>(rate_hz);
            Audio hostile(channels, 3 * second);
            for (int c = 0; c < channels; ++c)
                for (int i = 0; i < hostile.getNumSamples(); ++i) {
                    const float square = (i / 20) % 2 ? 1.0f : -1.0f;
                    const float broken =
                        i % 3 ? std::numeric_limits<float>::quiet_NaN() : std::numeric_limits<float>::infinity();
                    hostile.setSample(c, i, i < second ? square : i < 2 * second ? 1.0f : broken);
                }
            juce::MidiBuffer midi;
            play(processor, hostile, {512}, &midi);
            play(processor, silence(channels, second), {512}, &midi);
            BOOST_TEST(count(midi).started >= 1);  // three seconds without a pause
            BOOST_TEST(count(midi).started <= 2);
            load(processor, unity_preset());
            midi.clear();
            play(processor, silence(channels, second), {512}, &midi);  // until the new preset has faded in
            play(processor, noise(channels, second), {512}, &midi);
            BOOST_TEST(count(midi).started == 0);
            BOOST_TEST(count(midi).sounding <= 0);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

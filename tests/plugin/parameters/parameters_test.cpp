// The parameter list is frozen: sessions and automation depend on ids, ranges, their shape, defaults, order and texts.
#include "plugin/parameters/parameters.h"
#include "tests/plugin/support.h"

using namespace gruve::plugin;
using namespace gruve::plugin::test;

namespace {

/// "id | name | low..middle..high | default | text of low, default, high | unit | version hint | flags".
juce::String row_of(const juce::RangedAudioParameter& parameter) {
    const auto value = [&](float share) { return juce::String(parameter.convertFrom0to1(share), 3); };
    const auto text = [&](float share) { return parameter.getText(share, 64); };
    const float initial = parameter.getDefaultValue();
    juce::String row;
    row << parameter.paramID << " | " << parameter.getName(64) << " | " << value(0) << ".." << value(0.5f) << ".."
        << value(1) << " | " << value(initial) << " | " << text(0) << ", " << text(initial) << ", " << text(1) << " | "
        << parameter.getLabel() << " | " << parameter.getVersionHint() << " |"
        << (parameter.isBoolean() ? " toggle" : "") << (parameter.isDiscrete() ? " discrete" : "")
        << (parameter.isAutomatable() ? " automatable" : "")
        << (parameter.getCategory() == juce::AudioProcessorParameter::otherMeter ? " meter" : "") << "\n";
    return row;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(parameters)

BOOST_AUTO_TEST_CASE(the_list_that_sessions_and_automation_name_is_frozen) {
    Processor processor;
    juce::String table;
    for (auto* parameter : processor.getParameters())
        table << row_of(*dynamic_cast<juce::RangedAudioParameter*>(parameter));
    BOOST_TEST(
        table ==
        "bypass | Bypass | 0.000..1.000..1.000 | 0.000 | Off, Off, On |  | 1 | toggle discrete automatable\n"
        "mix | Mix | 0.000..50.000..100.000 | 100.000 | 0, 100, 100 | % | 1 | automatable\n"
        "reduction_limit | Reduction limit | 0.000..30.000..60.000 | 60.000 | 0.0, 60.0, 60.0 | dB | 1 | automatable\n"
        "attack | Attack | 0.000..50.000..500.000 | 0.000 | 0, 0, 500 | ms | 1 | automatable\n"
        "release | Release | 0.000..100.000..1000.000 | 0.000 | 0, 0, 1000 | ms | 1 | automatable\n"
        "live | Live (5 ms) | 0.000..1.000..1.000 | 0.000 | Off, Off, On |  | 1 | toggle discrete\n"
        "first_note | First note | 0.000..64.000..127.000 | 60.000 | 0, 60, 127 |  | 1 | automatable\n"
        "note_length | Note length | 20.000..200.000..2000.000 | 100.000 | 20, 100, 2000 | ms | 1 | automatable\n"
        "midi_channel | MIDI channel | 1.000..8.000..16.000 | 1.000 | 1, 1, 16 |  | 1 | automatable\n"
        "slot_b | Slot | 0.000..1.000..1.000 | 0.000 | A, A, B |  | 1 | toggle discrete automatable\n"
        "link | Stereo link | 0.000..1.000..1.000 | 0.000 | Dual, Dual, Linked |  | 1 | toggle discrete automatable\n"
        "match | Match loudness | 0.000..1.000..1.000 | 1.000 | Off, On, On |  | 1 | toggle discrete automatable\n"
        "difference | Difference (A - B) | 0.000..1.000..1.000 | 0.000 | Off, Off, On |  | 1 | toggle discrete "
        "automatable\n"
        "difference_gain | Difference gain | 0.000..20.000..40.000 | 0.000 | 0.0, 0.0, 40.0 | dB | 1 | automatable\n"
        "heard_word | Heard word | 0.000..64.000..127.000 | 0.000 | 0, 0, 127 |  | 1 | automatable meter\n"
        "sensitivity | Sensitivity | -100.000..0.000..100.000 | 0.000 | -100, 0, 100 | % | 1 | automatable\n"
        "latency | Latency | 0.000..1.000..2.000 | 1.000 | Live 5 ms, Quality 10 ms, Studio 40 ms |  | 1 | discrete\n");
}

BOOST_AUTO_TEST_SUITE_END()

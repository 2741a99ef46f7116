// What the sound does now: spectrograms, gains or words, levels, and the knobs.
#pragma once

#include "plugin/editor/views/keyword_view.h"
#include "plugin/editor/views/knob.h"
#include "plugin/editor/views/level_view.h"
#include "plugin/editor/views/meter_view.h"
#include "plugin/editor/views/spectrogram.h"
#include "plugin/editor/views/width_strip.h"
#include "plugin/processor/processor.h"

namespace gruve::plugin {

class PlayView final : public juce::Component {
public:
    explicit PlayView(Processor&);
    void show(std::shared_ptr<const LoadedPreset>);
    void refresh();  // 30 times a second
    void paint(juce::Graphics&) override;
    void resized() override;

private:
    Processor& processor_;
    Spectrogram before_, after_;
    MeterView meter_;
    KeywordView keywords_;
    LevelView levels_;
    WidthStrip widths_;
    Knob mix_, limit_, attack_, release_, difference_gain_, first_note_, note_length_, midi_channel_;
    juce::ToggleButton link_{"Link L+R"};
    juce::AudioProcessorValueTreeState::ButtonAttachment link_attachment_;
    bool words_ = false;
    unsigned refreshes_ = 0;
};

}  // namespace gruve::plugin

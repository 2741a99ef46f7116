// The Play page: spectrograms, band gains or words, levels, bit widths and the knobs.
#pragma once

#include "plugin/editor/views/keyword_view.h"
#include "plugin/editor/views/knob.h"
#include "plugin/editor/views/level_view.h"
#include "plugin/editor/views/meter_view.h"
#include "plugin/editor/views/parameter_button.h"
#include "plugin/editor/views/spectrogram.h"
#include "plugin/editor/views/width_strip.h"
#include "plugin/processor/processor.h"

namespace gruve::plugin {

class PlayView final : public juce::Component {
public:
    explicit PlayView(Processor&);
    /// The preset that is heard; null for an empty slot.
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
    Knob mix_, limit_, attack_, release_, difference_gain_, sensitivity_, first_note_, note_length_, midi_channel_;
    ParameterButton link_;
    bool words_ = false;  // the preset is a keyword spotter
    unsigned refreshes_ = 0;
};

}  // namespace gruve::plugin

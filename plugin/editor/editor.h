// The window. Drawn at one size and scaled as a whole, so that nothing is clipped at any size and all is sharp at 2x.
#pragma once

#include "plugin/editor/knob.h"
#include "plugin/editor/meter_view.h"
#include "plugin/editor/preset_bar.h"
#include "plugin/editor/preset_info.h"
#include "plugin/editor/width_strip.h"
#include "plugin/processor.h"

namespace gruve::plugin {

/// Everything in the window, at its design size.
class Panel final : public juce::Component {
public:
    static constexpr int design_width = 820, design_height = 600;

    explicit Panel(Processor&);
    void refresh();  // 30 times a second
    void set_drop_target(bool on);
    void paint(juce::Graphics&) override;
    void paintOverChildren(juce::Graphics&) override;
    void resized() override;

private:
    void show(std::shared_ptr<const LoadedPreset>);

    Processor& processor_;
    PresetBar presets_;
    juce::ToggleButton slot_{"B"}, live_{"Live"}, bypass_{"Bypass"};
    PresetInfo info_;
    WidthStrip widths_;
    MeterView meter_;
    Knob mix_, limit_, attack_, release_, first_note_, note_length_, midi_channel_;
    juce::AudioProcessorValueTreeState::ButtonAttachment slot_attachment_, live_attachment_, bypass_attachment_;
    std::shared_ptr<const LoadedPreset> shown_;
    juce::String message_, footer_;
    bool drop_target_ = false;
    int refreshes_ = -1;
};

class Editor final : public juce::AudioProcessorEditor, public juce::FileDragAndDropTarget, private juce::Timer {
public:
    explicit Editor(Processor&);
    ~Editor() override;
    void paint(juce::Graphics& g) override { g.fillAll(colour::background); }
    void resized() override;
    bool isInterestedInFileDrag(const juce::StringArray& files) override;
    void fileDragEnter(const juce::StringArray&, int, int) override { panel_.set_drop_target(true); }
    void fileDragExit(const juce::StringArray&) override { panel_.set_drop_target(false); }
    void filesDropped(const juce::StringArray& files, int, int) override;

private:
    void timerCallback() override { panel_.refresh(); }

    Processor& gruve_;
    Theme theme_;
    Panel panel_;
    juce::TooltipWindow tooltips_{this, 600};
};

}  // namespace gruve::plugin

// The window. Drawn at one size and scaled as a whole, so that nothing is clipped at any size and all is sharp at 2x.
#pragma once

#include "plugin/editor/abx_panel.h"
#include "plugin/editor/play_view.h"
#include "plugin/editor/preset_bar.h"
#include "plugin/editor/preset_browser.h"
#include "plugin/editor/slot_card.h"
#include "plugin/processor.h"

namespace gruve::plugin {

enum class Page { play, browse, abx };

/// Everything in the window, at its design size.
class Panel final : public juce::Component {
public:
    static constexpr int design_width = 980, design_height = 720;

    explicit Panel(Processor&);
    void refresh();  // 30 times a second
    void turn_to(Page);
    void set_drop_target(bool on);
    void paint(juce::Graphics&) override;
    void paintOverChildren(juce::Graphics&) override;
    void resized() override;
    AbxPanel& abx() { return abx_; }

private:
    void show_slots();
    void select_slot(std::size_t);
    void add_folder();

    Processor& processor_;
    PresetLibrary library_;
    PresetBar presets_;
    std::array<juce::TextButton, 3> pages_;  // in the order of Page
    std::array<SlotCard, 2> slots_{SlotCard{"A"}, SlotCard{"B"}};
    juce::ToggleButton match_{"Match"}, difference_{juce::String::fromUTF8("A − B")}, live_{"Live"}, bypass_{"Bypass"};
    juce::TextButton copy_{"Copy diagnostics"};
    PlayView play_;
    PresetBrowser browser_;
    AbxPanel abx_;
    juce::AudioProcessorValueTreeState::ButtonAttachment match_attachment_, difference_attachment_, live_attachment_, bypass_attachment_;
    std::array<std::shared_ptr<const LoadedPreset>, 2> shown_;
    std::size_t heard_ = 0;
    Page page_ = Page::play;
    juce::String message_, status_, offset_;
    std::unique_ptr<juce::FileChooser> dialog_;
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
    Panel& panel() { return panel_; }

private:
    void timerCallback() override { panel_.refresh(); }

    Processor& gruve_;
    Theme theme_;
    Panel panel_;
    juce::TooltipWindow tooltips_{this, 600};
};

}  // namespace gruve::plugin

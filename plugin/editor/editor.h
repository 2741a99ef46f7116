// The plugin's window. It is laid out at one size and scaled as a whole, so that nothing is clipped at any size.
#pragma once

#include "plugin/editor/pages/abx_panel.h"
#include "plugin/editor/pages/play_view.h"
#include "plugin/editor/pages/preset_bar.h"
#include "plugin/editor/pages/preset_browser.h"
#include "plugin/editor/views/latency_chooser.h"
#include "plugin/editor/views/parameter_button.h"
#include "plugin/editor/views/slot_card.h"
#include "plugin/editor/views/status_line.h"
#include "plugin/processor/processor.h"

namespace gruve::plugin {

enum class Page { play, browse, abx };

/// The whole content of the window, at its design size.
class Panel final : public juce::Component {
public:
    static constexpr int design_width = 980, design_height = 720;

    explicit Panel(Processor&);
    void refresh();  // 30 times a second
    void turn_to(Page);
    /// The slot that receives a file dropped at `at`: that of the card under it, else the slot that is heard.
    std::size_t slot_at(juce::Point<int> at) const;
    /// Highlights the slot that would receive the file that is dragged over the window. nullopt: no file.
    void set_drop_target(std::optional<std::size_t> slot);
    void paint(juce::Graphics&) override;
    void paintOverChildren(juce::Graphics&) override;
    void resized() override;
    AbxPanel& abx() { return abx_; }

private:
    void show_slots();
    void show_status();
    void select_slot(std::size_t);
    void copy_diagnostics();
    void add_folder();

    Processor& processor_;
    PresetLibrary library_;
    PresetBar presets_;
    std::array<juce::TextButton, 3> pages_;  // in the order of Page
    std::array<SlotCard, 2> slots_{SlotCard{"A"}, SlotCard{"B"}};
    ParameterButton match_, difference_, bypass_;
    LatencyChooser latency_;
    juce::TextButton copy_{"Copy diagnostics"};
    PlayView play_;
    PresetBrowser browser_;
    AbxPanel abx_;
    std::array<std::shared_ptr<const LoadedPreset>, 2> shown_;
    std::size_t heard_ = 0;
    Page page_ = Page::play;
    StatusLine status_;
    juce::String offset_;  // the loudness offset as shown, "B +1.20 dB"
    juce::String done_;    // the last action, shown for done_refreshes_ more readings
    std::unique_ptr<juce::FileChooser> dialog_;
    std::optional<std::size_t> drop_target_;
    int refreshes_ = -1, done_refreshes_ = 0;
};

class Editor final : public juce::AudioProcessorEditor, public juce::FileDragAndDropTarget, private juce::Timer {
public:
    explicit Editor(Processor&);
    ~Editor() override;
    void paint(juce::Graphics& g) override { g.fillAll(colour::background); }
    void resized() override;
    bool isInterestedInFileDrag(const juce::StringArray& files) override;
    void fileDragEnter(const juce::StringArray& files, int x, int y) override { fileDragMove(files, x, y); }
    void fileDragMove(const juce::StringArray&, int x, int y) override {
        panel_.set_drop_target(panel_.slot_at(panel_.getLocalPoint(this, juce::Point(x, y))));
    }
    void fileDragExit(const juce::StringArray&) override { panel_.set_drop_target(std::nullopt); }
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

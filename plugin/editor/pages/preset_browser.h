// The Browse page: the built-in presets and those in the user's folders, with a list, a plot, the bit widths and the
// model card.
#pragma once

#include <juce_gui_basics/juce_gui_basics.h>

#include "plugin/editor/views/front_plot.h"
#include "plugin/editor/views/width_strip.h"
#include "plugin/presets/preset_library.h"
#include "plugin/processor/processor.h"

namespace gruve::plugin {

class PresetBrowser final : public juce::Component, private juce::ListBoxModel {
public:
    PresetBrowser(Processor&, PresetLibrary&);
    /// Shows what the library has read since the last call.
    void refresh();
    void paint(juce::Graphics&) override;
    void paintOverChildren(juce::Graphics&) override;
    void resized() override;
    void mouseMove(const juce::MouseEvent&) override;
    void mouseUp(const juce::MouseEvent&) override;

    std::function<void()> on_folder;  // called when "Add folder…" is pressed

private:
    int getNumRows() override { return static_cast<int>(rows_.size()); }
    void paintListBoxItem(int row, juce::Graphics&, int width, int height, bool selected) override;
    juce::String getNameForRow(int row) override;
    juce::String getTooltipForRow(int row) override;
    void selectedRowsChanged(int row) override { choose(row); }
    void listBoxItemDoubleClicked(int row, const juce::MouseEvent&) override { load(row, processor_.heard_slot()); }
    void returnKeyPressed(int row) override { load(row, processor_.heard_slot()); }

    void fill();
    void choose(int row);
    void show_card(const juce::String& text);
    void load(int row, std::size_t slot);
    int row_of(const LibraryEntry&) const;
    juce::Rectangle<int> heading() const;
    /// The column whose heading is at this point, or −1.
    int column_at(juce::Point<int> at) const;
    /// Whether the preset needs more latency than the plugin has now.
    bool too_late(const LibraryEntry&) const;

    Processor& processor_;
    PresetLibrary& library_;
    std::shared_ptr<const LibraryContent> content_;
    std::vector<LibraryEntry> rows_;
    SlotSources in_slots_;
    juce::TextEditor search_, card_;
    juce::ComboBox sort_;
    juce::ListBox list_{"Presets", this};
    juce::TextButton load_a_{"Load into A"}, load_b_{"Load into B"}, folder_{juce::String::fromUTF8("Add folder…")},
        rescan_{"Rescan"};
    FrontPlot plot_;
    WidthStrip widths_;
    juce::Rectangle<int> heading_;
};

/// Loads a library entry. Reads the file again, so that the slot plays its present content.
void load_entry(Processor&, const LibraryEntry&, std::size_t slot);

}  // namespace gruve::plugin

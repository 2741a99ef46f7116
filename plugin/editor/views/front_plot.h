// A plot of metric against size. Each point is a preset to click.
#pragma once

#include <juce_gui_basics/juce_gui_basics.h>

#include "plugin/presets/preset_library.h"

namespace gruve::plugin {

class FrontPlot final : public juce::Component, public juce::SettableTooltipClient {
public:
    FrontPlot();
    /// Shows the entries of the same task as `chosen`, with a letter beside those that play in a slot. chosen: may be
    /// null.
    void show(const std::vector<LibraryEntry>& entries, const LibraryEntry* chosen, const SlotSources& in_slots);
    void paint(juce::Graphics&) override;
    void mouseMove(const juce::MouseEvent&) override;
    void mouseDown(const juce::MouseEvent&) override;
    void mouseExit(const juce::MouseEvent&) override;
    void mouseDoubleClick(const juce::MouseEvent&) override;

    /// Called when a point is clicked or double-clicked.
    std::function<void(const LibraryEntry&)> on_choose, on_load;

private:
    juce::Rectangle<float> plot() const;
    juce::Point<float> place(const LibraryEntry&) const;
    const LibraryEntry* nearest(juce::Point<float>) const;
    void paint_axes(juce::Graphics&) const;
    void paint_front(juce::Graphics&) const;
    void paint_point(juce::Graphics&, const LibraryEntry&) const;
    void paint_letters(juce::Graphics&, const LibraryEntry&) const;

    std::vector<LibraryEntry> points_;
    std::string chosen_name_, hovered_name_;
    std::filesystem::path chosen_path_;
    SlotSources in_slots_;
    double least_ = 0, most_ = 1, fewest_ = 1, largest_ = 2;  // ends of the axes: metric, then bytes
};

}  // namespace gruve::plugin

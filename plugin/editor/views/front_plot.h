// Metric against bytes: each point a preset to click.
#pragma once

#include <juce_gui_basics/juce_gui_basics.h>

#include "plugin/presets/preset_library.h"

namespace gruve::plugin {

class FrontPlot final : public juce::Component, public juce::SettableTooltipClient {
public:
    FrontPlot();
    /// Those of `entries` that share the chosen one's task; a letter beside those in a slot.
    void show(const std::vector<LibraryEntry>& entries, const LibraryEntry* chosen, const SlotSources& in_slots);
    void paint(juce::Graphics&) override;
    void mouseMove(const juce::MouseEvent&) override;
    void mouseDown(const juce::MouseEvent&) override;
    void mouseExit(const juce::MouseEvent&) override;
    void mouseDoubleClick(const juce::MouseEvent&) override;

    /// A point was clicked, or double-clicked.
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
    double least_ = 0, most_ = 1, fewest_ = 1, largest_ = 2;  // metric, bytes
};

}  // namespace gruve::plugin

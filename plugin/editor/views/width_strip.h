// The bit widths of the 17 operators of each GRU layer, one cell each.
#pragma once

#include <juce_gui_basics/juce_gui_basics.h>

#include "engine/preset/preset.h"

namespace gruve::plugin {

class WidthStrip final : public juce::Component, public juce::SettableTooltipClient {
public:
    WidthStrip() { setTitle("Bits of each operator"); }
    /// Null: the slot is empty.
    void show(const Preset*);
    void paint(juce::Graphics&) override;
    void mouseMove(const juce::MouseEvent&) override;

private:
    juce::Rectangle<int> cells() const;
    std::vector<GruWidths> layers_;
    bool float_ = false;
};

}  // namespace gruve::plugin

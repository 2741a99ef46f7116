// The seventeen operator widths of each GRU layer, one cell each.
#pragma once

#include <juce_gui_basics/juce_gui_basics.h>

#include "engine/model.h"

namespace gruve::plugin {

class WidthStrip final : public juce::Component, public juce::SettableTooltipClient {
public:
    WidthStrip() { setTitle("Bits of each operator"); }
    void show(const Model*);
    void paint(juce::Graphics&) override;
    void mouseMove(const juce::MouseEvent&) override;

private:
    std::vector<GruWidths> layers_;
};

}  // namespace gruve::plugin

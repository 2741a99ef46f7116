// The last line of the window. On the left the problem, else the last action, else the state; on the right rate and
// latency.
#pragma once

#include <juce_gui_basics/juce_gui_basics.h>

#include "plugin/editor/style/theme.h"

namespace gruve::plugin {

class StatusLine final : public juce::Component, public juce::SettableTooltipClient {
public:
    /// A problem stays until it is solved. Screen readers announce it once. stream: sample rate and latency.
    void show(const juce::String& problem, const juce::String& state, const juce::String& stream) {
        if (problem == problem_ && state == state_ && stream == stream_) return;
        if (problem != problem_ && problem.isNotEmpty())
            juce::AccessibilityHandler::postAnnouncement(problem,
                                                         juce::AccessibilityHandler::AnnouncementPriority::high);
        problem_ = problem;
        state_ = state;
        stream_ = stream;
        setTitle("Status: " + (problem.isEmpty() ? state : problem));
        setTooltip(problem.isEmpty() ? juce::String("Sample rate, and the latency that the host compensates for")
                                     : problem);
        repaint();
    }

    void paint(juce::Graphics& g) override {
        auto area = getLocalBounds();
        g.setFont(plain_font(13.0f));
        g.setColour(colour::dim);
        g.drawText(stream_, area.removeFromRight(250), juce::Justification::centredRight);
        if (problem_.isNotEmpty()) {
            const auto mark = area.removeFromLeft(18).toFloat().withSizeKeepingCentre(15.0f, 15.0f);
            area.removeFromLeft(6);
            g.setColour(colour::error);
            g.fillEllipse(mark);
            g.setColour(colour::background);
            g.setFont(bold_font(12.0f));
            g.drawText("!", mark, juce::Justification::centred);
            g.setFont(plain_font(13.0f));
            g.setColour(colour::error);
        }
        g.drawFittedText(problem_.isEmpty() ? state_ : problem_, area, juce::Justification::centredLeft, 1, 0.8f);
    }

private:
    juce::String problem_, state_, stream_;
};

}  // namespace gruve::plugin

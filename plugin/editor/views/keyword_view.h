// Keywords as they are detected: the posterior of each word over the last seconds with its threshold, and the last
// detections.
#pragma once

#include <juce_gui_basics/juce_gui_basics.h>

#include <deque>

#include "plugin/lock_free/keyword_output.h"
#include "plugin/lock_free/meters.h"
#include "plugin/presets/loaded_preset.h"

namespace gruve::plugin {

/// The log as text, one detection a line: "12.340 s  alexa  0.97".
juce::String text_of(const std::vector<LoggedDetection>&, const std::vector<std::string>& labels);

class KeywordView final : public juce::Component {
public:
    /// first_note: the MIDI note of label 0. sensitivity: in percent.
    KeywordView(const Meters& meters, const KeywordOutput& output, const std::atomic<float>& first_note,
                const std::atomic<float>& sensitivity);
    /// Shows nothing for null and for other kinds of presets.
    void show(std::shared_ptr<const LoadedPreset>);
    void refresh();  // 30 times a second
    void paint(juce::Graphics&) override;
    void resized() override;

private:
    void paint_word(juce::Graphics&, juce::Rectangle<float> row, std::size_t word) const;

    const Meters& meters_;
    const KeywordOutput& output_;
    const std::atomic<float>& first_note_;
    const std::atomic<float>& sensitivity_percent_;
    std::shared_ptr<const LoadedPreset> loaded_;
    std::deque<std::vector<float>> history_;  // posteriors, oldest first
    std::vector<float> thresholds_;           // at the sensitivity of the last paint
    juce::TextButton copy_{"Copy log"};
};

}  // namespace gruve::plugin

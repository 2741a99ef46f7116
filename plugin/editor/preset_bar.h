// Factory presets, previous, next, and a file from disk.
#pragma once

#include <juce_gui_basics/juce_gui_basics.h>

#include "plugin/processor.h"

namespace gruve::plugin {

class PresetBar final : public juce::Component {
public:
    explicit PresetBar(Processor&);
    /// What the closed chooser says.
    void show(const juce::String& source);
    void resized() override;

private:
    void step(int by);
    void choose_file();

    Processor& processor_;
    juce::TextButton previous_{"<"}, next_{">"}, file_{juce::String::fromUTF8("Load file…")};
    juce::ComboBox chooser_;
    std::unique_ptr<juce::FileChooser> dialog_;
};

}  // namespace gruve::plugin

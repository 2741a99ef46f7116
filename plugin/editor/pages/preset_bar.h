// The preset of the slot that is heard: its name, buttons for the previous and the next one, and one to load a file.
#pragma once

#include <juce_gui_basics/juce_gui_basics.h>

#include "plugin/presets/preset_library.h"
#include "plugin/processor/processor.h"

namespace gruve::plugin {

class PresetBar final : public juce::Component {
public:
    PresetBar(Processor&, PresetLibrary&);
    /// Shows what the library has read so far. source: LoadedPreset::source of the slot that is heard; empty for an
    /// empty slot.
    void refresh(const juce::String& source);
    void resized() override;

private:
    void step(int by);
    void choose_file();

    Processor& processor_;
    PresetLibrary& library_;
    std::shared_ptr<const LibraryContent> content_;
    juce::String source_;
    juce::TextButton previous_{"<"}, next_{">"}, file_{juce::String::fromUTF8("Load…")};
    juce::ComboBox chooser_;
    std::unique_ptr<juce::FileChooser> dialog_;
};

}  // namespace gruve::plugin

#include "plugin/editor/preset_bar.h"

#include "plugin/factory_presets.h"

namespace gruve::plugin {

PresetBar::PresetBar(Processor& processor) : processor_{processor} {
    int item = 0;
    for (const auto& preset : factory_presets()) chooser_.addItem(juce::String::fromUTF8(preset.name.c_str()), ++item);
    chooser_.setTextWhenNothingSelected("No preset");
    chooser_.setTextWhenNoChoicesAvailable("No factory presets in this build");
    chooser_.setTitle("Preset");
    chooser_.setTooltip("Factory presets");
    chooser_.setWantsKeyboardFocus(true);
    chooser_.onChange = [this] {
        const int chosen = chooser_.getSelectedItemIndex();
        if (chosen < 0) return;
        const auto& preset = factory_presets()[static_cast<std::size_t>(chosen)];
        processor_.load_bytes({preset.bytes.begin(), preset.bytes.end()}, juce::String::fromUTF8(preset.name.c_str()));
    };
    previous_.setTooltip("Previous factory preset");
    previous_.onClick = [this] { step(-1); };
    next_.setTooltip("Next factory preset");
    next_.onClick = [this] { step(1); };
    file_.setTooltip("Load a .gruve file; dropping one on the window does the same");
    file_.onClick = [this] { choose_file(); };
    for (auto* child : std::initializer_list<juce::Component*>{&previous_, &chooser_, &next_, &file_}) addAndMakeVisible(child);
}

void PresetBar::show(const juce::String& source) {
    int match = -1;
    for (int i = 0; i < chooser_.getNumItems(); ++i)
        if (chooser_.getItemText(i) == source) match = i;
    chooser_.setTextWhenNothingSelected(source.isEmpty() ? "No preset" : source);
    chooser_.setSelectedItemIndex(match, juce::dontSendNotification);
}

void PresetBar::step(int by) {
    const int n = chooser_.getNumItems();
    if (n == 0) return;
    const int now = chooser_.getSelectedItemIndex();
    chooser_.setSelectedItemIndex(now < 0 ? 0 : (now + by + n) % n, juce::sendNotificationSync);
}

void PresetBar::choose_file() {
    dialog_ = std::make_unique<juce::FileChooser>("Load a preset", juce::File(), "*.gruve");
    dialog_->launchAsync(juce::FileBrowserComponent::openMode | juce::FileBrowserComponent::canSelectFiles,
                         [this](const juce::FileChooser& dialog) {
                             if (const auto file = dialog.getResult(); file != juce::File()) processor_.load_file(file);
                         });
}

void PresetBar::resized() {
    auto area = getLocalBounds();
    file_.setBounds(area.removeFromRight(96));
    area.removeFromRight(8);
    next_.setBounds(area.removeFromRight(30));
    previous_.setBounds(area.removeFromLeft(30));
    chooser_.setBounds(area.reduced(4, 0));
}

}  // namespace gruve::plugin

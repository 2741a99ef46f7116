#include "plugin/editor/pages/preset_bar.h"

#include <utility>

#include "plugin/editor/pages/preset_browser.h"
#include "plugin/editor/style/text.h"

namespace gruve::plugin {

PresetBar::PresetBar(Processor& processor, PresetLibrary& library) : processor_{processor}, library_{library} {
    chooser_.setTextWhenNoChoicesAvailable(juce::String::fromUTF8("Reading presets…"));
    chooser_.setTitle("Preset");
    chooser_.setTooltip("Loads a preset into the slot that is heard");
    chooser_.setWantsKeyboardFocus(true);
    chooser_.onChange = [this] {
        const int chosen = chooser_.getSelectedItemIndex();
        if (chosen >= 0)
            load_entry(processor_, content_->entries[static_cast<std::size_t>(chosen)], processor_.heard_slot());
    };
    previous_.setTooltip("Previous preset");
    previous_.setTitle("Previous preset");
    previous_.onClick = [this] { step(-1); };
    next_.setTooltip("Next preset");
    next_.setTitle("Next preset");
    next_.onClick = [this] { step(1); };
    file_.setTooltip("Loads a .gruve file. You can also drop one on the window");
    file_.onClick = [this] { choose_file(); };
    for (auto* child : std::initializer_list<juce::Component*>{&previous_, &chooser_, &next_, &file_})
        addAndMakeVisible(child);
}

void PresetBar::refresh(const juce::String& source) {
    auto content = library_.content();
    if (content == content_ && source == source_) return;
    if (content != content_) {
        content_ = std::move(content);
        chooser_.clear(juce::dontSendNotification);
        int item = 0;
        juce::String group;
        for (const auto& entry : content_->entries) {
            const juce::String of =
                utf8(entry.preset().task) +
                (entry.path.empty() ? juce::String() : " in " + utf8(entry.path.parent_path().filename().string()));
            if (std::exchange(group, of) != of) chooser_.addSectionHeading(of);
            chooser_.addItem(utf8(entry.name), ++item);
        }
    }
    source_ = source;
    int match = -1;
    for (std::size_t i = 0; i < content_->entries.size(); ++i) {
        if (utf8(source_of(content_->entries[i])) == source) match = static_cast<int>(i);
    }
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
                             if (const auto file = dialog.getResult(); file != juce::File())
                                 processor_.load_file(file, processor_.heard_slot());
                         });
}

void PresetBar::resized() {
    auto area = getLocalBounds();
    file_.setBounds(area.removeFromRight(72));
    area.removeFromRight(6);
    next_.setBounds(area.removeFromRight(30));
    previous_.setBounds(area.removeFromLeft(30));
    chooser_.setBounds(area.reduced(4, 0));
}

}  // namespace gruve::plugin

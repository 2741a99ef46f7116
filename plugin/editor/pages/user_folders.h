// The folders in which a person keeps presets.
#pragma once

#include <juce_core/juce_core.h>

#include <filesystem>
#include <vector>

namespace gruve::plugin {

/// The plugin's own presets folder in the user's application data, and those added.
std::vector<std::filesystem::path> user_folders();
/// Remembered for every instance. Returns the new list.
std::vector<std::filesystem::path> add_user_folder(const juce::File&);

}  // namespace gruve::plugin

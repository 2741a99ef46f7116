// The folders in which the user keeps presets.
#pragma once

#include <juce_core/juce_core.h>

#include <filesystem>
#include <vector>

namespace gruve::plugin {

/// The plugin's preset folder in the user's application data, and the folders that the user added.
std::vector<std::filesystem::path> user_folders();
/// Adds a folder for all instances of the plugin, now and later. Returns the new list.
std::vector<std::filesystem::path> add_user_folder(const juce::File&);

}  // namespace gruve::plugin

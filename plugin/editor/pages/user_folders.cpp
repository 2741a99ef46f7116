#include "plugin/editor/pages/user_folders.h"

namespace gruve::plugin {

namespace {

juce::File home() {
    return juce::File::getSpecialLocation(juce::File::userApplicationDataDirectory).getChildFile("Gruve");
}
juce::File list() { return home().getChildFile("folders.txt"); }

}  // namespace

std::vector<std::filesystem::path> user_folders() {
    std::vector<std::filesystem::path> folders{home().getChildFile("Presets").getFullPathName().toStdString()};
    juce::StringArray lines;
    if (list().existsAsFile()) list().readLines(lines);
    for (const auto& line : lines)
        if (juce::File::isAbsolutePath(line)) folders.emplace_back(line.toStdString());
    return folders;
}

std::vector<std::filesystem::path> add_user_folder(const juce::File& folder) {
    const std::string path = folder.getFullPathName().toStdString();
    auto folders = user_folders();
    if (std::find(folders.begin(), folders.end(), path) != folders.end()) return folders;
    folders.emplace_back(path);
    list().create();
    list().appendText(folder.getFullPathName() + "\n");
    return folders;
}

}  // namespace gruve::plugin

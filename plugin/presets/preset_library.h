// The presets to choose from: those of the factory and those in the user's folders, with what each costs here.
#pragma once

#include <array>
#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "plugin/presets/loaded_preset.h"

namespace gruve::plugin {

struct LibraryEntry {
    std::string name;            // file name without its ending
    std::filesystem::path path;  // empty: factory
    std::shared_ptr<const LoadedPreset> loaded;
    double network_share = 0;  // of real time, for one channel's network on this machine
    const Preset& preset() const { return *loaded->preset; }
    const Scores& scores() const { return shown_scores(preset()); }
};

/// LoadedPreset::source of an entry that was loaded.
std::string source_of(const LibraryEntry&);

/// Of what plays in slots A and B; empty where nothing does.
using SlotSources = std::array<std::string, 2>;

struct LibraryContent {
    std::vector<LibraryEntry> entries;
    std::vector<std::string> problems;  // one sentence per file that can't be used
};

enum class SortBy { task, name, bytes, metric, cpu };

/// Those whose name, task or provenance holds `search` (letters of any case), sorted: small, good, cheap ones first.
std::vector<LibraryEntry> select_entries(const std::vector<LibraryEntry>& all, const std::string& search, SortBy);

/// Reads files and measures on a thread of its own.
class PresetLibrary {
public:
    static constexpr std::size_t most_files = 500;

    explicit PresetLibrary(std::vector<std::filesystem::path> folders);
    ~PresetLibrary();

    /// Looks again, from now on in these folders.
    void scan(std::vector<std::filesystem::path> folders);
    const std::vector<std::filesystem::path>& folders() const { return folders_; }
    /// What is known so far; never null, another pointer when more is.
    std::shared_ptr<const LibraryContent> content() const;
    bool scanning() const { return scanning_; }

private:
    void stop();
    void work();
    void publish(const LibraryContent&);

    std::vector<std::filesystem::path> folders_;
    mutable std::mutex mutex_;
    std::shared_ptr<const LibraryContent> content_ = std::make_shared<const LibraryContent>();
    std::atomic<bool> stop_{false}, scanning_{false};
    std::thread thread_;
};

}  // namespace gruve::plugin

// All presets to choose from: the built-in ones and those in the user's folders, each with its CPU load on this
// machine.
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
    std::string name;            // file name without extension
    std::filesystem::path path;  // empty for a built-in preset
    std::shared_ptr<const LoadedPreset> loaded;
    double network_share = 0;  // CPU load of the network alone, for one channel, as a share of real time
    const Preset& preset() const { return *loaded->preset; }
    const Scores& scores() const { return shown_scores(preset()); }
};

/// The LoadedPreset::source that a slot has after this entry was loaded into it.
std::string source_of(const LibraryEntry&);

/// The sources of the presets in slots A and B. Empty if the slot is.
using SlotSources = std::array<std::string, 2>;

struct LibraryContent {
    std::vector<LibraryEntry> entries;
    std::vector<std::string> problems;  // one message for each file that can't be used
};

enum class SortBy { task, name, bytes, metric, cpu };

/// The entries whose name, task or provenance contains `search`, in either case. Sorted so that small, good or cheap
/// presets come first.
std::vector<LibraryEntry> select_entries(const std::vector<LibraryEntry>& all, const std::string& search, SortBy);

/// Reads the files and measures the networks on its own thread.
class PresetLibrary {
public:
    static constexpr std::size_t most_files = 500;

    explicit PresetLibrary(std::vector<std::filesystem::path> folders);
    ~PresetLibrary();

    /// Reads everything again, from these folders. They replace the earlier ones.
    void scan(std::vector<std::filesystem::path> folders);
    const std::vector<std::filesystem::path>& folders() const { return folders_; }
    /// The presets read so far. Never null. A new pointer means new content.
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

#include "plugin/presets/preset_library.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <tuple>

#include "plugin/presets/factory_presets.h"

namespace gruve::plugin {

namespace {

namespace fs = std::filesystem;

/// CPU load of the network alone: the median of a few runs, as a share of real time.
double measured_share(const LoadedPreset& loaded) {
    constexpr int runs = 7, steps = 20;
    const auto stream = stream_of(loaded.network);
    const std::vector<float> features(static_cast<std::size_t>(loaded.preset->input_size()), 0.1f);
    std::vector<float> outputs(static_cast<std::size_t>(loaded.preset->output_size()));
    std::array<double, runs> seconds{};
    for (double& run : seconds) {
        const auto begin = std::chrono::steady_clock::now();
        for (int i = 0; i < steps; ++i) stream->step(features, outputs);
        run = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() / steps;
    }
    std::ranges::nth_element(seconds, seconds.begin() + runs / 2);
    return seconds[runs / 2] * steps_per_second(*loaded.preset);
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

std::vector<fs::path> preset_files(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code failure;
    for (fs::directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure))
        if (at->path().extension() == ".gruve") files.push_back(at->path());
    std::ranges::sort(files);
    return files;
}

}  // namespace

std::string source_of(const LibraryEntry& entry) {
    return entry.path.empty() ? entry.name : entry.path.filename().string();
}

std::vector<LibraryEntry> select_entries(const std::vector<LibraryEntry>& all, const std::string& search, SortBy by) {
    const std::string wanted = lower(search);
    std::vector<LibraryEntry> found;
    std::ranges::copy_if(all, std::back_inserter(found), [&](const LibraryEntry& entry) {
        return lower(entry.name + " " + entry.preset().task + " " + entry.preset().provenance).find(wanted) !=
               std::string::npos;
    });
    std::ranges::stable_sort(found, [by](const LibraryEntry& a, const LibraryEntry& b) {
        const auto key = [by](const LibraryEntry& e) {
            const auto bytes = static_cast<double>(e.loaded->parameter_bytes);
            const double number = by == SortBy::metric ? -e.scores().value
                                  : by == SortBy::cpu  ? e.network_share
                                  : by == SortBy::name ? 0.0
                                                       : bytes;
            return std::tuple(by == SortBy::task || by == SortBy::metric ? e.preset().task : std::string(), number,
                              e.name);
        };
        return key(a) < key(b);
    });
    return found;
}

PresetLibrary::PresetLibrary(std::vector<fs::path> folders) { scan(std::move(folders)); }

PresetLibrary::~PresetLibrary() { stop(); }

void PresetLibrary::stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
    stop_ = false;
}

void PresetLibrary::scan(std::vector<fs::path> folders) {
    stop();
    folders_ = std::move(folders);
    scanning_ = true;
    thread_ = std::thread([this] { work(); });
}

std::shared_ptr<const LibraryContent> PresetLibrary::content() const {
    const std::lock_guard lock(mutex_);
    return content_;
}

void PresetLibrary::publish(const LibraryContent& content) {
    auto copy = std::make_shared<const LibraryContent>(content);
    const std::lock_guard lock(mutex_);
    content_ = std::move(copy);
}

void PresetLibrary::work() {
    LibraryContent content;
    const auto add = [&](const std::string& name, const fs::path& path, std::vector<std::uint8_t> bytes) {
        auto loaded = load_preset(std::move(bytes), name);
        const double share = measured_share(*loaded);
        content.entries.push_back({name, path, std::move(loaded), share});
    };
    for (const auto& preset : factory_presets()) {
        if (stop_) return;
        try {
            add(preset.name, {}, {preset.bytes.begin(), preset.bytes.end()});
        } catch (const std::exception& error) {
            content.problems.push_back(error.what());
        }
    }
    publish(content);
    std::vector<fs::path> files;
    for (const auto& folder : folders_) std::ranges::copy(preset_files(folder), std::back_inserter(files));
    if (files.size() > most_files) {
        content.problems.push_back("more than " + std::to_string(most_files) +
                                   " presets in your folders: the rest are not listed");
        files.resize(most_files);
    }
    for (const auto& path : files) {
        if (stop_) return;
        try {
            add(path.stem().string(), path, read_preset_file(path.string()));
        } catch (const std::exception& error) {
            content.problems.push_back(error.what());
        }
    }
    if (!folders_.empty()) publish(content);
    scanning_ = false;
}

}  // namespace gruve::plugin

#include "datasets/audio/audio_folder.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "datasets/audio/resample.h"
#include "datasets/support/data_error.h"
#include "datasets/support/parallel.h"

namespace gruve {

namespace fs = std::filesystem;

bool is_audio_file(const fs::path& path) {
    static constexpr std::array endings = {".wav", ".flac", ".ogg", ".opus", ".mp3",
                                           ".aif", ".aiff", ".caf", ".w64",  ".au"};
    const std::string name = path.filename().string();
    if (name.empty() || name[0] == '.') return false;
    std::string ending = path.extension().string();
    for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return std::find(endings.begin(), endings.end(), ending) != endings.end();
}

namespace {

/// Follows links to folders, but enters each folder once: a link to a parent folder would otherwise never end.
void collect(const fs::path& folder, std::vector<fs::path>& files, std::set<fs::path>& seen) {
    std::vector<fs::path> entries;
    for (const auto& entry : fs::directory_iterator(folder)) entries.push_back(entry.path());
    std::sort(entries.begin(), entries.end());  // so the path found first does not depend on the file system
    for (const fs::path& entry : entries) {
        std::error_code broken_link;
        if (fs::is_directory(entry, broken_link)) {
            if (seen.insert(fs::canonical(entry)).second) collect(entry, files, seen);
        } else if (fs::is_regular_file(entry, broken_link) && is_audio_file(entry)) {
            files.push_back(entry);
        }
    }
}

}  // namespace

std::vector<fs::path> audio_files(const fs::path& folder, const std::string& what) {
    if (!fs::exists(folder)) throw DataError(folder.string() + ": the " + what + " folder does not exist");
    if (!fs::is_directory(folder)) throw DataError(folder.string() + ": the " + what + " folder is not a folder");
    std::vector<fs::path> files;
    std::set<fs::path> seen{fs::canonical(folder)};
    collect(folder, files, seen);
    if (files.empty())
        throw DataError(folder.string() + ": no audio files (wav, flac, ogg, mp3, aiff, …) in the " + what + " folder");
    std::sort(files.begin(), files.end());
    return files;
}

std::vector<Audio> read_all(const std::vector<fs::path>& files, int rate_hz, int jobs) {
    std::vector<Audio> clips(files.size());
    parallel_for(jobs, static_cast<int>(files.size()), [&](int i) {
        Audio& clip = clips[static_cast<std::size_t>(i)];
        clip = read_audio(files[static_cast<std::size_t>(i)]);
        if (rate_hz == 0 || clip.rate_hz == rate_hz) return;
        clip.samples = resample(clip.samples, clip.rate_hz, rate_hz);
        clip.rate_hz = rate_hz;
    });
    return clips;
}

}  // namespace gruve

#include "datasets/audio/audio_folder.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <fstream>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "datasets/audio/resample.h"
#include "datasets/support/data_error.h"
#include "datasets/support/parallel.h"
#include "datasets/system/file_facts.h"

namespace gruve {

namespace fs = std::filesystem;

namespace {

bool has_audio_ending(const fs::path& path) {
    static constexpr std::array endings = {".wav", ".flac", ".ogg", ".opus", ".mp3",
                                           ".aif", ".aiff", ".caf", ".w64",  ".au"};
    std::string ending = path.extension().string();
    for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return std::find(endings.begin(), endings.end(), ending) != endings.end();
}

/// Whether the first bytes are those of a format that libsndfile recognises by them.
bool begins_as_audio(const fs::path& path) {
    std::array<char, 12> first{};
    std::ifstream(path, std::ios::binary).read(first.data(), first.size());
    const std::string_view text(first.data(), first.size()), form = text.substr(8, 4);
    const auto begins = [&](std::string_view magic) { return text.starts_with(magic); };
    if (begins("RIFF") || begins("RIFX") || begins("RF64")) return form == "WAVE";
    if (begins("FORM")) return form == "AIFF" || form == "AIFC" || form == "8SVX";
    return begins("fLaC") || begins("OggS") || begins("caff") || begins(".snd") || begins("NIST_1A") || begins("ID3") ||
           begins("riff\x2e\x91\xcf\x11") || begins("Creative Voi");
}

/// Device and number of each folder that was entered. A link to a folder further up would otherwise never end.
using Entered = std::set<std::pair<std::uint64_t, std::uint64_t>>;

/// False if it was entered before.
bool enter(const fs::path& folder, Entered& entered) {
    const auto facts = facts_of(folder);
    return !facts || entered.emplace(facts->device, facts->number).second;
}

struct Found {
    std::vector<fs::path> files, others;
    std::vector<std::string> unreadable;  // "folder: reason"
};

/// Depth first by name, which is the order of the paths; so the path found first does not depend on the file system.
/// Follows links.
void collect(const fs::path& folder, Found& found, Entered& entered) {
    if (!enter(folder, entered)) return;
    std::error_code failed, broken_link;
    std::vector<fs::directory_entry> entries;
    for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed))
        entries.push_back(*entry);
    if (failed) found.unreadable.push_back(unreadable_folder(folder, failed));
    std::sort(entries.begin(), entries.end(),
              [](const auto& a, const auto& b) { return a.path().native() < b.path().native(); });
    for (const fs::directory_entry& entry : entries) {
        const fs::file_type type = entry.status(broken_link).type();
        if (type == fs::file_type::directory) {
            collect(entry.path(), found, entered);
        } else if (type == fs::file_type::regular) {
            if (is_audio_file(entry.path()))
                found.files.push_back(entry.path());
            else if (entry.path().filename().native().front() != '.')
                found.others.push_back(entry.path());
        }
    }
}

}  // namespace

std::string unreadable_folder(const fs::path& folder, const std::error_code& reason) {
    return folder.string() + ": the folder cannot be read: " + reason.message();
}

bool is_audio_file(const fs::path& path) {
    const std::string name = path.filename().string();
    if (name.empty() || name[0] == '.') return false;
    return has_audio_ending(path) || begins_as_audio(path);
}

void leave_out_others(const fs::path& folder, const std::vector<fs::path>& others, ReadLog& log) {
    constexpr std::size_t named = 3;
    if (others.empty()) return;
    std::string names;
    for (std::size_t i = 0; i < std::min(others.size(), named); ++i)
        names += (i ? ", " : "") + others[i].lexically_relative(folder).string();
    log.leave_out(folder.string() + ": " + std::to_string(others.size()) +
                  (others.size() == 1 ? " file that is not audio (" : " files that are not audio (") + names +
                  (others.size() > named ? ", …)" : ")"));
}

std::vector<fs::path> audio_files(const fs::path& folder, const std::string& what, ReadLog* log) {
    if (!fs::exists(folder)) throw DataError(folder.string() + ": the " + what + " folder does not exist");
    if (!fs::is_directory(folder)) throw DataError(folder.string() + ": the " + what + " folder is not a folder");
    Found found;
    Entered entered;
    collect(folder, found, entered);
    for (const std::string& message : found.unreadable) {
        if (!log) throw DataError(message);
        log->add_bad(message);
    }
    if (log) leave_out_others(folder, found.others, *log);
    if (found.files.empty())
        throw DataError(folder.string() + ": no audio files (wav, flac, ogg, mp3, aiff, …) in the " + what + " folder");
    return std::move(found.files);
}

std::vector<Audio> read_all(const std::vector<fs::path>& files, int rate_hz, int jobs, ReadLog& log) {
    std::vector<Audio> clips(files.size());
    std::vector<std::string> errors(files.size());
    parallel_for(jobs, static_cast<int>(files.size()), [&](int i) {
        const auto k = static_cast<std::size_t>(i);
        try {
            Audio clip = read_audio(files[k]);
            if (rate_hz != 0 && clip.rate_hz != rate_hz) {
                clip.samples = resample(clip.samples, clip.rate_hz, rate_hz);
                clip.rate_hz = rate_hz;
            }
            clips[k] = std::move(clip);
        } catch (const DataError& error) {
            errors[k] = error.what();
        }
    });
    for (const std::string& error : errors)
        if (!error.empty()) log.add_bad(error);
    return clips;
}

std::vector<Audio> read_all(const std::vector<fs::path>& files, int rate_hz, int jobs) {
    ReadLog log;
    std::vector<Audio> clips = read_all(files, rate_hz, jobs, log);
    log.refuse_bad();
    return clips;
}

}  // namespace gruve

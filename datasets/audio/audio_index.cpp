#include "datasets/audio/audio_index.h"

#include <sndfile.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <unordered_map>

#include "datasets/audio/audio_file.h"
#include "datasets/support/cache_folder.h"
#include "datasets/support/data_error.h"
#include "datasets/support/hash.h"
#include "datasets/support/parallel.h"
#include "datasets/support/path_below.h"
#include "datasets/system/file_facts.h"
#include "datasets/system/process.h"

namespace gruve {
namespace {

namespace fs = std::filesystem;

constexpr const char* first_line = "gruve index 1";
constexpr std::size_t least_files = 256;  // fewer headers are read in no time

/// Size and time of writing.
struct Stamp {
    std::int64_t bytes = -1, nanoseconds = 0;
    bool operator==(const Stamp&) const = default;
};

Stamp stamp_of(const fs::path& file) {
    const auto facts = facts_of(file);
    if (!facts) return {};
    return {facts->bytes, facts->written_s * 1000000000 + facts->written_ns};
}

struct Entry {
    Stamp stamp;
    AudioHeader header;
};
using Entries = std::unordered_map<std::string, Entry>;  // by the path below the folder

fs::path index_of(const fs::path& folder) {
    const fs::path cache = cache_folder();
    if (cache.empty()) return {};
    Hash name;
    const std::string whole = fs::weakly_canonical(folder).string();
    name.add(whole.data(), whole.size());
    return cache / ("index-" + name.text() + ".tsv");
}

Entries read_index(const fs::path& path) {
    Entries entries;
    std::ifstream in(path);
    std::string line;
    if (!std::getline(in, line) || line != first_line) return entries;
    while (std::getline(in, line)) {
        std::array<long long, 5> numbers{};
        const char* at = line.c_str();
        for (long long& number : numbers) {
            char* end = nullptr;
            number = std::strtoll(at, &end, 10);
            if (end == at || *end != '\t') return entries;  // cut off: the rest is read again
            at = end + 1;
        }
        entries[at] = {{numbers[0], numbers[1]},
                       {static_cast<int>(numbers[2]), static_cast<int>(numbers[3]), numbers[4], {}}};
    }
    return entries;
}

void write_index(const fs::path& path, const Entries& entries) {
    std::error_code failed;
    fs::create_directories(path.parent_path(), failed);
    const fs::path aside = path.string() + "." + std::to_string(process_id());
    {
        std::ofstream out(aside);
        out << first_line << '\n';
        for (const auto& [name, entry] : entries)
            if (entry.header.error.empty() && name.find('\n') == std::string::npos)
                out << entry.stamp.bytes << '\t' << entry.stamp.nanoseconds << '\t' << entry.header.rate_hz << '\t'
                    << entry.header.channels << '\t' << entry.header.frames << '\t' << name << '\n';
        if (!out.flush()) {
            fs::remove(aside, failed);
            return;
        }
    }
    fs::rename(aside, path, failed);
    if (failed) fs::remove(aside, failed);
}

}  // namespace

std::vector<AudioHeader> headers_of(const fs::path& folder, const std::vector<fs::path>& files, int jobs) {
    const fs::path path = files.size() < least_files ? fs::path() : index_of(folder);
    const Entries known = path.empty() ? Entries() : read_index(path);
    std::vector<Entry> found(files.size());
    std::vector<char> is_new(files.size());
    parallel_for(jobs, static_cast<int>(files.size()), [&](int index) {
        const auto i = static_cast<std::size_t>(index);
        found[i].stamp = stamp_of(files[i]);
        const auto entry = known.find(path_below(folder, files[i]));
        is_new[i] = entry == known.end() || entry->second.stamp != found[i].stamp;
        if (!is_new[i]) {
            found[i].header = entry->second.header;
            return;
        }
        try {
            found[i].header = read_header(files[i]);
        } catch (const DataError& error) {
            found[i].header.error = error.what();
        }
    });
    std::vector<AudioHeader> headers;
    headers.reserve(files.size());
    bool changed = false;
    for (std::size_t i = 0; i < files.size(); ++i) {
        changed |= is_new[i] != 0 && found[i].header.error.empty();
        headers.push_back(found[i].header);
    }
    if (changed && !path.empty()) {
        Entries all;
        for (std::size_t i = 0; i < files.size(); ++i) all.emplace(path_below(folder, files[i]), std::move(found[i]));
        write_index(path, all);
    }
    return headers;
}

}  // namespace gruve

#include "datasets/layouts/speaker_table.h"

#include <algorithm>
#include <fstream>
#include <vector>

#include "datasets/support/data_error.h"

namespace gruve {
namespace {

namespace fs = std::filesystem;

/// More sub-folders are speakers, not the languages of Common Voice (some 140). Looking for tables in each takes long.
constexpr std::size_t most_languages = 1000;

std::vector<std::string> columns_of(std::string line) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    std::vector<std::string> columns;
    for (std::size_t start = 0; start <= line.size();) {
        const std::size_t end = std::min(line.find('\t', start), line.size());
        columns.push_back(line.substr(start, end - start));
        start = end + 1;
    }
    return columns;
}

}  // namespace

SpeakerTable SpeakerTable::beside(const fs::path& folder) {
    SpeakerTable table;
    if (!fs::is_directory(folder)) return table;
    std::vector<fs::path> places = {folder};
    const fs::path whole = fs::canonical(folder);
    if (whole.has_parent_path()) places.push_back(whole.parent_path());
    std::error_code unreadable;
    std::vector<fs::path> below;
    for (const auto& entry : fs::directory_iterator(folder, unreadable))
        if (entry.is_directory(unreadable)) below.push_back(entry.path());
    if (below.size() <= most_languages) places.insert(places.end(), below.begin(), below.end());
    for (const fs::path& place : places)
        for (const char* name : {"validated.tsv", "train.tsv", "dev.tsv", "test.tsv", "other.tsv", "invalidated.tsv"})
            if (fs::is_regular_file(place / name, unreadable)) table.read(place / name);
    return table;
}

const std::string* SpeakerTable::speaker_of(const fs::path& file) const {
    const auto found = speakers_.find(file.stem().string());
    return found == speakers_.end() ? nullptr : &found->second;
}

void SpeakerTable::read(const fs::path& table) {
    std::ifstream in(table);
    std::string line;
    if (!std::getline(in, line)) throw DataError(table.string() + ": cannot be read, or is empty");
    const std::vector<std::string> head = columns_of(line);
    const auto index_of = [&](const char* name) {
        return static_cast<std::size_t>(std::find(head.begin(), head.end(), name) - head.begin());
    };
    const std::size_t speaker = index_of("client_id"), path = index_of("path");
    if (speaker == head.size() || path == head.size()) return;  // a table of another kind
    for (int number = 2; std::getline(in, line); ++number) {
        if (line.empty()) continue;
        std::vector<std::string> columns = columns_of(line);
        if (columns.size() <= std::max(speaker, path) || columns[speaker].empty())
            throw DataError(table.string() + ": line " + std::to_string(number) + ": " +
                            std::to_string(columns.size()) + " columns, expected " + std::to_string(head.size()) +
                            ", with client_id and path");
        speakers_.emplace(fs::path(columns[path]).stem().string(), std::move(columns[speaker]));
    }
}

bool is_named_as_in_common_voice(const fs::path& file) { return file.filename().string().starts_with("common_voice_"); }

}  // namespace gruve

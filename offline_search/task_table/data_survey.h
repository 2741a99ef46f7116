// What a folder of recordings holds, and what each task could do with it.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "datasets/layouts/data_options.h"

namespace gruve {

/// The files of one role, such as speech.
struct RoleSurvey {
    std::string role;
    int files = 0;                   // that can be opened
    double seconds = 0;              // as their headers give it
    std::set<std::string> groups{};  // speakers, or sources of noise
    std::map<int, int> files_of_rate{};
};

struct RootSurvey {
    std::filesystem::path root;
    std::string layout;
    std::vector<RoleSurvey> roles;
    std::map<std::string, int> words;  // clips of each word
    bool images = false, sequences = false;
    std::vector<std::string> left_out;  // "place: reason"; files that cannot be opened are among them

    const RoleSurvey* role(const std::string& name) const;
    /// "LibriSpeech layout: 40 speakers, 2,620 files, 5.4 h".
    std::string line() const;
};

/// Reads the headers of all files (see headers_of()); nothing is decoded, so silent, clipped or damaged recordings
/// count. Throws DataError if a root is missing or not in its layout.
std::vector<RootSurvey> survey(const DataOptions&, int jobs);

/// What a task could do with all roots together.
struct TaskVerdict {
    std::string task;
    bool usable = false;
    std::string reason{};  // "6 words, 120 speakers"; or why not: "lacks noise"
};
std::vector<TaskVerdict> verdicts(const std::vector<RootSurvey>&);

/// "2,620".
std::string with_commas(long long);

}  // namespace gruve

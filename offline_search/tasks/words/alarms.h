// False alarms of a keyword preset in hours of recordings without any of its words.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "engine/streaming/keyword_spotter.h"

namespace gruve {

struct Alarm {
    int label = 0;
    std::size_t file = 0;  // index into the list of files
    double time_s = 0;     // since the beginning of that file
};

struct Alarms {
    std::vector<Alarm> all;  // in the order of the files
    double seconds = 0;      // heard
};

/// Plays the files one after another, at their own levels, and lists every detection. About ten minutes at a time are
/// one stream, which begins with two seconds of near silence; `jobs` streams are played at once. A stream is read file
/// by file, so that any number of hours fits in memory. Same result for any jobs. Throws DataError for a bad file.
Alarms alarms_in(const Preset&, const std::shared_ptr<const Network>&, std::span<const std::filesystem::path> files,
                 int jobs);

/// Plays the files in the same way, and hands the smoothed posteriors of each whole stream to `take`: labels × hops.
/// `take` is called by `jobs` threads at once, in any order. Returns the seconds heard.
double hear_files(const Preset&, const std::shared_ptr<const Network>&, std::span<const std::filesystem::path> files,
                  int jobs, const std::function<void(std::span<const float>)>& take);

}  // namespace gruve

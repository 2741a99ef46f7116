#include "datasets/layouts/denoise_layouts.h"

#include <algorithm>
#include <cctype>
#include <iterator>

#include "datasets/audio/audio_folder.h"
#include "datasets/layouts/recordings.h"
#include "datasets/layouts/rooms.h"
#include "datasets/support/data_error.h"

namespace gruve {
namespace {

namespace fs = std::filesystem;

/// The first sub-folder, by name, that begins with `prefix` in upper or lower case; empty if there is none.
fs::path sub_folder(const fs::path& data, const std::string& prefix) {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(data)) {
        std::string name = entry.path().filename().string();
        for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        if (entry.is_directory() && name.starts_with(prefix)) found.push_back(entry.path());
    }
    return found.empty() ? fs::path() : *std::min_element(found.begin(), found.end());
}

/// A layout: one row of the table in the header.
struct Pattern {
    const char* name;
    const char *speech, *noise;            // beginnings of folder names
    const char *test_speech, *test_noise;  // "" if none is published
    bool pairs;
};
constexpr Pattern patterns[] = {
    {"speech and noise", "speech", "noise", "", "", false},
    {"VoiceBank-DEMAND", "clean_trainset", "noisy_trainset", "clean_testset", "noisy_testset", true},
    {"MS-SNSD", "clean_train", "noise_train", "clean_test", "noise_test", false},
    {"clean and noise", "clean", "noise", "", "", false},
    {"clean and noisy pairs", "clean", "noisy", "", "", true},
};

bool match(const fs::path& data, const Pattern& pattern, DenoiseLayout& layout) {
    layout = {};
    layout.name = pattern.name;
    layout.speech = sub_folder(data, pattern.speech);
    layout.noise = sub_folder(data, pattern.noise);
    layout.pairs = pattern.pairs;
    for (const char* rooms : {"room", "rir", "impulse_responses"})
        if (layout.rooms.empty()) layout.rooms = sub_folder(data, rooms);
    if (layout.speech.empty() || layout.noise.empty()) return false;
    if (*pattern.test_speech == '\0') return true;
    layout.test_speech = sub_folder(data, pattern.test_speech);
    layout.test_noise = sub_folder(data, pattern.test_noise);
    if (layout.test_speech.empty() || layout.test_noise.empty()) {
        layout.test_speech.clear();
        layout.test_noise.clear();
    }
    return true;
}

std::string contents_of(const fs::path& data) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(data))
        if (entry.is_directory()) names.push_back(entry.path().filename().string() + "/");
    if (names.empty()) return "no sub-folders";
    std::sort(names.begin(), names.end());
    std::string list;
    for (std::size_t i = 0; i < std::min<std::size_t>(names.size(), 8); ++i) list += (i ? ", " : "") + names[i];
    return names.size() > 8 ? list + ", …" : list;
}

/// The noise of a pair: the noisy file minus the clean file of the same name.
Audio read_difference(const fs::path& clean_root, const fs::path& noisy_root, const fs::path& noisy_file) {
    const fs::path clean_file = clean_root / noisy_file.lexically_relative(noisy_root);
    if (!fs::exists(clean_file))
        throw DataError(noisy_file.string() + ": the clean file of the same name is missing: " + clean_file.string());
    Audio noise = read_audio(noisy_file);
    const Audio clean = read_audio(clean_file);
    if (noise.rate_hz != clean.rate_hz || noise.samples.size() != clean.samples.size())
        throw DataError(noisy_file.string() + ": " + std::to_string(noise.samples.size()) + " samples at " +
                        std::to_string(noise.rate_hz) + " Hz, but its clean file has " +
                        std::to_string(clean.samples.size()) + " at " + std::to_string(clean.rate_hz) +
                        " Hz; they must be equal");
    for (std::size_t i = 0; i < noise.samples.size(); ++i) noise.samples[i] -= clean.samples[i];
    return noise;
}

Role noise_role_of(const DenoiseLayout& layout, const fs::path& clean_root, const fs::path& noisy_root) {
    if (!layout.pairs) return noise_role();
    Role role = noise_role();
    role.group = "speaker";
    role.group_of = speech_role().group_of;
    role.folders_are_kinds = false;
    role.read = [=](const fs::path& file) { return read_difference(clean_root, noisy_root, file); };
    return role;
}

/// Adds the publisher's test recordings to the others.
void append_test(std::vector<Recording>& to, std::vector<Recording> test) {
    for (Recording& recording : test) {
        recording.group = "test " + recording.group;  // training and test speakers may have the same numbers
        recording.split = Split::test;
    }
    std::move(test.begin(), test.end(), std::back_inserter(to));
    std::stable_sort(to.begin(), to.end(), [](const Recording& a, const Recording& b) { return a.group < b.group; });
}

}  // namespace

DenoiseLayout find_denoise_layout(const fs::path& data) {
    if (!fs::is_directory(data)) throw DataError(data.string() + ": the data folder does not exist");
    DenoiseLayout layout;
    for (const fs::path& place : {data, data / "datasets"}) {
        if (!fs::is_directory(place)) continue;
        for (const Pattern& pattern : patterns)
            if (match(place, pattern, layout)) return layout;
    }
    throw DataError(data.string() +
                    ": no folders of speech and noise. Looked for speech/ + noise/, clean_trainset*/ + "
                    "noisy_trainset*/ (VoiceBank-DEMAND), "
                    "clean*/ + noise*/ (MS-SNSD, DNS) and clean*/ + noisy*/ (pairs), there and in datasets/. Found " +
                    contents_of(data));
}

NoisySpeech read_denoise_data(const fs::path& data, int rate_hz, std::uint64_t seed) {
    const DenoiseLayout layout = find_denoise_layout(data);
    const bool has_test = !layout.test_speech.empty();
    const double share_of_test = has_test ? 0.0 : test_share;  // a published test set takes the place of that share
    const auto read = [&](const fs::path& root, const Role& role, const fs::path& test_root, const Role& test_role,
                          NoisySpeech& set) {
        std::vector<Recording> recordings = read_recordings(root, role, rate_hz, most_samples_kept, set.left_out);
        assign_splits(recordings, root, role, validation_share, share_of_test, seed);
        if (has_test)
            append_test(recordings, read_recordings(test_root, test_role, rate_hz, most_samples_kept, set.left_out));
        return recordings;
    };
    NoisySpeech set;
    set.rate_hz = rate_hz;
    set.speech = read(layout.speech, speech_role(), layout.test_speech, speech_role(), set);
    set.noise = read(layout.noise, noise_role_of(layout, layout.speech, layout.noise), layout.test_noise,
                     noise_role_of(layout, layout.test_speech, layout.test_noise), set);
    if (!layout.rooms.empty()) set.rooms = read_rooms(layout.rooms, rate_hz);
    return set;
}

}  // namespace gruve

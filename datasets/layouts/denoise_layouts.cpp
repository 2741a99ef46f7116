#include "datasets/layouts/denoise_layouts.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <set>

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

constexpr const char* rooms_prefixes[] = {"room", "rir", "impulse_responses"};

bool match(const fs::path& data, const Pattern& pattern, DenoiseLayout& layout) {
    layout = {};
    layout.name = pattern.name;
    layout.speech = sub_folder(data, pattern.speech);
    layout.noise = sub_folder(data, pattern.noise);
    layout.pairs = pattern.pairs;
    for (const char* rooms : rooms_prefixes)
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

/// Looks for a layout with speech and noise.
bool find_whole(const fs::path& data, DenoiseLayout& layout) {
    for (const fs::path& place : {data, data / "datasets"}) {
        if (!fs::is_directory(place)) continue;
        for (const Pattern& pattern : patterns)
            if (match(place, pattern, layout)) return true;
    }
    return false;
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

/// One role of one root.
struct Part {
    fs::path root;
    Role role;
    bool has_test = false;                // the publisher's own test set takes the place of that share
    std::vector<Recording> recordings{};  // to be dealt
    std::vector<Recording> test{};        // the publisher's
};

Part read_part(const DenoiseLayout& layout, bool noise, int rate_hz, std::vector<std::string>& left_out) {
    const auto read = [&](const fs::path& root, const Role& role) {
        return root.empty() ? std::vector<Recording>()
                            : read_recordings(root, role, rate_hz, most_samples_kept, left_out);
    };
    const fs::path& root = noise ? layout.noise : layout.speech;
    const fs::path& test_root = noise ? layout.test_noise : layout.test_speech;
    Part part{root, noise ? noise_role_of(layout, layout.speech, layout.noise) : speech_role(), !test_root.empty()};
    part.recordings = read(root, part.role);
    part.test = read(test_root, noise ? noise_role_of(layout, layout.test_speech, layout.test_noise) : speech_role());
    for (Recording& recording : part.test) recording.split = Split::test;
    return part;
}

/// Deals all roots as one set. A speaker of one root's published test set is in no other split.
void deal_as_one(std::vector<Part>& parts, std::uint64_t seed) {
    std::vector<Recording> all;
    std::set<std::string> tested;
    bool has_test = false;
    for (Part& part : parts) {
        has_test |= part.has_test;
        std::move(part.recordings.begin(), part.recordings.end(), std::back_inserter(all));
        for (const Recording& recording : part.test) tested.insert(recording.group);
    }
    deal_to_splits(all, parts.front().role, validation_share, has_test ? 0.0 : test_share, seed);
    for (Recording& recording : all)
        if (!parts.front().has_test && tested.contains(recording.group)) recording.split = Split::test;
    parts.front().recordings = std::move(all);
    for (std::size_t r = 1; r < parts.size(); ++r) parts[r].recordings.clear();
}

/// All recordings, sorted by group. Groups of later roots get other names unless speakers of one name are the same.
std::vector<Recording> joined(std::vector<Part>& parts, bool same_speakers) {
    std::vector<Recording> all;
    for (std::size_t r = 0; r < parts.size(); ++r) {
        // Training and test speakers of one publisher may have the same numbers.
        for (Recording& recording : parts[r].test) recording.group = "test " + recording.group;
        for (auto* recordings : {&parts[r].recordings, &parts[r].test})
            for (Recording& recording : *recordings) {
                if (!same_speakers) recording.group = name_in_root(r, recording.group);
                all.push_back(std::move(recording));
            }
    }
    std::stable_sort(all.begin(), all.end(), [](const Recording& a, const Recording& b) { return a.group < b.group; });
    return all;
}

void refuse_empty_splits(const std::vector<Recording>& recordings, const Role& role, const DataOptions& data) {
    for (const Split split : {Split::train, Split::validation, Split::test})
        if (std::none_of(recordings.begin(), recordings.end(), [&](const Recording& r) { return r.split == split; }))
            throw DataError(data.string() + ": no " + role.name + " for the " + std::string(name_of(split)) +
                            " split: every root is dealt on its own, and none has 3 " + role.group +
                            "s; --same-speakers deals them as one");
}

/// One role of all roots: read, dealt and joined.
std::vector<Recording> read_role(const std::vector<DenoiseLayout>& layouts, bool noise, const DataOptions& data,
                                 int rate_hz, std::uint64_t seed, std::vector<std::string>& left_out) {
    std::vector<Part> parts;
    for (const DenoiseLayout& layout : layouts) parts.push_back(read_part(layout, noise, rate_hz, left_out));
    const auto holds = [](const Part& part) { return !part.root.empty(); };
    const auto count = std::count_if(parts.begin(), parts.end(), holds);
    if (count == 0)
        throw DataError(data.string() + ": no " + (noise ? "noise" : "speech") + " in any root; at least one needs it");
    if (data.same_speakers && count > 1)
        deal_as_one(parts, seed);
    else
        for (Part& part : parts) {
            const double share_of_test = part.has_test ? 0.0 : test_share;
            if (count == 1 && holds(part))
                assign_splits(part.recordings, part.root, part.role, validation_share, share_of_test, seed);
            else
                deal_to_splits(part.recordings, part.role, validation_share, share_of_test, seed);
        }
    const Role role = parts.front().role;
    std::vector<Recording> all = joined(parts, data.same_speakers);
    if (count > 1) refuse_empty_splits(all, role, data);
    return all;
}

}  // namespace

DenoiseLayout find_denoise_layout(const fs::path& data) {
    if (!fs::is_directory(data)) throw DataError(data.string() + ": the data folder does not exist");
    DenoiseLayout layout;
    if (find_whole(data, layout)) return layout;
    throw DataError(data.string() +
                    ": no folders of speech and noise. Looked for speech/ + noise/, clean_trainset*/ + "
                    "noisy_trainset*/ (VoiceBank-DEMAND), "
                    "clean*/ + noise*/ (MS-SNSD, DNS) and clean*/ + noisy*/ (pairs), there and in datasets/. Found " +
                    contents_of(data));
}

DenoiseLayout find_denoise_part(const fs::path& data) {
    if (!fs::is_directory(data)) throw DataError(data.string() + ": the data folder does not exist");
    DenoiseLayout layout;
    if (find_whole(data, layout)) return layout;
    layout = {};
    layout.name = "a part of a set";
    for (const fs::path& place : {data, data / "datasets"}) {
        if (!fs::is_directory(place)) continue;
        const auto find = [&](fs::path& found, const char* prefix) {
            if (found.empty()) found = sub_folder(place, prefix);
        };
        for (const char* speech : {"speech", "clean"}) find(layout.speech, speech);
        find(layout.noise, "noise");
        for (const char* rooms : rooms_prefixes) find(layout.rooms, rooms);
    }
    return layout;
}

NoisySpeech read_denoise_data(const DataOptions& data, int rate_hz, std::uint64_t seed) {
    NoisySpeech set;
    set.rate_hz = rate_hz;
    std::vector<DenoiseLayout> layouts;
    for (const fs::path& root : data.roots) {
        layouts.push_back(data.roots.size() == 1 ? find_denoise_layout(root) : find_denoise_part(root));
        const DenoiseLayout& found = layouts.back();
        if (found.speech.empty() && found.noise.empty() && found.rooms.empty())
            set.left_out.push_back(root.string() + ": no speech, noise or rooms; found " + contents_of(root));
    }
    set.speech = read_role(layouts, false, data, rate_hz, seed, set.left_out);
    set.noise = read_role(layouts, true, data, rate_hz, seed, set.left_out);
    for (const DenoiseLayout& layout : layouts)
        if (!layout.rooms.empty())
            for (auto& room : read_rooms(layout.rooms, rate_hz)) set.rooms.push_back(std::move(room));
    return set;
}

}  // namespace gruve

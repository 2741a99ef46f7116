#include "datasets/layouts/known_layouts.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "datasets/audio/audio_folder.h"
#include "datasets/layouts/speaker_table.h"
#include "datasets/support/data_error.h"

namespace gruve {
namespace {

namespace fs = std::filesystem;

constexpr LayoutName names[] = {
    {"gruve", "speech/ and noise/, keywords/ or words/, negatives/, rooms/"},
    {"voicebank-demand", "clean_trainset*/ and noisy_trainset*/, *_testset*/"},
    {"ms-snsd", "clean_train*/ and noise_train*/, *_test*/"},
    {"dns", "clean*/ and noise*/"},
    {"pairs", "clean*/ and noisy*/ with files of the same names"},
    {"common-voice", "clips/ beside validated.tsv: speech"},
    {"vctk", "wav48*/<speaker>/: speech"},
    {"librispeech", "<speaker>/<chapter>/: speech"},
    {"speech", "the folder holds speech: <speaker>/, a deeper tree or flat"},
    {"noise", "the folder holds noise"},
    {"rooms", "the folder holds impulse responses"},
    {"words", "<word>/<speaker>_<n>.wav, as in Speech Commands"},
};

std::string lower(std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

/// Those of a folder that cannot be read are left out: whoever reads the recordings names it.
std::vector<fs::path> folders_in(const fs::path& data) {
    std::vector<fs::path> folders;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(data, ignored))
        if (entry.is_directory(ignored)) folders.push_back(entry.path());
    std::sort(folders.begin(), folders.end());
    return folders;
}

/// The first sub-folder, by name, that begins with `prefix` in upper or lower case; empty if there is none.
fs::path sub_folder(const fs::path& data, const std::string& prefix) {
    for (const fs::path& folder : folders_in(data))
        if (lower(folder.filename().string()).starts_with(prefix)) return folder;
    return {};
}

/// A layout with speech and noise: one row of the table in the header.
struct Pattern {
    const char *id, *name;
    const char *speech, *noise;            // beginnings of folder names
    const char *test_speech, *test_noise;  // "" if none is published
    bool pairs;
};
constexpr Pattern patterns[] = {
    {"gruve", "speech and noise", "speech", "noise", "", "", false},
    {"voicebank-demand", "VoiceBank-DEMAND", "clean_trainset", "noisy_trainset", "clean_testset", "noisy_testset",
     true},
    {"ms-snsd", "MS-SNSD", "clean_train", "noise_train", "clean_test", "noise_test", false},
    {"dns", "clean and noise", "clean", "noise", "", "", false},
    {"pairs", "clean and noisy pairs", "clean", "noisy", "", "", true},
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

/// The folder itself and those in which the DNS Challenge keeps its own.
std::vector<fs::path> places_in(const fs::path& data) {
    std::vector<fs::path> places = {data};
    if (fs::path below = sub_folder(data, "datasets"); !below.empty()) places.push_back(std::move(below));
    return places;
}

bool find_whole(const fs::path& data, const std::string& forced, DenoiseLayout& layout) {
    for (const fs::path& place : places_in(data))
        for (const Pattern& pattern : patterns)
            if ((forced.empty() || forced == pattern.id) && match(place, pattern, layout)) return true;
    return false;
}

bool is_number(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool has_audio(const fs::path& folder) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored))
        if (entry.is_regular_file(ignored) && is_audio_file(entry.path())) return true;
    return false;
}

/// Whether a folder holds <speaker>/<chapter>/ with numbers for names.
bool has_chapters(const fs::path& folder) {
    for (const fs::path& speaker : folders_in(folder)) {
        if (!is_number(speaker.filename().string())) continue;
        for (const fs::path& chapter : folders_in(speaker))
            if (is_number(chapter.filename().string()) && has_audio(chapter)) return true;
    }
    return false;
}

bool is_librispeech(const fs::path& data, int depth = 2) {
    if (has_chapters(data)) return true;
    if (depth == 0) return false;
    const auto folders = folders_in(data);
    return std::any_of(folders.begin(), folders.end(),
                       [&](const fs::path& folder) { return is_librispeech(folder, depth - 1); });
}

/// Whether a folder holds Common Voice's clips/: beside a table, or with names that show that the table is missing.
bool has_clips(const fs::path& folder) {
    std::error_code ignored;
    if (!fs::is_directory(folder / "clips", ignored)) return false;
    if (fs::exists(folder / "validated.tsv") || fs::exists(folder / "train.tsv")) return true;
    const fs::directory_iterator first(folder / "clips", ignored);
    return first != fs::directory_iterator() && is_named_as_in_common_voice(first->path());
}

/// Layouts of speech alone.
bool find_speech(const fs::path& data, const std::string& forced, DenoiseLayout& layout) {
    const auto wanted = [&](const char* id) { return forced.empty() || forced == id; };
    const auto found = [&](const char* name, const fs::path& speech) {
        layout = {};
        layout.name = name;
        layout.speech = speech;
        return true;
    };
    if (wanted("common-voice")) {
        if (has_clips(data)) return found("Common Voice", data);
        for (const fs::path& language : folders_in(data))
            if (has_clips(language)) return found("Common Voice", data);
    }
    if (wanted("vctk"))
        for (const char* folder : {"wav48", "wav16"})
            if (fs::path speech = sub_folder(data, folder); !speech.empty()) return found("VCTK", speech);
    return wanted("librispeech") && is_librispeech(data) && found("LibriSpeech", data);
}

/// What the name of the folder itself says: "speech", "noise" or "rooms"; empty if it says nothing.
std::string role_in_name(const fs::path& data) {
    const fs::path whole = fs::canonical(data);
    const std::string name = lower(whole.filename().string());
    for (const char* speech : {"speech", "clean"})
        if (name.starts_with(speech)) return "speech";
    for (const char* rooms : rooms_prefixes)
        if (name.starts_with(rooms)) return "rooms";
    return name.starts_with("noise") ? "noise" : "";
}

bool set_role(const fs::path& data, const std::string& role, DenoiseLayout& layout) {
    layout = {};
    layout.name = role == "rooms" ? "rooms" : "folder of " + role;
    (role == "speech" ? layout.speech : role == "noise" ? layout.noise : layout.rooms) = data;
    return true;
}

/// Sub-folders of this project's names, without the others of their kind.
bool find_own_folders(const fs::path& data, DenoiseLayout& layout) {
    layout = {};
    layout.name = "part of a set";
    const auto find = [&](const char* name) { return fs::is_directory(data / name) ? data / name : fs::path(); };
    layout.speech = find("speech"), layout.noise = find("noise"), layout.rooms = find("rooms");
    return !layout.empty();
}

/// Sub-folders whose names begin as in a known layout.
bool find_sub_folders(const fs::path& data, DenoiseLayout& layout) {
    layout = {};
    layout.name = "part of a set";
    for (const fs::path& place : places_in(data)) {
        const auto find = [&](fs::path& found, const char* prefix) {
            if (found.empty()) found = sub_folder(place, prefix);
        };
        for (const char* speech : {"speech", "clean"}) find(layout.speech, speech);
        find(layout.noise, "noise");
        for (const char* rooms : rooms_prefixes) find(layout.rooms, rooms);
    }
    return !layout.empty();
}

bool is_flat(const fs::path& data) {
    const auto folders = folders_in(data);
    return has_audio(data) && std::none_of(folders.begin(), folders.end(), has_audio);
}

}  // namespace

std::span<const LayoutName> layout_names() { return names; }

std::string contents_of(const fs::path& data) {
    const std::vector<fs::path> folders = folders_in(data);
    if (folders.empty()) return "no sub-folders";
    std::string list;
    for (std::size_t i = 0; i < std::min<std::size_t>(folders.size(), 8); ++i)
        list += (i ? ", " : "") + folders[i].filename().string() + "/";
    return folders.size() > 8 ? list + ", …" : list;
}

DenoiseLayout find_denoise_layout(const fs::path& data, const std::string& forced) {
    if (!fs::is_directory(data)) throw DataError(data.string() + ": the data folder does not exist");
    DenoiseLayout layout;
    if (find_whole(data, forced, layout)) return layout;
    const DenoiseLayout part = find_denoise_part(data, forced);
    const std::string half = part.speech.empty() == part.noise.empty()
                                 ? ""
                                 : std::string(". It has ") + (part.speech.empty() ? "noise" : "speech") + " only (" +
                                       part.name + "); add a folder of " + (part.speech.empty() ? "speech" : "noise") +
                                       " by another --data";
    throw DataError(data.string() +
                    ": no folders of speech and noise. Looked for speech/ + noise/, clean_trainset*/ + "
                    "noisy_trainset*/ (VoiceBank-DEMAND), "
                    "clean*/ + noise*/ (MS-SNSD, DNS) and clean*/ + noisy*/ (pairs), there and in datasets*/. Found " +
                    contents_of(data) + half);
}

DenoiseLayout find_denoise_part(const fs::path& data, const std::string& forced) {
    if (!fs::is_directory(data)) throw DataError(data.string() + ": the data folder does not exist");
    DenoiseLayout layout;
    if (forced == "words") return layout;
    if (forced == "speech" || forced == "noise" || forced == "rooms") {
        set_role(data, forced, layout);
        return layout;
    }
    if (find_whole(data, forced, layout) || find_speech(data, forced, layout)) return layout;
    if ((forced.empty() || forced == "gruve") && find_own_folders(data, layout)) return layout;
    if (!forced.empty()) {
        const auto* name = std::find_if(std::begin(names), std::end(names),
                                        [&](const LayoutName& known) { return forced == known.id; });
        throw DataError(data.string() + ": not in the layout " + forced +
                        (name == std::end(names) ? "" : std::string(" (") + name->purpose + ")") + "; found " +
                        contents_of(data));
    }
    const std::string role = role_in_name(data);
    if (!role.empty() && set_role(data, role, layout)) return layout;
    if (find_sub_folders(data, layout)) return layout;
    layout = {};
    if (is_flat(data)) set_role(data, "speech", layout);
    return layout;
}

}  // namespace gruve

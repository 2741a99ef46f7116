#include "datasets/noisy_speech.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <regex>
#include <set>

#include "datasets/audio_folder.h"
#include "datasets/parallel.h"

namespace gruve {
namespace {

namespace fs = std::filesystem;

constexpr double kShortest = 0.050;      // seconds
constexpr float kSilence = 1e-4f;        // peak; −80 dB of full scale
constexpr double kClippedShare = 0.001;  // of the samples
constexpr double kValidation = 0.15, kTest = 0.20;

/// Samples that stay at the file's own peak for three samples or longer; only loud files count.
bool is_clipped(const std::vector<float>& samples) {
    float peak = 0.0f;
    for (const float sample : samples) peak = std::max(peak, std::abs(sample));
    if (peak < 0.5f) return false;
    const float flat = peak * 0.9999f;
    std::size_t run = 0, clipped = 0;
    for (const float sample : samples) {
        run = std::abs(sample) >= flat ? run + 1 : 0;
        if (run == 3) clipped += 3;
        if (run > 3) ++clipped;
    }
    return static_cast<double>(clipped) > kClippedShare * static_cast<double>(samples.size());
}

bool is_silent(const std::vector<float>& samples) {
    return std::all_of(samples.begin(), samples.end(), [](float sample) { return std::abs(sample) < kSilence; });
}

/// Folder below the root, or for flat files the name before the first '_'.
std::string speaker_of(const fs::path& root, const fs::path& file) {
    const fs::path inside = file.lexically_relative(root);
    if (std::distance(inside.begin(), inside.end()) > 1) return inside.begin()->string();
    const std::string stem = file.stem().string();
    return stem.substr(0, stem.find('_'));
}

/// ESC-10 and ESC-50 name clips fold-freesoundid-take[-class]; the takes of one id are pieces of one recording.
std::string noise_source_of(const fs::path& root, const fs::path& file) {
    static const std::regex kEsc("[0-9]-([0-9]+)-[A-Z](-[0-9]+)?");
    const std::string stem = file.stem().string();
    std::smatch match;
    if (std::regex_match(stem, match, kEsc)) return "freesound " + match[1].str();
    return file.lexically_relative(root).generic_string();
}

struct Role {
    const char* name;
    const char* group;  // one of what must not be in two splits
    std::string (*group_of)(const fs::path& root, const fs::path& file);
    bool refuse_clipped;
};
constexpr Role kSpeech = {"speech", "speaker", speaker_of, true};
constexpr Role kNoise = {"noise", "recording", noise_source_of, false};

/// Why a recording can't be used, or nothing.
std::string defect(const Audio& audio, const Role& role) {
    if (audio.seconds() < kShortest) return "shorter than 50 ms";
    if (is_silent(audio.samples)) return "silent";
    if (role.refuse_clipped && is_clipped(audio.samples)) return "clipped";
    return {};
}

std::vector<Recording> read_role(const fs::path& root, const Role& role, int rate_hz, std::vector<std::string>& left_out) {
    const std::vector<fs::path> files = audio_files(root, role.name);
    std::vector<Recording> all(files.size());
    std::vector<std::string> defects(files.size());
    for_each_index(static_cast<int>(files.size()), default_jobs(), [&](int index) {
        const auto i = static_cast<std::size_t>(index);
        Recording& recording = all[i];
        recording.path = files[i];
        recording.group = role.group_of(root, files[i]);
        recording.audio = read_audio(files[i]);
        defects[i] = defect(recording.audio, role);
        if (!defects[i].empty()) return;
        recording.audio.samples = resample(recording.audio.samples, recording.audio.rate_hz, rate_hz);
        recording.audio.rate_hz = rate_hz;
    });

    std::vector<Recording> usable;
    std::set<std::string> groups;
    std::set<std::string> reasons;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (defects[i].empty()) {
            groups.insert(all[i].group);
            usable.push_back(std::move(all[i]));
        } else {
            left_out.push_back(files[i].string() + ": " + defects[i]);
            reasons.insert(defects[i]);
        }
    }
    if (usable.empty()) {
        std::string why;
        for (const std::string& reason : reasons) why += (why.empty() ? "" : ", ") + reason;
        throw DataError(root.string() + ": no usable " + role.name + ": all " + std::to_string(files.size()) + " files are " +
                        why);
    }
    if (groups.size() < 3) {
        const std::string names = *groups.begin() + (groups.size() == 1 ? "" : ", " + *groups.rbegin());
        throw DataError(root.string() + ": " + (groups.size() == 1 ? "one " : "two ") + role.group +
                        (groups.size() == 1 ? "" : "s") + " only (" + names +
                        "); training, validation and test need different ones, so at least 3");
    }
    std::stable_sort(usable.begin(), usable.end(), [](const Recording& a, const Recording& b) { return a.group < b.group; });
    return usable;
}

/// Classes for the balance between splits: the folder a recording lies in (speech has one class only).
void assign_splits(std::vector<Recording>& recordings, bool class_is_folder, std::uint64_t seed) {
    std::map<fs::path, int> classes;
    std::vector<GroupedClip> clips;
    for (const Recording& recording : recordings) {
        const fs::path key = class_is_folder ? recording.path.parent_path() : fs::path();
        clips.push_back({recording.group, classes.emplace(key, static_cast<int>(classes.size())).first->second});
    }
    const std::vector<Split> splits = split_by_group(clips, kValidation, kTest, seed);
    for (std::size_t i = 0; i < recordings.size(); ++i) recordings[i].split = splits[i];
}

}  // namespace

NoisySpeech read_noisy_speech(const fs::path& speech, const fs::path& noise, int rate_hz, std::uint64_t seed) {
    NoisySpeech set;
    set.rate_hz = rate_hz;
    set.speech = read_role(speech, kSpeech, rate_hz, set.left_out);
    set.noise = read_role(noise, kNoise, rate_hz, set.left_out);
    assign_splits(set.speech, false, seed);
    assign_splits(set.noise, true, seed);
    return set;
}

}  // namespace gruve

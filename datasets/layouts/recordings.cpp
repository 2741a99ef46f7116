#include "datasets/layouts/recordings.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <set>

#include "datasets/audio/audio_folder.h"
#include "datasets/audio/audio_index.h"
#include "datasets/audio/resample.h"
#include "datasets/layouts/speaker_table.h"
#include "datasets/support/data_error.h"
#include "datasets/support/hash.h"
#include "datasets/support/parallel.h"
#include "datasets/support/path_below.h"

namespace gruve {
namespace {

namespace fs = std::filesystem;

constexpr double shortest_s = 0.050;
constexpr float silence = 1e-4f;         // peak: −80 dB of full scale
constexpr double clipped_share = 0.001;  // of the samples

/// Whether more than 0.1 % of the samples are in runs of three or more at the file's own peak. Only files with a peak
/// of at least half of full scale count as clipped.
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
    return static_cast<double>(clipped) > clipped_share * static_cast<double>(samples.size());
}

bool is_silent(const std::vector<float>& samples) {
    return std::all_of(samples.begin(), samples.end(), [](float sample) { return std::abs(sample) < silence; });
}

constexpr const char* digits = "0123456789";

/// Whether a file lies in <speaker>/<chapter>/ and is named <speaker>-<chapter>-<n>, as in LibriSpeech.
bool is_in_chapter(const fs::path& file) {
    const std::string chapter = file.parent_path().filename().string();
    const std::string speaker = file.parent_path().parent_path().filename().string();
    return !speaker.empty() && file.stem().string().starts_with(speaker + "-" + chapter + "-");
}

/// The speaker of a file: "reader_<id>" in the name (DNS Challenge); or the folder, if its name begins the file's name
/// (VCTK: p225/p225_001.wav), or that above it (LibriSpeech: <speaker>/<chapter>/); otherwise the folder below the
/// root; for flat files, the name before the first '_'.
std::string speaker_of(const fs::path& root, const fs::path& file) {
    const std::string stem = file.stem().string();
    if (const std::size_t reader = stem.find("reader_"); reader != std::string::npos)
        return stem.substr(reader, stem.find_first_not_of(digits, reader + 7) - reader);
    const std::string inside = path_below(root, file);
    const std::size_t slash = inside.find('/');
    if (slash == std::string::npos) return stem.substr(0, stem.find('_', 1));
    if (is_in_chapter(file)) return file.parent_path().parent_path().filename().string();
    const std::string folder = file.parent_path().filename().string();
    return stem.starts_with(folder + "_") ? folder : inside.substr(0, slash);
}

/// The source recording of a noise. ESC-10 and ESC-50 name their clips fold-freesoundid-take[-class], as in
/// 1-100032-A-0; the takes of one id are pieces of one recording. Any other file is its own source.
std::string noise_source_of(const fs::path& root, const fs::path& file) {
    const std::string stem = file.stem().string();
    const std::size_t end = stem.find_first_not_of(digits, 2);
    const bool has_fold = stem.size() > 2 && std::isdigit(static_cast<unsigned char>(stem[0])) && stem[1] == '-';
    if (has_fold && end != std::string::npos && end > 2 && stem[end] == '-' && end + 1 < stem.size()) {
        const bool letter = std::isupper(static_cast<unsigned char>(stem[end + 1])) != 0;
        if (letter && (end + 2 == stem.size() || stem[end + 2] == '-')) return "freesound " + stem.substr(2, end - 2);
    }
    return path_below(root, file);
}

/// The reason why a recording cannot be used; empty if it can.
std::string defect(const Audio& audio, const Role& role) {
    if (audio.seconds() < shortest_s) return "shorter than 50 ms";
    if (is_silent(audio.samples)) return "silent";
    if (role.refuse_clipped && is_clipped(audio.samples)) return "clipped";
    return {};
}

/// The files to read if at most `most_samples` fit into memory. They are chosen by a hash of the name, so that every
/// speaker keeps a part.
std::vector<fs::path> fitting(const std::vector<fs::path>& files, const fs::path& root, const Role& role, int rate_hz,
                              std::size_t most_samples, ReadLog& log) {
    if (most_samples == std::numeric_limits<std::size_t>::max()) return files;
    const std::vector<AudioHeader> headers = headers_of(root, files, default_jobs());
    std::vector<std::size_t> order(files.size());
    for (std::size_t i = 0; i < files.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return hash_of(path_below(root, files[a]), 0) < hash_of(path_below(root, files[b]), 0);
    });
    double left = static_cast<double>(most_samples) / rate_hz;
    std::vector<fs::path> kept;
    for (const std::size_t i : order)
        if ((left -= headers[i].seconds()) >= 0.0 || kept.empty())
            kept.push_back(files[i]);
        else
            break;
    if (kept.size() < files.size()) {
        const auto hours = std::to_string(static_cast<double>(most_samples) / rate_hz / 3600.0);
        log.leave_out(root.string() + ": " + std::to_string(files.size() - kept.size()) + " of " +
                      std::to_string(files.size()) + " " + role.name + " files not read: at most " +
                      hours.substr(0, hours.find('.') + 2) + " hours are kept in memory");
    }
    std::sort(kept.begin(), kept.end());
    return kept;
}

}  // namespace

Role speech_role() { return {"speech", "speaker", speaker_of, read_audio, true, false}; }
Role speech_role(const fs::path& root) {
    Role role = speech_role();
    const auto table = std::make_shared<const SpeakerTable>(SpeakerTable::beside(root));
    if (table->empty()) return role;
    role.group_of = [table](const fs::path& from, const fs::path& file) {
        const std::string* speaker = table->speaker_of(file);
        return speaker ? *speaker : speaker_of(from, file);
    };
    return role;
}
Role noise_role() { return {"noise", "recording", noise_source_of, read_audio, false, true}; }

double seconds_below(const fs::path& root, const Role& role) {
    double seconds = 0;
    for (const AudioHeader& header : headers_of(root, audio_files(root, role.name), default_jobs()))
        seconds += header.seconds();
    return seconds;
}

std::vector<Recording> read_recordings(const fs::path& root, const Role& role, int rate_hz, std::size_t most_samples,
                                       ReadLog& log, const StoreLimits* on_disk) {
    const std::vector<fs::path> files =
        fitting(audio_files(root, role.name, &log), root, role, rate_hz, most_samples, log);
    const auto decode = [&](std::size_t i) {
        Decoded decoded;
        try {
            decoded.audio = role.read(files[i]);
            decoded.defect = defect(decoded.audio, role);
            if (!decoded.defect.empty()) return decoded;
            decoded.audio.samples = resample(decoded.audio.samples, decoded.audio.rate_hz, rate_hz);
            decoded.audio.rate_hz = rate_hz;
        } catch (const DataError& error) {
            decoded.error = error.what();
        }
        return decoded;
    };
    std::vector<Stored> all;
    if (on_disk) {
        std::vector<std::string> keys;
        for (const fs::path& file : files)
            keys.push_back(role.name + " " + std::to_string(rate_hz) + " Hz " + role.identity(file));
        all = keep_on_disk(keys, decode, *on_disk, default_jobs());
    } else {
        all = keep_in_memory(files.size(), decode, default_jobs());
    }

    std::vector<Recording> usable;
    std::set<std::string> reasons;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!all[i].error.empty()) {
            log.add_bad(all[i].error);
            reasons.insert("bad");
        } else if (all[i].defect.empty()) {
            usable.push_back({files[i], role.group_of(root, files[i]), Split::train, std::move(all[i].sound)});
        } else {
            log.leave_out(files[i].string() + ": " + all[i].defect);
            reasons.insert(all[i].defect);
        }
    }
    if (usable.empty()) {
        log.refuse_bad();
        std::string why;
        for (const std::string& reason : reasons) why += (why.empty() ? "" : ", ") + reason;
        throw DataError(root.string() + ": no usable " + role.name + ": all " + std::to_string(files.size()) +
                        " files are " + why);
    }
    std::stable_sort(usable.begin(), usable.end(),
                     [](const Recording& a, const Recording& b) { return a.group < b.group; });
    return usable;
}

bool named_as_in_common_voice(const std::vector<Recording>& recordings) {
    return std::any_of(recordings.begin(), recordings.end(),
                       [](const Recording& recording) { return is_named_as_in_common_voice(recording.path); });
}

void assign_splits(std::vector<Recording>& recordings, const fs::path& root, const Role& role, double validation,
                   double test, std::uint64_t seed) {
    std::set<std::string> groups;
    for (const Recording& recording : recordings) groups.insert(recording.group);
    const std::size_t needed = test > 0.0 ? 3 : 2;
    if (groups.size() < needed) {
        const bool one = groups.size() == 1;
        throw DataError(root.string() + ": " + (one ? "one " : "two ") + role.group + (one ? "" : "s") + " only (" +
                        *groups.begin() + (one ? "" : ", " + *groups.rbegin()) + "); training, validation" +
                        (test > 0.0 ? " and test" : "") + " need different ones, so at least " +
                        std::to_string(needed) + (named_as_in_common_voice(recordings) ? common_voice_hint : ""));
    }
    deal_to_splits(recordings, role, validation, test, seed);
}

void deal_to_splits(std::vector<Recording>& recordings, const Role& role, double validation, double test,
                    std::uint64_t seed) {
    // The folder of a noise is its class, so that every kind of noise is in every split. All speech is one class.
    std::map<fs::path, int> classes;
    std::vector<GroupedClip> clips;
    for (const Recording& recording : recordings) {
        const fs::path key = role.folders_are_kinds ? recording.path.parent_path() : fs::path();
        clips.push_back({recording.group, classes.emplace(key, static_cast<int>(classes.size())).first->second});
    }
    const std::vector<Split> splits = split_by_group(clips, validation, test, seed);
    for (std::size_t i = 0; i < recordings.size(); ++i) recordings[i].split = splits[i];
}

}  // namespace gruve

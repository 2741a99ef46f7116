#include "datasets/layouts/denoise_layouts.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <set>

#include "datasets/audio/audio_folder.h"
#include "datasets/layouts/recordings.h"
#include "datasets/layouts/rooms.h"
#include "datasets/layouts/speaker_table.h"
#include "datasets/support/data_error.h"

namespace gruve {
namespace {

namespace fs = std::filesystem;

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
    role.group_of = speech_role(noisy_root).group_of;
    role.folders_are_kinds = false;
    role.read = [=](const fs::path& file) { return read_difference(clean_root, noisy_root, file); };
    role.identity = [=](const fs::path& file) {
        return identity_of(file) + " minus " + identity_of(clean_root / file.lexically_relative(noisy_root));
    };
    return role;
}

Role speech_role_of(const fs::path& root) { return root.empty() ? speech_role() : speech_role(root); }

constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

/// The length of all speech and noise.
double seconds_of(const std::vector<DenoiseLayout>& layouts) {
    double seconds = 0;
    for (const DenoiseLayout& layout : layouts) {
        for (const fs::path* root : {&layout.speech, &layout.test_speech})
            if (!root->empty()) seconds += seconds_below(*root, speech_role());
        for (const fs::path* root : {&layout.noise, &layout.test_noise})
            if (!root->empty()) seconds += seconds_below(*root, noise_role());
    }
    return seconds;
}

/// One role of one root.
struct Part {
    fs::path root;
    Role role;
    bool has_test = false;                // the publisher's own test set takes the place of that share
    std::vector<Recording> recordings{};  // to be dealt
    std::vector<Recording> test{};        // the publisher's
};

Part read_part(const DenoiseLayout& layout, bool noise, int rate_hz, const StoreLimits* on_disk, ReadLog& log) {
    const auto read = [&](const fs::path& root, const Role& role) {
        return root.empty() ? std::vector<Recording>() : read_recordings(root, role, rate_hz, unlimited, log, on_disk);
    };
    const fs::path& root = noise ? layout.noise : layout.speech;
    const fs::path& test_root = noise ? layout.test_noise : layout.test_speech;
    Part part{root, noise ? noise_role_of(layout, layout.speech, layout.noise) : speech_role_of(root),
              !test_root.empty()};
    part.recordings = read(root, part.role);
    part.test = read(test_root,
                     noise ? noise_role_of(layout, layout.test_speech, layout.test_noise) : speech_role_of(test_root));
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
                            "s; --same-speakers deals them as one" +
                            (named_as_in_common_voice(recordings) ? common_voice_hint : ""));
}

/// One role of all roots: read, dealt and joined.
std::vector<Recording> read_role(const std::vector<DenoiseLayout>& layouts, bool noise, const DataOptions& data,
                                 int rate_hz, std::uint64_t seed, const StoreLimits* on_disk, ReadLog& log) {
    std::vector<Part> parts;
    for (const DenoiseLayout& layout : layouts) parts.push_back(read_part(layout, noise, rate_hz, on_disk, log));
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

NoisySpeech read_denoise_data(const DataOptions& data, int rate_hz, std::uint64_t seed) {
    NoisySpeech set;
    ReadLog log(data.skip_bad);
    set.rate_hz = rate_hz;
    std::vector<DenoiseLayout> layouts;
    for (std::size_t r = 0; r < data.roots.size(); ++r) {
        const fs::path& root = data.roots[r];
        layouts.push_back(data.roots.size() == 1 ? find_denoise_layout(root, data.layout_of(r))
                                                 : find_denoise_part(root, data.layout_of(r)));
        const DenoiseLayout& found = layouts.back();
        if (found.empty()) log.leave_out(root.string() + ": no speech, noise or rooms; found " + contents_of(root));
    }
    const StoreLimits limits{data.memory, data.cache};
    const StoreLimits* on_disk = fits(seconds_of(layouts), rate_hz, limits) ? nullptr : &limits;
    set.speech = read_role(layouts, false, data, rate_hz, seed, on_disk, log);
    set.noise = read_role(layouts, true, data, rate_hz, seed, on_disk, log);
    for (const DenoiseLayout& layout : layouts)
        if (!layout.rooms.empty())
            for (auto& room : read_rooms(layout.rooms, rate_hz, log)) set.rooms.push_back(std::move(room));
    log.refuse_bad();
    set.left_out = log.lines();
    set.speech_weights = std::make_shared<const Weights>(set.speech);
    set.noise_weights = std::make_shared<const Weights>(set.noise);
    return set;
}

}  // namespace gruve

#include "offline_search/listening/material.h"

#include <algorithm>
#include <map>
#include <utility>

#include "datasets/audio/audio_file.h"
#include "datasets/layouts/denoise_layouts.h"
#include "datasets/layouts/word_folder.h"
#include "datasets/mixing/mixture.h"
#include "datasets/support/data_error.h"
#include "engine/preset/deserialise_preset.h"
#include "engine/preset/metric.h"
#include "engine/preset/serialise_preset.h"
#include "engine/streaming/sensitivity.h"
#include "offline_search/export/float_preset.h"
#include "offline_search/files/write_file.h"

namespace gruve {
namespace {

namespace fs = std::filesystem;

constexpr double mixture_seconds = 5, longest_seconds = 20, pause_seconds = 0.8;

std::span<const std::uint8_t> bytes_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Preset read_preset(const fs::path& path, const std::string& file) {
    try {
        return deserialise(bytes_of(file));
    } catch (const PresetError& broken) {
        throw DataError(path.string() + ": " + broken.what());
    }
}

std::vector<ThresholdStop> stops_of(const DetectionConfig& config) {
    std::vector<float> sensitivities = {least_sensitivity, usual_sensitivity, most_sensitivity};
    for (std::size_t i = 0; i < config.points.size(); ++i) sensitivities.push_back(sensitivity_of(config, i));
    std::ranges::sort(sensitivities);
    const auto repeated = std::ranges::unique(sensitivities);
    sensitivities.erase(repeated.begin(), repeated.end());
    std::vector<ThresholdStop> stops;
    for (const float sensitivity : sensitivities) {
        stops.push_back({sensitivity, std::vector<float>(config.threshold.size())});
        thresholds_at(config, sensitivity, stops.back().thresholds);
    }
    return stops;
}

ListenPreset described(const Preset& preset, std::string file) {
    ListenPreset listed;
    listed.name = preset.name;
    listed.bytes = static_cast<double>(parameter_bytes(preset));
    const Scores& scores = preset.test.n > 0 ? preset.test : preset.validation;
    if (scores.n > 0)
        listed.score = metric_named(scores.metric).text(preset.is_float() ? scores.float_value : scores.value);
    listed.recommended = preset.name.ends_with("recommended");
    if (preset.kind == TaskKind::keywords) listed.stops = stops_of(preset.detection);
    listed.file = std::move(file);
    return listed;
}

std::string heading(const Scores& scores) {
    return scores.metric.empty() ? "Score" : std::string(metric_named(scores.metric).name) + ", test split";
}

ListenGroup group_for(const Preset& first, const std::string& title) {
    return {title, first.kind == TaskKind::denoise, heading(first.test), first.rate_hz, first.labels, {}, {}};
}

}  // namespace

ListenPreset listen_preset(const fs::path& path) {
    std::string file = read_text(path);
    const Preset preset = read_preset(path, file);
    return described(preset, std::move(file));
}

ListenPreset listen_preset(const Preset& preset) {
    const auto bytes = serialise(preset);
    return described(preset, std::string(bytes.begin(), bytes.end()));
}

ListenGroup listen_group(const SearchResult& result, const fs::path& folder, const FloatNetwork* network) {
    ListenGroup group;
    for (const std::vector<JudgedPoint>* points : {&result.homogeneous, &result.presets})
        for (const JudgedPoint& judged : *points) {
            const fs::path path = folder / judged.file;
            if (judged.file.empty() || !fs::exists(path)) continue;
            const Preset preset = read_preset(path, read_text(path));
            if (group.presets.empty()) group = group_for(preset, "Listen: " + result.task);
            const auto same = [&](const ListenPreset& there) { return there.name == preset.name; };
            if (std::ranges::any_of(group.presets, same)) continue;
            group.presets.push_back(listen_preset(path));
            group.presets.back().recommended = judged.recommended;
            if (network != nullptr && group.presets.size() == 1)
                group.presets.push_back(listen_preset(float_preset(preset, *network)));
        }
    if (group.presets.empty()) throw DataError(folder.string() + ": none of the search's presets is there");
    const fs::path beside = folder / "presets" / (result.task + "-float.gruve");
    if (network == nullptr && fs::exists(beside)) group.presets.push_back(listen_preset(beside));
    std::ranges::stable_sort(group.presets, std::ranges::greater(), &ListenPreset::bytes);
    return group;
}

std::vector<ListenGroup> listen_groups(const std::vector<fs::path>& presets) {
    std::vector<ListenGroup> groups;
    for (const fs::path& path : presets) {
        const std::string file = read_text(path);
        const Preset preset = read_preset(path, file);
        if (preset.kind == TaskKind::sequence) continue;  // rows of numbers: nothing to hear
        std::string front = preset.name;
        if (front.ends_with("-tuned")) front.erase(front.rfind('-'));
        front.erase(std::min(front.rfind('-'), front.size()));
        auto group = std::ranges::find(groups, front, &ListenGroup::title);
        if (group == groups.end()) group = groups.insert(groups.end(), group_for(preset, front));
        group->presets.push_back(described(preset, file));
    }
    for (ListenGroup& group : groups)
        std::ranges::stable_sort(group.presets, std::ranges::greater(), &ListenPreset::bytes);
    if (groups.empty()) throw DataError("none of these presets plays sound");
    return groups;
}

std::vector<ListenSound> test_mixtures(const DataOptions& data, int rate_hz, std::uint64_t seed) {
    const NoisySpeech set = read_denoise_data(data, rate_hz, seed);
    const std::vector<float> snrs_db = {0, 5, 10, -5};
    std::vector<ListenSound> sounds;
    for (int i = 0; i < static_cast<int>(snrs_db.size()); ++i) {
        const Mixture mixture = fixed_mixture(set, Split::test, i, snrs_db, mixture_seconds);
        const int snr = static_cast<int>(mixture.snr_db);
        const std::string sign = snr < 0 ? "−" : "";
        sounds.push_back({"Speech in noise, " + sign + std::to_string(std::abs(snr)) + " dB (test mixture " +
                              std::to_string(i + 1) + ")",
                          rate_hz,
                          {mixture.noisy}});
    }
    return sounds;
}

std::vector<ListenSound> test_words(const fs::path& data, const std::vector<std::string>& labels, std::uint64_t seed) {
    WordFolderOptions options;
    options.seed = seed;
    for (const std::string& label : labels)
        if (label != "other") options.words.push_back(label);
    fs::path words = data;
    for (const char* name : {"words", "keywords"})
        if (fs::is_directory(data / name)) words = data / name;
    const WordFolder folder = read_word_folder(words, options);
    ListenSound sound{"Recordings of the test split, one of each word", 0, {{}}};
    std::map<int, bool> taken;
    const auto pause = [&] {
        sound.channels[0].resize(sound.channels[0].size() + static_cast<std::size_t>(pause_seconds * sound.rate_hz));
    };
    for (const WordClip& clip : folder.clips) {
        if (clip.split != Split::test || folder.labels[static_cast<std::size_t>(clip.label)] == "other") continue;
        if (std::exchange(taken[clip.label], true)) continue;
        const Audio audio = read_audio(clip.path);
        if (sound.rate_hz == 0) {
            sound.rate_hz = audio.rate_hz;
            for (int i = 0; i < 2; ++i) pause();  // spotters warm up
        }
        if (audio.rate_hz != sound.rate_hz) continue;
        sound.channels[0].insert(sound.channels[0].end(), audio.samples.begin(), audio.samples.end());
        pause();
    }
    if (sound.rate_hz == 0) throw DataError(words.string() + ": no recording of these words in the test split");
    return {sound};
}

std::vector<ListenSound> test_sounds(const ListenGroup& group, const DataOptions& data, std::uint64_t seed) {
    return group.denoises ? test_mixtures(data, group.rate_hz, seed)
                          : test_words(data.roots.front(), group.labels, seed);
}

std::vector<ListenSound> sounds_of(const std::vector<fs::path>& files) {
    std::vector<ListenSound> sounds;
    for (const fs::path& file : files) {
        ListenSound sound{file.stem().string(), 0, {}};
        sound.channels = read_channels(file, sound.rate_hz);
        if (sound.channels.size() > 2) sound.channels.resize(2);
        const auto most = static_cast<std::size_t>(longest_seconds * sound.rate_hz);
        for (auto& channel : sound.channels) channel.resize(std::min(channel.size(), most));
        sounds.push_back(std::move(sound));
    }
    return sounds;
}

}  // namespace gruve

#include "offline_search/word_source.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "datasets/audio_folder.h"
#include "datasets/parallel.h"
#include "datasets/noisy_speech.h"
#include "datasets/random.h"
#include "offline_search/log_mel_sequence.h"
#include "offline_search/parallel.h"
#include "offline_search/word_augmentation.h"

namespace gruve {
namespace {

constexpr double lead_s = 0.2;          // silence around a clip: half before and half after it, in training anywhere
constexpr double noise_negatives = 0.1;

/// The most frequent rate (the lowest of equally frequent ones).
int usual_rate(const std::vector<Audio>& recordings) {
    std::map<int, int> count;
    for (const Audio& audio : recordings) ++count[audio.rate_hz];
    return std::max_element(count.begin(), count.end(), [](const auto& a, const auto& b) { return a.second < b.second; })->first;
}

LogMelConfig front_end_for(int rate_hz) {
    LogMelConfig config;
    config.high_hz = std::min(config.high_hz, 0.475f * static_cast<float>(rate_hz));  // no band that the recordings lack
    return config;
}

/// Recordings of one source share a name: "1-100032-A" and "1-100032-B" are takes of one Freesound clip.
std::string noise_group(const std::filesystem::path& path) {
    const std::string stem = path.stem().string();
    return stem.substr(0, std::max<std::size_t>(1, std::min(stem.rfind('-'), stem.size())));
}

std::vector<Audio> read_training_noises(const std::vector<std::filesystem::path>& files, int rate_hz, std::uint64_t seed) {
    std::vector<std::filesystem::path> kept;
    for (const auto& file : files) {
        if (hash_of(noise_group(file), seed) % 4 != 0) kept.push_back(file);
    }
    return read_all(kept, rate_hz, default_jobs());
}

class WordSource final : public ClipSource {
public:
    WordSource(const WordFolder& folder, std::vector<Audio> recordings, int rate_hz, std::uint64_t seed)
        : labels_(folder.labels), log_mel_(front_end_for(rate_hz), rate_hz) {
        clip_samples_ = usual_length(folder, recordings);
        training_samples_ = clip_samples_ + static_cast<std::size_t>(lead_s * rate_hz);
        noises_ = read_training_noises(folder.background, rate_hz, seed);

        std::vector<Clip> made(recordings.size());
        parallel_for(default_jobs(), static_cast<int>(recordings.size()), [&](int i) {
            const auto k = static_cast<std::size_t>(i);
            made[k] = {log_mel_(judged_part(recordings[k].samples, folder.clips[k].label)), folder.clips[k].label};
        });
        for (std::size_t i = 0; i < recordings.size(); ++i) {
            clips_[static_cast<std::size_t>(folder.clips[i].split)].push_back(std::move(made[i]));
            if (folder.clips[i].split == Split::train) training_.push_back({std::move(recordings[i].samples), folder.clips[i].label});
        }
    }

    const std::vector<std::string>& labels() const override { return labels_; }
    const std::vector<Clip>& clips(Split split) const override { return clips_[static_cast<std::size_t>(split)]; }
    int training_count() const override { return static_cast<int>(training_.size()); }
    int training_steps() const override { return static_cast<int>(training_samples_) / log_mel_.hop(); }

    Clip draw(int index, std::mt19937_64& random) const override {
        const Word& word = training_[static_cast<std::size_t>(index)];
        Clip clip{log_mel_(draw_samples(word, random)), word.label};
        alter_features(clip.features, 1.0f / log_mel_.config().scale_db, random);
        return clip;
    }

    void describe(Preset& preset) const override {
        preset.kind = TaskKind::keywords;
        preset.labels = labels_;
        preset.rate_hz = log_mel_.rate_hz();
        preset.log_mel = log_mel_.config();
        preset.detection = DetectionConfig{};
        preset.detection.threshold.assign(labels_.size(), 0.8f);
    }

private:
    struct Word {
        std::vector<float> samples;
        int label = 0;
    };

    bool is_other(int label) const { return label == 0 && labels_.front() == "other"; }

    std::size_t usual_length(const WordFolder& folder, const std::vector<Audio>& recordings) const {
        std::vector<std::size_t> lengths;
        for (std::size_t i = 0; i < recordings.size(); ++i) {
            if (!is_other(folder.clips[i].label)) lengths.push_back(recordings[i].samples.size());
        }
        const auto at = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() * 95 / 100);
        std::nth_element(lengths.begin(), at, lengths.end());
        const auto hop = static_cast<std::size_t>(log_mel_.hop());
        return (*at + hop - 1) / hop * hop;
    }

    std::vector<float> judged_part(std::span<const float> samples, int label) const {
        if (is_other(label) && samples.size() > clip_samples_) samples = samples.subspan((samples.size() - clip_samples_) / 2, clip_samples_);
        const std::size_t margin = training_samples_ - clip_samples_;
        std::vector<float> part(std::max(training_samples_, samples.size() + margin));
        std::ranges::copy(samples, part.begin() + static_cast<std::ptrdiff_t>((part.size() - samples.size()) / 2));
        return part;
    }

    std::vector<float> draw_samples(const Word& word, std::mt19937_64& random) const {
        std::span<const float> samples = word.samples;
        if (is_other(word.label)) {
            if (!noises_.empty() && chance(random, noise_negatives)) return draw_noise(noises_, training_samples_, random);
            if (samples.size() > clip_samples_) samples = samples.subspan(uniform_index(random, samples.size() - clip_samples_ + 1), clip_samples_);
        }
        return alter_recording(samples, training_samples_, noises_, random);
    }

    std::vector<std::string> labels_;
    LogMelSequence log_mel_;
    std::size_t clip_samples_ = 0, training_samples_ = 0;
    std::vector<Audio> noises_;
    std::vector<Word> training_;
    std::array<std::vector<Clip>, 3> clips_;
};

}  // namespace

std::unique_ptr<const ClipSource> make_word_source(const WordFolder& folder, std::uint64_t seed) {
    std::vector<std::filesystem::path> files;
    for (const WordClip& clip : folder.clips) files.push_back(clip.path);
    std::vector<Audio> recordings = read_all(files, 0, default_jobs());
    const int rate_hz = usual_rate(recordings);
    for (Audio& audio : recordings) {
        if (audio.rate_hz != rate_hz) audio = {rate_hz, resample(audio.samples, audio.rate_hz, rate_hz)};
    }
    return std::make_unique<WordSource>(folder, std::move(recordings), rate_hz, seed);
}

}  // namespace gruve

#include "offline_search/tasks/classification/word_source.h"

#include <algorithm>
#include <array>
#include <mutex>

#include "datasets/support/parallel.h"
#include "datasets/support/random.h"
#include "offline_search/tasks/words/augmentation.h"
#include "offline_search/tasks/words/choose_detection.h"
#include "offline_search/tasks/words/drawn_streams.h"
#include "offline_search/tasks/words/log_mel_sequence.h"
#include "offline_search/tasks/words/operating_points.h"

namespace gruve {
namespace {

/// Silence around a word: half before and half after it; in training it is divided at random.
constexpr double lead_s = 0.2;
constexpr double noise_negatives = 0.1;  // share of the training examples of "other" that are noise alone

LogMelConfig front_end_for(bool live, int rate_hz) {
    LogMelConfig config;
    if (live) {
        config.rise_s = 3.0f, config.fall_s = 0.3f, config.least_db = -10.0f, config.range_db = 55.0f;
        config.offset_db = -15.0f, config.scale_db = 15.0f;
    }
    config.high_hz = std::min(config.high_hz, 0.475f * static_cast<float>(rate_hz));  // below the Nyquist frequency
    return config;
}

class WordSource final : public ClipSource {
public:
    WordSource(WordRecordings recordings, const LogMelConfig& front_end, bool with_streams)
        : recordings_(std::make_shared<const WordRecordings>(std::move(recordings))),
          log_mel_(front_end, recordings_->rate_hz) {
        for (const Split split : {Split::train, Split::validation, Split::test})
            if (with_streams) streams_.emplace_back(recordings_, log_mel_, split);
        clip_samples_ = usual_length();
        training_samples_ = clip_samples_ + static_cast<std::size_t>(lead_s * recordings_->rate_hz);
        for (const WordRecording& recording : recordings_->clips) {
            if (!recordings_->other_is_judged && recordings_->is_other(recording.label)) continue;
            drawn_[static_cast<std::size_t>(recording.split)].push_back(&recording);
        }
        for (const Split split : {Split::train, Split::validation, Split::test})
            if (split != Split::train || !recordings_->on_disk) make_clips(split);
    }

    const std::vector<std::string>& labels() const override { return recordings_->labels; }
    std::vector<std::string> remarks() const override { return recordings_->left_out; }
    const std::vector<Clip>& clips(Split split) const override {
        if (split == Split::train) std::call_once(train_made_, [this] { make_clips(Split::train); });
        return clips_[static_cast<std::size_t>(split)];
    }
    std::size_t count(Split split) const override { return drawn_[static_cast<std::size_t>(split)].size(); }
    Clip clip(Split split, std::size_t index) const override {
        const auto& made = clips_[static_cast<std::size_t>(split)];
        return split == Split::train && recordings_->on_disk ? make_clip(split, index) : made[index];
    }
    int training_count() const override { return static_cast<int>(drawn_[0].size()); }
    int training_steps() const override { return static_cast<int>(training_samples_) / log_mel_.hop(); }

    Clip draw(Split split, int index, std::mt19937_64& random) const override {
        const WordRecording& word = *drawn_[static_cast<std::size_t>(split)][static_cast<std::size_t>(index)];
        Clip clip{log_mel_(draw_samples(word, random)), word.label};
        alter_features(clip.features, 1.0f / log_mel_.config().scale_db, random);
        return clip;
    }

    void describe(Preset& preset) const override {
        preset.kind = TaskKind::keywords;
        preset.labels = recordings_->labels;
        preset.rate_hz = log_mel_.rate_hz();
        preset.log_mel = log_mel_.config();
        preset.detection = DetectionConfig{};
        preset.detection.threshold.assign(recordings_->labels.size(), 0.8f);
    }

    const DrawnStreams* streams(Split split) const override {
        return streams_.empty() ? nullptr : &streams_[static_cast<std::size_t>(split)];
    }
    void choose_detection(Preset& preset, int jobs) const override {
        gruve::choose_detection(preset, *recordings_, jobs);
        if (!streams_.empty()) choose_operating_points(preset, *recordings_, {}, jobs);
    }

private:
    Clip make_clip(Split split, std::size_t index) const {
        const WordRecording& recording = *drawn_[static_cast<std::size_t>(split)][index];
        return {log_mel_(judged_part(recording)), recording.label, recording.unit};
    }

    void make_clips(Split split) const {
        auto& made = clips_[static_cast<std::size_t>(split)];
        if (!made.empty()) return;
        made.resize(count(split));
        parallel_for(default_jobs(), static_cast<int>(made.size()),
                     [&](int i) { made[static_cast<std::size_t>(i)] = make_clip(split, static_cast<std::size_t>(i)); });
    }

    std::size_t usual_length() const {
        std::vector<std::size_t> lengths;
        for (const WordRecording& recording : recordings_->clips) {
            if (!recordings_->is_other(recording.label)) lengths.push_back(recording.samples.size());
        }
        const auto at = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() * 95 / 100);
        std::nth_element(lengths.begin(), at, lengths.end());
        const auto hop = static_cast<std::size_t>(log_mel_.hop());
        return (*at + hop - 1) / hop * hop;
    }

    std::vector<float> judged_part(const WordRecording& recording) const {
        const std::size_t all = recording.samples.size();
        const bool cut = recordings_->is_other(recording.label) && all > clip_samples_;
        const std::size_t from = cut ? (all - clip_samples_) / 2 : 0, count = cut ? clip_samples_ : all;
        const Excerpt samples = recording.samples.part(from, from + count);
        const std::size_t margin = training_samples_ - clip_samples_;
        std::vector<float> part(std::max(training_samples_, samples.size() + margin));
        std::ranges::copy(samples, part.begin() + static_cast<std::ptrdiff_t>((part.size() - samples.size()) / 2));
        return part;
    }

    std::vector<float> draw_samples(const WordRecording& word, std::mt19937_64& random) const {
        std::size_t from = 0, count = word.samples.size();
        const std::vector<Sound>& noises = recordings_->noises_of(word.split);
        if (recordings_->is_other(word.label)) {
            if (!noises.empty() && chance(random, noise_negatives))
                return draw_noise(noises, training_samples_, random);
            if (count > clip_samples_) {
                from = uniform_index(random, count - clip_samples_ + 1);
                count = clip_samples_;
            }
        }
        return alter_recording(word.samples.part(from, from + count), training_samples_, noises, random);
    }

    std::shared_ptr<const WordRecordings> recordings_;
    LogMelSequence log_mel_;
    std::vector<DrawnStreams> streams_;  // by Split
    std::size_t clip_samples_ = 0, training_samples_ = 0;
    std::array<std::vector<const WordRecording*>, 3> drawn_;  // by split
    // Those of the training split are made when first asked for if the recordings don't fit into memory.
    mutable std::array<std::vector<Clip>, 3> clips_;
    mutable std::once_flag train_made_;
};

}  // namespace

std::unique_ptr<const ClipSource> make_word_source(WordRecordings recordings, bool live,
                                                   const std::optional<LogMelConfig>& front_end, bool with_streams) {
    const LogMelConfig config = front_end ? *front_end : front_end_for(live, recordings.rate_hz);
    return std::make_unique<WordSource>(std::move(recordings), config, live && with_streams);
}

}  // namespace gruve

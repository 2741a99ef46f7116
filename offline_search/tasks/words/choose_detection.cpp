#include "offline_search/tasks/words/choose_detection.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <numeric>
#include <tuple>

#include "datasets/support/parallel.h"
#include "engine/streaming/detector.h"
#include "offline_search/tasks/words/stream_score.h"

namespace gruve {
namespace {

constexpr std::uint64_t stream_seed = 1;
/// The split's speech is mixed with its noise in ten ways, because it is chance which noise coincides with which
/// speech.
constexpr std::uint64_t negative_seeds[] = {1, 11, 12, 13, 14, 15, 16, 17, 18, 19};
constexpr double segment_s = 3.0;
constexpr double own_share = 0.5;  // weight of a word's own level in its threshold; the rest is the mean over all words
constexpr std::size_t reaching = 3;  // segments that reach a threshold
constexpr std::size_t highest_segments = 10;
constexpr float windows_s[] = {0.06f, 0.10f, 0.14f, 0.20f, 0.28f};
/// Grid of the thresholds, as log-odds: 50 … 99.3 %.
constexpr double lowest = 0.0, highest = 5.0, grid = 0.5;
constexpr double longest_delay_s = 0.13;  // 20 ms less than the documented 150 ms
constexpr double alarm_cost = 5.0;        // a false alarm costs as much as five misses

double log_odds(float p) { return std::log(std::max(p, 1e-9f) / std::max(1.0f - p, 1e-9f)); }
float probability(double odds) { return static_cast<float>(1.0 / (1.0 + std::exp(-odds))); }

/// The posteriors of a preset on a stream: labels × hops, hop after hop.
struct HeardStream {
    const JudgedStream* stream;
    std::vector<float> posteriors, smoothed;
};

/// The validation streams as the preset hears them, to try detection settings on.
class Trial {
public:
    Trial(const Preset& preset, const WordRecordings& recordings, int jobs)
        : preset_(preset), rate_hz_(recordings.rate_hz), jobs_(jobs) {
        for (const auto& snr_db : {std::optional<double>(), std::optional(10.0), std::optional(0.0)}) {
            for (JudgedStream& stream : word_streams(recordings, Split::validation, snr_db, stream_seed))
                streams_.push_back(std::move(stream));
        }
        positive_ = streams_.size();
        for (const std::uint64_t seed : negative_seeds)
            for (JudgedStream& stream : negative_streams(recordings, Split::validation, seed))
                streams_.push_back(std::move(stream));
        preset_.detection = DetectionConfig{};
        preset_.detection.smoothing_s = 0;
        preset_.detection.threshold.assign(preset.labels.size(), 1.0f);
        const auto network = std::make_shared<const Network>(preset.model);
        heard_.resize(streams_.size());
        parallel_for(jobs_, static_cast<int>(streams_.size()), [&](int i) {
            const JudgedStream& stream = streams_[static_cast<std::size_t>(i)];
            HeardStream& heard = heard_[static_cast<std::size_t>(i)];
            heard.stream = &stream;
            KeywordSpotter spotter(std::make_shared<const Preset>(preset_), network, rate_hz_);
            const auto hop = static_cast<std::size_t>(spotter.hop());
            for (std::size_t at = 0; at + hop <= stream.samples.size(); at += hop) {
                spotter.process(std::span(stream.samples).subspan(at, hop), {});
                heard.posteriors.insert(heard.posteriors.end(), spotter.posteriors().begin(),
                                        spotter.posteriors().end());
            }
        });
        hop_s_ = std::round(static_cast<double>(preset.log_mel.hop_s) * rate_hz_) / rate_hz_;
    }

    /// Sets the smoothing window for the functions below. Posteriors are smoothed here once, not for every threshold.
    void smooth(float window_s) {
        DetectionConfig config = preset_.detection;
        config.smoothing_s = window_s;
        const std::size_t labels = preset_.labels.size();
        parallel_for(jobs_, static_cast<int>(heard_.size()), [&](int i) {
            HeardStream& heard = heard_[static_cast<std::size_t>(i)];
            Detector detector(config, preset_.labels, hop_s_);
            heard.smoothed.clear();
            for (std::size_t at = 0; at < heard.posteriors.size(); at += labels) {
                detector.hear(std::span(heard.posteriors).subspan(at, labels));
                heard.smoothed.insert(heard.smoothed.end(), detector.smoothed().begin(), detector.smoothed().end());
            }
        });
    }

    /// The largest smoothed posterior of each label in each segment of the streams without words, after the warm-up, as
    /// log-odds.
    std::vector<std::vector<double>> segments_without_words() const {
        std::vector<std::vector<double>> segments;
        for (std::size_t i = positive_; i < heard_.size(); ++i)
            add_segments(heard_[i].smoothed, preset_.labels.size(), hop_s_,
                         static_cast<double>(preset_.detection.warm_up_s), segments);
        return segments;
    }

    /// The score in the streams with words. only: the one label that is detected; −1: all.
    StreamScore score(DetectionConfig config, int only = -1) const {
        config.smoothing_s = 0;
        for (std::size_t l = 0; only >= 0 && l < config.threshold.size(); ++l)
            if (static_cast<int>(l) != only) config.threshold[l] = 2.0f;
        const std::size_t labels = preset_.labels.size();
        std::vector<StreamScore> scores(positive_);
        parallel_for(jobs_, static_cast<int>(positive_), [&](int i) {
            const HeardStream& heard = heard_[static_cast<std::size_t>(i)];
            Detector detector(config, preset_.labels, hop_s_);
            std::vector<TimedDetection> found;
            for (std::size_t at = 0; at < heard.smoothed.size(); at += labels) {
                const int label = detector.hear(std::span(heard.smoothed).subspan(at, labels));
                if (label >= 0) found.push_back({label, static_cast<double>(detector.hops()) * hop_s_});
            }
            scores[static_cast<std::size_t>(i)] = score_stream(found, *heard.stream, rate_hz_);
        });
        StreamScore all;
        for (const StreamScore& s : scores) all.add(s);
        return all;
    }

private:
    Preset preset_;
    int rate_hz_, jobs_;
    double hop_s_ = 0;
    std::vector<JudgedStream> streams_;
    std::size_t positive_ = 0;
    std::vector<HeardStream> heard_;
};

double cost_of(const StreamScore& score) { return alarm_cost * score.false_alarms - score.hits; }

}  // namespace

void add_segments(std::span<const float> smoothed, std::size_t labels, double hop_s, double warm_up_s,
                  std::vector<std::vector<double>>& segments) {
    const auto warm_up = static_cast<std::size_t>(warm_up_s / hop_s);
    const auto steps = static_cast<std::size_t>(segment_s / hop_s);
    for (std::size_t from = warm_up * labels; from < smoothed.size(); from += steps * labels) {
        std::vector<float> peaks(labels);
        for (std::size_t at = from; at < std::min(from + steps * labels, smoothed.size()); ++at)
            peaks[at % labels] = std::max(peaks[at % labels], smoothed[at]);
        std::ranges::transform(peaks, std::back_inserter(segments.emplace_back()), log_odds);
    }
}

std::vector<double> word_levels(const std::vector<std::vector<double>>& segments, std::size_t labels,
                                std::size_t words_from) {
    std::vector<double> levels(labels, lowest);
    const std::size_t count = std::min(segments.size(), highest_segments);
    if (count == 0) return levels;
    double mean = 0;
    for (std::size_t l = words_from; l < labels; ++l) {
        std::vector<double> own;
        for (const auto& segment : segments) own.push_back(segment[l]);
        std::ranges::partial_sort(own, own.begin() + static_cast<std::ptrdiff_t>(count), std::greater());
        levels[l] = std::accumulate(own.begin(), own.begin() + static_cast<std::ptrdiff_t>(count), 0.0) /
                    static_cast<double>(count);
        mean += levels[l] / static_cast<double>(labels - words_from);
    }
    for (std::size_t l = words_from; l < labels; ++l) levels[l] = own_share * levels[l] + (1 - own_share) * mean;
    return levels;
}

std::vector<double> least_thresholds(const std::vector<std::vector<double>>& segments, std::size_t labels,
                                     std::size_t words_from) {
    if (segments.size() < reaching) return std::vector<double>(labels, lowest);
    std::vector<double> least = word_levels(segments, labels, words_from);
    std::vector<double> above;  // by how much each segment exceeds the base of a word
    for (const auto& segment : segments) {
        double most = segment[words_from] - least[words_from];
        for (std::size_t l = words_from + 1; l < labels; ++l) most = std::max(most, segment[l] - least[l]);
        above.push_back(most);
    }
    std::ranges::nth_element(above, above.begin() + reaching - 1, std::greater());
    for (double& odds : least) odds = std::clamp(odds + above[reaching - 1], lowest, highest);
    return least;
}

void choose_detection(Preset& preset, const WordRecordings& recordings, int jobs) {
    Trial trial(preset, recordings, jobs);
    const std::size_t words_from = preset.labels.front() == "other" ? 1 : 0;
    std::tuple best(true, 1e300);  // too slow, cost
    for (const float window_s : windows_s) {
        DetectionConfig config;
        config.smoothing_s = window_s;
        config.threshold.assign(preset.labels.size(), 1.0f);
        trial.smooth(window_s);
        const std::vector<double> least =
            least_thresholds(trial.segments_without_words(), preset.labels.size(), words_from);
        for (std::size_t l = words_from; l < least.size(); ++l) {
            double least_cost = 1e300;
            float chosen = probability(least[l]);
            for (double odds = least[l]; odds <= highest; odds += grid) {
                config.threshold[l] = probability(odds);
                const double cost = cost_of(trial.score(config, static_cast<int>(l)));
                if (cost < least_cost) least_cost = cost, chosen = config.threshold[l];
            }
            config.threshold[l] = chosen;
        }
        const StreamScore score = trial.score(config);
        const std::tuple now(!(score.median_delay_s() <= longest_delay_s), cost_of(score));
        if (now < best) best = now, preset.detection = config;
    }
}

}  // namespace gruve

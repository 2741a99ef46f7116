#include "offline_search/tasks/words/stream_error.h"

#include <algorithm>
#include <cmath>

#include "datasets/support/parallel.h"
#include "datasets/support/random.h"
#include "engine/streaming/detector.h"
#include "engine/streaming/keyword_spotter.h"
#include "offline_search/tasks/run_sequences.h"

namespace gruve {
namespace {

constexpr int stretches_of_a_chain = 10;
constexpr float smoothing_s = 0.1f;

struct Sums {
    double missed = 0, alarms = 0;
    long words = 0, seconds = 0;
};

/// Accumulates the misses and alarms of one chain, from the smoothed posteriors of its steps in order.
class Tally {
public:
    Tally(const std::vector<int>& labels, long steps_of_a_second, std::size_t first_word)
        : labels_(labels), steps_of_a_second_(steps_of_a_second), first_word_(first_word) {}

    void hear(std::span<const float> smoothed) {
        const int label = labels_[step_];
        if (label > 0) {
            largest_ = std::max(largest_, smoothed[static_cast<std::size_t>(label)]);
            if (step_ + 1 == labels_.size() || labels_[step_ + 1] != label)
                sums.missed += 1 - static_cast<double>(largest_), ++sums.words, largest_ = 0;
        } else if (label == 0) {
            alarm_ = std::max(
                alarm_, *std::max_element(smoothed.begin() + static_cast<std::ptrdiff_t>(first_word_), smoothed.end()));
            if (++quiet_ % steps_of_a_second_ == 0)
                sums.alarms += static_cast<double>(alarm_), ++sums.seconds, alarm_ = 0;
        }
        ++step_;
    }

    Sums sums;

private:
    const std::vector<int>& labels_;
    long steps_of_a_second_;
    std::size_t first_word_, step_ = 0;
    long quiet_ = 0;
    float largest_ = 0, alarm_ = 0;
};

}  // namespace

StreamError::StreamError(const DrawnStreams& streams, std::vector<std::string> labels, double hop_s, int chains,
                         std::uint64_t seed, int jobs)
    : labels_(std::move(labels)), hop_s_(hop_s), chains_(static_cast<std::size_t>(chains)) {
    parallel_for(jobs, chains, [&](int i) {
        StreamExample& chain = chains_[static_cast<std::size_t>(i)];
        std::mt19937_64 random(hash_of("chain " + std::to_string(i), seed));
        for (int k = 0; k < stretches_of_a_chain; ++k) {
            const StreamExample stretch = streams.draw(random);
            if (k == 0) chain.features.resize(stretch.features.rows(), stretch.features.cols() * stretches_of_a_chain);
            chain.features.middleCols(k * stretch.features.cols(), stretch.features.cols()) = stretch.features;
            chain.labels.insert(chain.labels.end(), stretch.labels.begin(), stretch.labels.end());
        }
    });
}

/// posteriors_of(first, last, hear) calls hear(chain, posteriors) for every step of the chains first … last − 1, the
/// steps of each chain in order.
template <typename PosteriorsOf>
double StreamError::judge(int jobs, const PosteriorsOf& posteriors_of) const {
    constexpr std::size_t together = 8;  // as in run_sequences.cpp
    std::vector<Sums> sums(chains_.size());
    DetectionConfig config;  // only smooths: the warm-up never ends, so that nothing is detected
    config.smoothing_s = smoothing_s;
    config.warm_up_s = 1e6f;
    config.threshold.assign(labels_.size(), 1.0f);
    parallel_for(jobs, static_cast<int>((chains_.size() + together - 1) / together), [&](int group) {
        const std::size_t first = static_cast<std::size_t>(group) * together,
                          last = std::min(first + together, chains_.size());
        std::vector<Detector> detectors(last - first, Detector(config, labels_, hop_s_));
        std::vector<Tally> tallies;
        for (std::size_t i = first; i < last; ++i)
            tallies.emplace_back(chains_[i].labels, std::lround(1 / hop_s_), labels_.front() == "other" ? 1 : 0);
        posteriors_of(first, last, [&](std::size_t chain, std::span<const float> posteriors) {
            Detector& detector = detectors[chain - first];
            detector.hear(posteriors);
            tallies[chain - first].hear(detector.smoothed());
        });
        for (std::size_t i = first; i < last; ++i) sums[i] = tallies[i - first].sums;
    });
    Sums all;
    for (const Sums& one : sums)
        all.missed += one.missed, all.alarms += one.alarms, all.words += one.words, all.seconds += one.seconds;
    return all.missed / static_cast<double>(std::max(1L, all.words)) +
           all.alarms / static_cast<double>(std::max(1L, all.seconds));
}

double StreamError::operator()(const Network& network, int jobs) const {
    return judge(jobs, [&](std::size_t first, std::size_t last, auto&& hear) {
        std::vector<std::vector<std::int8_t>> inputs;
        std::vector<IntegerSequence> sequences;
        for (std::size_t i = first; i < last; ++i) {
            auto& x = inputs.emplace_back();
            for (const float feature : chains_[i].features.reshaped()) x.push_back(network.model().input(feature));
            const int steps = static_cast<int>(chains_[i].features.cols());
            sequences.push_back({x.data(), steps, steps});
        }
        std::vector<float> posteriors(labels_.size());
        run_sequences(network, sequences, [&](int i, int, std::span<const std::int16_t> logits) {
            softmax(logits, network.model().output_scale, posteriors);
            hear(first + static_cast<std::size_t>(i), posteriors);
        });
    });
}

double StreamError::operator()(const FloatNetwork& network, int jobs) const {
    return judge(jobs, [&](std::size_t first, std::size_t last, auto&& hear) {
        for (std::size_t i = first; i < last; ++i) {
            const Matrix logits = network.forward(chains_[i].features);
            for (Eigen::Index t = 0; t < logits.cols(); ++t) {
                Vector p = (logits.col(t).array() - logits.col(t).maxCoeff()).exp();
                p /= p.sum();
                hear(i, {p.data(), static_cast<std::size_t>(p.size())});
            }
        }
    });
}

}  // namespace gruve

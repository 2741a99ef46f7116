#include "offline_search/tasks/words/alarms.h"

#include <algorithm>
#include <random>

#include "datasets/audio/audio_file.h"
#include "datasets/audio/resample.h"
#include "datasets/mixing/mixer.h"
#include "datasets/support/parallel.h"
#include "datasets/support/random.h"

namespace gruve {
namespace {

constexpr double stream_s = 600.0;
constexpr double start_s = 2.0;       // longer than the warm-up of any preset
constexpr double start_level = 1e-4;  // −80 dBFS

/// The first file of each stream, and one past the last file.
std::vector<std::size_t> starts_of_streams(std::span<const std::filesystem::path> files, int jobs) {
    std::vector<double> seconds(files.size());
    parallel_for(jobs, static_cast<int>(files.size()),
                 [&](int i) { seconds[static_cast<std::size_t>(i)] = seconds_of(files[static_cast<std::size_t>(i)]); });
    std::vector<std::size_t> starts = {0};
    double filled_s = 0;
    for (std::size_t i = 0; i < files.size(); ++i) {
        filled_s += seconds[i];
        if (filled_s >= stream_s && i + 1 < files.size()) starts.push_back(i + 1), filled_s = 0;
    }
    starts.push_back(files.size());
    return starts;
}

/// Plays files into one spotter without a reset.
class Listener {
public:
    /// heard: gets the smoothed posteriors of each hop, unless it is null.
    Listener(const Preset& preset, const std::shared_ptr<const Network>& network, std::vector<float>* heard)
        : rate_hz_(preset.rate_hz),
          spotter_(std::make_shared<const Preset>(preset), network, preset.rate_hz),
          heard_(heard) {
        std::mt19937_64 random(hash_of("start", 1));
        std::vector<float> quiet(static_cast<std::size_t>(start_s * rate_hz_));
        add_white_noise(quiet, start_level, random);
        hear(quiet, [](const Detection&) {});
    }

    void play(const std::filesystem::path& path, std::size_t file, Alarms& alarms) {
        const Audio audio = read_audio(path);
        const std::vector<float> resampled =
            audio.rate_hz == rate_hz_ ? std::vector<float>() : resample(audio.samples, audio.rate_hz, rate_hz_);
        const std::span<const float> samples = audio.rate_hz == rate_hz_ ? audio.samples : resampled;
        const std::int64_t begin = played_;
        hear(samples, [&](const Detection& found) {
            alarms.all.push_back({found.label, file, static_cast<double>(found.sample - begin) / rate_hz_});
        });
        alarms.seconds += static_cast<double>(samples.size()) / rate_hz_;
    }

private:
    template <class Take>
    void hear(std::span<const float> samples, const Take& take) {
        Detection found[1];  // a hop gives at most one
        for (const std::int64_t hop = spotter_.hop(); !samples.empty();) {
            const auto part = samples.first(std::min(static_cast<std::size_t>(hop - played_ % hop), samples.size()));
            samples = samples.subspan(part.size());
            if (spotter_.process(part, found) > 0) take(found[0]);
            played_ += static_cast<std::int64_t>(part.size());
            if (heard_ && played_ % hop == 0)
                heard_->insert(heard_->end(), spotter_.posteriors().begin(), spotter_.posteriors().end());
        }
    }

    int rate_hz_;
    KeywordSpotter spotter_;
    std::vector<float>* heard_;
    std::int64_t played_ = 0;
};

/// take: see hear_files(); may be empty.
Alarms play_streams(const Preset& preset, const std::shared_ptr<const Network>& network,
                    std::span<const std::filesystem::path> files, int jobs,
                    const std::function<void(std::span<const float>)>& take) {
    const std::vector<std::size_t> starts = starts_of_streams(files, jobs);
    std::vector<Alarms> of_stream(starts.size() - 1);
    parallel_for(jobs, static_cast<int>(of_stream.size()), [&](int i) {
        const auto stream = static_cast<std::size_t>(i);
        std::vector<float> heard;
        Listener listener(preset, network, take ? &heard : nullptr);
        for (std::size_t file = starts[stream]; file < starts[stream + 1]; ++file)
            listener.play(files[file], file, of_stream[stream]);
        if (take) take(heard);
    });
    Alarms alarms;
    for (const Alarms& one : of_stream) {
        alarms.all.insert(alarms.all.end(), one.all.begin(), one.all.end());
        alarms.seconds += one.seconds;
    }
    return alarms;
}

}  // namespace

Alarms alarms_in(const Preset& preset, const std::shared_ptr<const Network>& network,
                 std::span<const std::filesystem::path> files, int jobs) {
    return play_streams(preset, network, files, jobs, {});
}

double hear_files(const Preset& preset, const std::shared_ptr<const Network>& network,
                  std::span<const std::filesystem::path> files, int jobs,
                  const std::function<void(std::span<const float>)>& take) {
    return play_streams(preset, network, files, jobs, take).seconds;
}

}  // namespace gruve

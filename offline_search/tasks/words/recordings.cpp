#include "offline_search/tasks/words/recordings.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "datasets/audio/audio_folder.h"
#include "datasets/audio/resample.h"
#include "datasets/support/parallel.h"
#include "datasets/support/random.h"

namespace gruve {
namespace {

/// The most frequent rate; the lowest of them if several are equally frequent.
int usual_rate(const std::vector<Audio>& recordings, const std::vector<WordClip>& clips, bool with_other) {
    std::map<int, int> count;
    for (std::size_t i = 0; i < recordings.size(); ++i)
        count[recordings[i].rate_hz] += with_other || clips[i].label != 0;
    return std::max_element(count.begin(), count.end(),
                            [](const auto& a, const auto& b) { return a.second < b.second; })
        ->first;
}

/// Name of the source recording: "1-100032-A" and "1-100032-B" are takes of one Freesound clip.
std::string noise_group(const std::filesystem::path& path) {
    const std::string stem = path.stem().string();
    return stem.substr(0, std::max<std::size_t>(1, std::min(stem.rfind('-'), stem.size())));
}

Split split_of_noise(const std::filesystem::path& path, std::uint64_t seed) {
    const std::uint64_t eighth = hash_of(noise_group(path), seed) % 8;
    return eighth == 0 ? Split::validation : eighth == 4 ? Split::test : Split::train;
}

}  // namespace

std::pair<std::size_t, std::size_t> spoken_part(std::span<const float> samples, int rate_hz) {
    const auto frame = static_cast<std::size_t>(rate_hz / 100);
    std::vector<double> power(samples.size() / frame);
    for (std::size_t t = 0; t < power.size(); ++t) {
        for (const float x : samples.subspan(t * frame, frame))
            power[t] += static_cast<double>(x) * static_cast<double>(x);
    }
    std::vector<double> smooth(power.size());
    for (std::size_t t = 0; t < power.size(); ++t) {
        const std::size_t first = t > 0 ? t - 1 : 0, last = std::min(t + 2, power.size());
        smooth[t] = std::accumulate(power.begin() + static_cast<std::ptrdiff_t>(first),
                                    power.begin() + static_cast<std::ptrdiff_t>(last), 0.0) /
                    static_cast<double>(last - first);
    }
    const double loudest = smooth.empty() ? 0.0 : *std::ranges::max_element(smooth);
    if (loudest <= 0) return {0, samples.size()};
    std::vector<double> sorted = smooth;
    std::ranges::nth_element(sorted, sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 10));
    const double threshold = std::max(1e-3 * loudest, std::min(4.0 * sorted[sorted.size() / 10], 0.1 * loudest));
    const auto loud = [&](double p) { return p >= threshold; };
    const auto first = std::find_if(smooth.begin(), smooth.end(), loud) - smooth.begin();
    const auto last = smooth.rend() - std::find_if(smooth.rbegin(), smooth.rend(), loud);
    return {static_cast<std::size_t>(first) * frame, static_cast<std::size_t>(last) * frame};
}

WordRecordings read_word_recordings(const std::filesystem::path& folder, const WordFolderOptions& options) {
    const WordFolder words = read_word_folder(folder, options);
    std::vector<std::filesystem::path> files;
    for (const WordClip& clip : words.clips) files.push_back(clip.path);
    std::vector<Audio> audio = read_all(files, 0, default_jobs());

    WordRecordings read;
    read.labels = words.labels;
    read.by_take = words.by_take;
    read.other_is_judged = !options.other_apart;
    read.rate_hz = usual_rate(audio, words.clips, read.other_is_judged);
    read.clips.resize(audio.size());
    std::map<std::string, int> speakers;
    for (std::size_t k = 0; k < audio.size(); ++k) {
        const int speaker = speakers.emplace(words.clips[k].speaker, static_cast<int>(speakers.size())).first->second;
        read.clips[k].unit = words.by_take ? static_cast<int>(k) : speaker;
    }
    parallel_for(default_jobs(), static_cast<int>(audio.size()), [&](int i) {
        const auto k = static_cast<std::size_t>(i);
        WordRecording& clip = read.clips[k];
        clip.samples = audio[k].rate_hz == read.rate_hz ? std::move(audio[k].samples)
                                                        : resample(audio[k].samples, audio[k].rate_hz, read.rate_hz);
        clip.label = words.clips[k].label;
        clip.split = words.clips[k].split;
        std::tie(clip.begin, clip.end) = spoken_part(clip.samples, read.rate_hz);
    });
    std::array<std::vector<std::filesystem::path>, 3> noises;
    for (const auto& file : words.background)
        noises[static_cast<std::size_t>(split_of_noise(file, options.seed))].push_back(file);
    for (std::size_t s = 0; s < noises.size(); ++s) read.noises[s] = read_all(noises[s], read.rate_hz, default_jobs());
    read.more_speech = read_all(words.more_speech, read.rate_hz, default_jobs());
    read.more_noise = read_all(words.more_noise, read.rate_hz, default_jobs());
    return read;
}

}  // namespace gruve

#include "offline_search/tasks/words/recordings.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "datasets/audio/audio_folder.h"
#include "datasets/audio/resample.h"
#include "datasets/support/data_error.h"
#include "datasets/support/parallel.h"
#include "datasets/support/random.h"
#include "datasets/support/utf8.h"

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

/// Labels are stored in models, presets and results, which hold UTF-8.
void refuse_other_encodings(const std::filesystem::path& folder, const std::vector<std::string>& labels) {
    for (const std::string& label : labels)
        if (!is_utf8(label))
            throw DataError(escaped((folder / label).string()) +
                            ": the name of this word's folder is not UTF-8; rename it (Debian: convmv -f latin1 -t "
                            "utf8 -r --notest FOLDER)");
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

/// Drops what wasn't read, and its clips.
void drop_bad(WordFolder& words, std::vector<Audio>& audio) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < audio.size(); ++i) {
        if (audio[i].samples.empty()) continue;
        if (kept != i) {
            audio[kept] = std::move(audio[i]);
            words.clips[kept] = std::move(words.clips[i]);
        }
        ++kept;
    }
    audio.resize(kept);
    words.clips.resize(kept);
}

/// Without those that weren't read.
std::vector<Audio> read_good(const std::vector<std::filesystem::path>& files, int rate_hz, ReadLog& log) {
    std::vector<Audio> all = read_all(files, rate_hz, default_jobs(), log);
    std::erase_if(all, [](const Audio& audio) { return audio.samples.empty(); });
    return all;
}

void read_background(const WordFolder& words, std::uint64_t seed, WordRecordings& read, ReadLog& log) {
    std::array<std::vector<std::filesystem::path>, 3> noises;
    for (const auto& file : words.background)
        noises[static_cast<std::size_t>(split_of_noise(file, seed))].push_back(file);
    for (std::size_t s = 0; s < noises.size(); ++s) read.noises[s] = read_good(noises[s], read.rate_hz, log);
    read.more_speech = read_good(words.more_speech, read.rate_hz, log);
    read.more_noise = read_good(words.more_noise, read.rate_hz, log);
}

WordRecordings read_word_recordings(const std::vector<WordRoot>& roots, const DataOptions& data) {
    ReadLog log(data.skip_bad);
    WordFolder words = read_word_folders(roots, data.same_speakers, &log);
    const WordFolderOptions& options = roots.front().options;
    for (const WordRoot& root : roots)
        if (!root.folder.empty()) refuse_other_encodings(root.folder, words.labels);
    std::vector<std::filesystem::path> files;
    for (const WordClip& clip : words.clips) files.push_back(clip.path);
    std::vector<Audio> audio = read_all(files, 0, default_jobs(), log);
    drop_bad(words, audio);
    if (audio.empty()) log.refuse_bad();
    if (audio.empty()) throw DataError(data.string() + ": none of the files of words can be used");

    WordRecordings read;
    read.labels = words.labels;
    read.other_is_judged = !options.other_apart;
    read.rate_hz = usual_rate(audio, words.clips, read.other_is_judged);
    read.clips.resize(audio.size());
    std::map<std::string, int> speakers;
    for (std::size_t k = 0; k < audio.size(); ++k) {
        const int speaker = speakers.emplace(words.clips[k].speaker, static_cast<int>(speakers.size())).first->second;
        read.clips[k].unit = options.split_by_take ? static_cast<int>(k) : speaker;
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
    read_background(words, options.seed, read, log);
    log.refuse_bad();
    read.left_out = log.lines();
    return read;
}

}  // namespace gruve

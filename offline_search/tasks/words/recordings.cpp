#include "offline_search/tasks/words/recordings.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "datasets/audio/audio_file.h"
#include "datasets/audio/audio_index.h"
#include "datasets/audio/resample.h"
#include "datasets/audio/sound_store.h"
#include "datasets/support/data_error.h"
#include "datasets/support/parallel.h"
#include "datasets/support/random.h"
#include "datasets/support/utf8.h"

namespace gruve {
namespace {

/// The most frequent rate, without the zeros of bad files; the lowest of them if several are equally frequent.
int usual_rate(const std::vector<int>& rates, const std::vector<WordClip>& clips, bool with_other) {
    std::map<int, int> count;
    for (std::size_t i = 0; i < rates.size(); ++i)
        if (rates[i] > 0) count[rates[i]] += with_other || clips[i].label != 0;
    if (count.empty()) return 16000;  // all files are bad
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

namespace {

using Files = std::vector<std::filesystem::path>;

/// Drops the clips of bad files.
void drop_bad(WordFolder& words, std::vector<Stored>& stored, ReadLog& log) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < stored.size(); ++i) {
        if (!stored[i].error.empty()) {
            log.add_bad(stored[i].error);
            continue;
        }
        if (kept != i) {
            stored[kept] = std::move(stored[i]);
            words.clips[kept] = std::move(words.clips[i]);
        }
        ++kept;
    }
    stored.resize(kept);
    words.clips.resize(kept);
}

Decoded decode_file(const std::filesystem::path& file) {
    Decoded decoded;
    try {
        decoded.audio = read_audio(file);
    } catch (const DataError& error) {
        decoded.error = error.what();
    }
    return decoded;
}

/// Resamples to rate_hz and finds the spoken part.
void prepare(Decoded& decoded, int rate_hz, bool spoken) {
    if (!decoded.error.empty()) return;
    if (decoded.audio.rate_hz != rate_hz) {
        decoded.audio.samples = resample(decoded.audio.samples, decoded.audio.rate_hz, rate_hz);
        decoded.audio.rate_hz = rate_hz;
    }
    if (spoken) std::tie(decoded.begin, decoded.end) = spoken_part(decoded.audio.samples, rate_hz);
}

std::vector<std::string> keys_of(const Files& files, const std::string& role, int rate_hz) {
    std::vector<std::string> keys;
    for (const auto& file : files) keys.push_back(role + " " + std::to_string(rate_hz) + " Hz " + identity_of(file));
    return keys;
}

/// The clips of words, at the rate that most of them have.
std::vector<Stored> read_clips(const WordFolder& words, bool with_other, const StoreLimits* on_disk, int& rate_hz) {
    Files files;
    for (const WordClip& clip : words.clips) files.push_back(clip.path);
    std::vector<int> rates(files.size());
    if (on_disk) {
        const auto headers = headers_of(files.front().parent_path().parent_path(), files, default_jobs());
        for (std::size_t i = 0; i < files.size(); ++i) rates[i] = headers[i].rate_hz;
        rate_hz = usual_rate(rates, words.clips, with_other);
        return keep_on_disk(
            keys_of(files, "word", rate_hz),
            [&](std::size_t i) {
                Decoded decoded = decode_file(files[i]);
                prepare(decoded, rate_hz, true);
                return decoded;
            },
            *on_disk, default_jobs());
    }
    std::vector<Decoded> decoded(files.size());
    parallel_for(default_jobs(), static_cast<int>(files.size()), [&](int i) {
        decoded[static_cast<std::size_t>(i)] = decode_file(files[static_cast<std::size_t>(i)]);
        rates[static_cast<std::size_t>(i)] = decoded[static_cast<std::size_t>(i)].audio.rate_hz;
    });
    rate_hz = usual_rate(rates, words.clips, with_other);
    return keep_in_memory(
        files.size(),
        [&](std::size_t i) {
            prepare(decoded[i], rate_hz, true);
            return std::move(decoded[i]);
        },
        default_jobs());
}

/// Without the bad ones.
std::vector<Sound> read_background(const Files& files, int rate_hz, const StoreLimits* on_disk, ReadLog& log) {
    const auto decode = [&](std::size_t i) {
        Decoded decoded = decode_file(files[i]);
        prepare(decoded, rate_hz, false);
        return decoded;
    };
    if (files.empty()) return {};
    std::vector<Sound> sounds;
    for (Stored& stored : on_disk
                              ? keep_on_disk(keys_of(files, "background", rate_hz), decode, *on_disk, default_jobs())
                              : keep_in_memory(files.size(), decode, default_jobs())) {
        if (stored.error.empty())
            sounds.push_back(std::move(stored.sound));
        else
            log.add_bad(stored.error);
    }
    return sounds;
}

/// Whether all recordings fit into memory at the rate that most clips have.
bool all_fit(const WordFolder& words, bool with_other, const StoreLimits& limits) {
    Files files;
    for (const WordClip& clip : words.clips) files.push_back(clip.path);
    for (const Files* more : {&words.background, &words.more_speech, &words.more_noise})
        files.insert(files.end(), more->begin(), more->end());
    const auto headers = headers_of(files.front().parent_path().parent_path(), files, default_jobs());
    double seconds = 0;
    std::vector<int> rates(words.clips.size());
    for (std::size_t i = 0; i < files.size(); ++i) {
        seconds += headers[i].seconds();
        if (i < rates.size()) rates[i] = headers[i].rate_hz;
    }
    return fits(seconds, usual_rate(rates, words.clips, with_other), limits);
}

}  // namespace

WordRecordings read_word_recordings(const std::vector<WordRoot>& roots, const DataOptions& data) {
    ReadLog log(data.skip_bad);
    WordFolder words = read_word_folders(roots, data.same_speakers, &log);
    const WordFolderOptions& options = roots.front().options;
    for (const WordRoot& root : roots)
        if (!root.folder.empty()) refuse_other_encodings(root.folder, words.labels);
    const StoreLimits limits{data.memory, data.cache};
    WordRecordings read;
    read.labels = words.labels;
    read.by_take = words.by_take;
    read.other_is_judged = !options.other_apart;
    read.on_disk = !all_fit(words, read.other_is_judged, limits);
    const StoreLimits* on_disk = read.on_disk ? &limits : nullptr;
    std::vector<Stored> stored = read_clips(words, read.other_is_judged, on_disk, read.rate_hz);
    drop_bad(words, stored, log);
    if (stored.empty()) log.refuse_bad();
    if (stored.empty()) throw DataError(data.string() + ": none of the files of words can be used");

    const bool by_speaker = !read.by_take && options.test < 1;
    std::map<std::string, int> speakers;
    for (std::size_t k = 0; k < stored.size(); ++k) {
        const int speaker = speakers.emplace(words.clips[k].speaker, static_cast<int>(speakers.size())).first->second;
        read.clips.push_back({stored[k].sound.samples, words.clips[k].label, words.clips[k].split,
                              by_speaker ? speaker : static_cast<int>(k), stored[k].begin, stored[k].end});
    }
    std::array<Files, 3> noises;
    for (const auto& file : words.background)
        noises[static_cast<std::size_t>(split_of_noise(file, options.seed))].push_back(file);
    for (std::size_t s = 0; s < noises.size(); ++s)
        read.noises[s] = read_background(noises[s], read.rate_hz, on_disk, log);
    read.more_speech = read_background(words.more_speech, read.rate_hz, on_disk, log);
    read.more_noise = read_background(words.more_noise, read.rate_hz, on_disk, log);
    log.refuse_bad();
    read.left_out = log.lines();
    return read;
}

}  // namespace gruve

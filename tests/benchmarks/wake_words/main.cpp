// wake_words_benchmark: misses against false alarms of wake-word presets, measured as Picovoice's wake-word-benchmark
// measures them, as far as one's recordings go.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "datasets/audio/audio_folder.h"
#include "datasets/support/data_error.h"
#include "datasets/support/parallel.h"
#include "engine/preset/deserialise_preset.h"
#include "offline_search/task_table/task_table.h"
#include "offline_search/task_table/word_task.h"
#include "offline_search/tasks/intervals.h"
#include "tests/benchmarks/wake_words/benchmark_plot.h"
#include "tests/benchmarks/wake_words/miss_curve.h"

namespace gruve::benchmarks {
namespace {

using Path = std::filesystem::path;

struct Options {
    Path data, plot;
    std::vector<Path> presets, speech, noise;
    double hours = 30, snr_db = 10;
    std::uint64_t seed = 1;
    int jobs = default_jobs();
};

Preset read_preset(const Path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw DataError(path.string() + ": cannot be read");
    const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
    Preset preset = deserialise(bytes);
    if (preset.kind != TaskKind::keywords || preset.is_float())
        throw DataError(path.string() + ": holds no integer network that detects words");
    return preset;
}

void add_files(std::vector<Sound>& sounds, const std::vector<Path>& folders, int rate_hz, int jobs) {
    for (const Path& folder : folders)
        for (Audio& audio : read_all(audio_files(folder, "speech or noise without the words"), rate_hz, jobs))
            sounds.emplace_back(std::move(audio));
}

/// The words, other speech and noise of the data's test split, and all of the further folders.
BenchmarkSounds read_sounds(const Preset& preset, const Options& options) {
    const DataOptions data(options.data);
    std::vector<std::string> left_out;
    const WordRecordings recordings =
        read_word_recordings(word_roots(word_task_named(preset.task).word_list(), data, 1, false, left_out), data);
    if (recordings.labels != preset.labels || recordings.rate_hz != preset.rate_hz)
        throw DataError(options.data.string() + ": its words or its rate differ from those of " + preset.name);
    BenchmarkSounds sounds;
    sounds.rate_hz = recordings.rate_hz;
    for (const WordRecording& clip : recordings.clips) {
        if (clip.split != Split::test) continue;
        if (recordings.is_other(clip.label))
            sounds.speech.push_back({recordings.rate_hz, clip.samples});
        else
            sounds.words.push_back({clip.label, clip.samples});
    }
    sounds.noise = recordings.noises_of(Split::test);
    add_files(sounds.speech, options.speech, recordings.rate_hz, options.jobs);
    add_files(sounds.noise, options.noise, recordings.rate_hz, options.jobs);
    if (sounds.words.empty() || sounds.noise.empty())
        throw DataError(options.data.string() + ": no words or no noise in the test split");
    return sounds;
}

double hours_of(const std::vector<Sound>& sounds) {
    double seconds = 0;
    for (const Sound& sound : sounds) seconds += sound.seconds();
    return seconds / 3600;
}

std::string missed_cells(const WordCounts& counts) {
    const Missed all = missed_in(counts);
    const Interval interval = wilson_interval(all.missed, all.clips);
    char text[120];
    std::snprintf(text, sizeof text, "%d of %d: %.1f %% (%.1f..%.1f) | %.1f %%", all.missed, all.clips,
                  100.0 * all.missed / all.clips, 100 * interval.low, 100 * interval.high, 100 * all.mean_share);
    return text;
}

/// All words' alarms, an hour and a word.
std::string alarm_cell(const WordCounts& counts, double seconds) {
    int alarms = 0, words = 0;
    for (std::size_t label = 0; label < counts.clips.size(); ++label) {
        if (counts.clips[label] == 0) continue;
        alarms += counts.alarms[label];
        ++words;
    }
    const Interval interval = exact_hourly_interval(alarms, words * seconds);
    char text[120];
    std::snprintf(text, sizeof text, "%d in %d × %.1f h: %.2f (%.2f..%.2f)", alarms, words, seconds / 3600,
                  alarms / (words * seconds / 3600), interval.low, interval.high);
    return text;
}

void print_summary(const std::vector<NamedCurve>& curves) {
    std::printf("| | clips missed (95 %%) | mean of the words | false alarms of a word, an hour (95 %%) |\n");
    std::printf("|---|---|---|---|\n");
    for (const auto& [name, curve] : curves) {
        const WordCounts at_rate = curve.at(published_rate);
        std::printf("| %s, each word at most %.1f an hour | %s | %s |\n", name.c_str(), published_rate,
                    missed_cells(at_rate).c_str(), alarm_cell(at_rate, curve.seconds).c_str());
        std::printf("| %s, its own thresholds | %s | %s |\n", name.c_str(), missed_cells(curve.own).c_str(),
                    alarm_cell(curve.own, curve.seconds).c_str());
    }
    for (const Published& point : published)
        std::printf("| %s, published | | %.1f %% | %.1f |\n", point.name, point.missed_percent, published_rate);
}

void print_words(const NamedCurve& named, const std::vector<std::string>& labels) {
    const MissCurve& curve = named.curve;
    const WordCounts at_rate = curve.at(published_rate);
    std::printf("\n| %s | clips | missed at most %.1f an hour | missed at its own thresholds | alarms there |\n",
                named.name.c_str(), published_rate);
    std::printf("|---|---|---|---|---|\n");
    for (std::size_t label = 0; label < labels.size(); ++label) {
        const int clips = at_rate.clips[label];
        if (clips == 0) continue;
        const int missed = clips - at_rate.hits[label], own = clips - curve.own.hits[label];
        const Interval interval = wilson_interval(missed, clips);
        std::printf("| %s | %d | %d: %.1f %% (%.1f..%.1f) | %d: %.1f %% | %d in %.1f h |\n", labels[label].c_str(),
                    clips, missed, 100.0 * missed / clips, 100 * interval.low, 100 * interval.high, own,
                    100.0 * own / clips, curve.own.alarms[label], curve.seconds / 3600);
    }
}

void run(const Options& options) {
    const Preset first = read_preset(options.presets.front());
    BenchmarkSounds sounds = read_sounds(first, options);
    const std::size_t clips = sounds.words.size();
    const double speech = hours_of(sounds.speech), noise = hours_of(sounds.noise);
    const BenchmarkStreams streams(std::move(sounds), options.hours, options.snr_db, options.seed);
    std::vector<NamedCurve> curves;
    for (const Path& path : options.presets) {
        const Preset preset = read_preset(path);
        if (preset.labels != first.labels || preset.rate_hz != first.rate_hz)
            throw DataError(path.string() + ": its words or its rate differ from those of " + first.name);
        curves.push_back({path.stem().string(), miss_curve(preset, streams, options.jobs)});
    }
    std::printf(
        "%zu clips in %.1f hours at %g dB. Other speech: %.2f hours, from %.2f hours of recordings. "
        "Noise throughout, from %.2f hours of recordings.\n\n",
        clips, curves.front().curve.seconds / 3600, options.snr_db, streams.speech_s() / 3600, speech, noise);
    print_summary(curves);
    for (const NamedCurve& curve : curves) print_words(curve, first.labels);
    if (options.plot.empty()) return;
    std::ofstream file(options.plot, std::ios::binary);
    file << plot_of(curves);
    if (!file.flush()) throw DataError(options.plot.string() + ": cannot be written");
}

}  // namespace
}  // namespace gruve::benchmarks

int main(int argc, char** argv) {
    using namespace gruve;
    benchmarks::Options options;
    CLI::App app("Wake words missed against false alarms an hour, in continuous noise with other speech");
    app.add_option("presets", options.presets, "Presets of one task (.gruve)")->required()->check(CLI::ExistingFile);
    app.add_option("--data", options.data, "Folder with keywords/, speech/ and noise/; its test split is heard")
        ->required()
        ->check(CLI::ExistingDirectory);
    app.add_option("--speech", options.speech, "Folders of further speech without the words, unheard in training")
        ->check(CLI::ExistingDirectory);
    app.add_option("--noise", options.noise, "Folders of further noise, unheard in training")
        ->check(CLI::ExistingDirectory);
    app.add_option("--hours", options.hours, "How long all streams together are")
        ->capture_default_str()
        ->check(CLI::Range(0.01, 1000.0));
    app.add_option("--snr", options.snr_db, "Level of speech over noise in dB, by their loudest 32 ms")
        ->capture_default_str()
        ->check(CLI::Range(-20.0, 60.0));
    app.add_option("--seed", options.seed, "Seed of the order of words, speech and noise")->capture_default_str();
    app.add_option("--jobs", options.jobs, "Threads; never change a result")->check(CLI::Range(1, 1024));
    app.add_option("--plot", options.plot, "SVG file to write");
    CLI11_PARSE(app, argc, argv);
    try {
        benchmarks::run(options);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "wake_words_benchmark: %s\n", error.what());
        return 1;
    }
}

// gruve tune-alarms: gives a finished keyword preset operating points, for its sensitivity.
#include <cstdio>
#include <memory>

#include "datasets/audio/audio_folder.h"
#include "datasets/support/data_error.h"
#include "engine/preset/serialise_preset.h"
#include "offline_search/commands/command_options.h"
#include "offline_search/commands/commands.h"
#include "offline_search/commands/load_preset.h"
#include "offline_search/files/output_path.h"
#include "offline_search/files/write_file.h"
#include "offline_search/task_table/task_table.h"
#include "offline_search/task_table/word_task.h"
#include "offline_search/tasks/words/operating_points.h"

namespace gruve {
namespace {

struct TuneAlarmsArguments : TaskOptions {
    std::filesystem::path preset, out, negatives;
    double own_per_hour = 0;
};

WordRecordings read_recordings(const Preset& preset, TuneAlarmsArguments& options) {
    if (options.task.empty()) options.task = preset.task;
    std::vector<std::string> left_out;
    const auto roots =
        word_roots(word_task_named(options.task).word_list(), options.data, options.split_seed, false, left_out);
    WordRecordings recordings = read_word_recordings(roots, options.data);
    if (recordings.labels != preset.labels)
        throw DataError(options.data.string() + ": the words of the data differ from those of " +
                        options.preset.string());
    return recordings;
}

/// "words: 320 of 339 without noise, 303 of 339 at 10 dB"
std::string text_of(const std::vector<NoiseHits>& by_noise) {
    std::string text = "words:";
    for (const NoiseHits& level : by_noise) {
        text += (text.ends_with(':') ? " " : ", ") + std::to_string(level.hits) + " of " + std::to_string(level.words);
        text += level.snr_db ? " at " + std::to_string(static_cast<int>(*level.snr_db)) + " dB" : " without noise";
    }
    return text;
}

void print(const Preset& preset, const std::vector<SensitivityRow>& rows) {
    std::printf("%s\n", preset.name.c_str());
    for (const SensitivityRow& row : rows) {
        const Interval interval = alarm_interval(row.counted);
        std::printf("sensitivity %+.2f  ", static_cast<double>(row.sensitivity));
        if (row.aimed_per_hour > 0)
            std::printf("at most %g an hour: ", static_cast<double>(row.aimed_per_hour));
        else
            std::printf("its own thresholds: ");
        std::printf(
            "%u false alarms in %.2f hours, %.2f an hour (95 %% interval %.2f..%.2f), %u of %u words\n"
            "                   %s\n",
            row.counted.alarms, row.counted.heard_s / 3600, alarms_per_hour(row.counted), interval.low, interval.high,
            row.counted.hits, row.counted.words, text_of(row.by_noise).c_str());
    }
    std::printf("The hours hold %.1f minutes of different recordings. The intervals take these alone for evidence.\n",
                preset.detection.counted.recorded_s / 60);
}

void run(TuneAlarmsArguments& options) {
    check_layouts(options.data);
    require_writable_file(options.out);
    Preset preset = load_preset(options.preset);
    if (preset.kind != TaskKind::keywords)
        throw DataError(options.preset.string() + ": a preset of task " + preset.task + " detects no words");
    const WordRecordings recordings = read_recordings(preset, options);
    std::vector<std::filesystem::path> negatives;
    if (!options.negatives.empty()) negatives = audio_files(options.negatives, "speech or noise without the words");
    const auto rows = choose_operating_points(preset, recordings, negatives, options.jobs, options.own_per_hour);
    if (rows.empty())
        throw DataError(options.data.string() +
                        ": no speech and noise without the words in the validation split, or more false alarms than 8 "
                        "an hour at any threshold; no operating point was chosen");
    write_file(options.out, serialise(preset));
    print(preset, rows);
}

}  // namespace

void add_tune_alarms(CLI::App& app) {
    auto options = std::make_shared<TuneAlarmsArguments>();
    auto* command = app.add_subcommand(
        "tune-alarms",
        "Find thresholds for 0.5, 2 and 8 false alarms an hour, for the sensitivity of a keyword preset");
    command->add_option("--preset", options->preset, "Preset (.gruve)")->required();
    options->add_data(*command);
    command->add_option("--task", options->task, "Task whose words to play. Default: the task that the preset names");
    command
        ->add_option("--negatives", options->negatives,
                     "Folder of hours of speech and noise without any of the words, in which to count false alarms. "
                     "Default: the other speech and noise of the validation split, the speech in thirty noises")
        ->check(CLI::ExistingDirectory);
    command
        ->add_option("--own", options->own_per_hour,
                     "Also give the preset thresholds of its own (sensitivity 0) for at most so many false alarms an "
                     "hour. Default: its own thresholds stay")
        ->check(CLI::Range(0.01, 1000.0));
    command->add_option("--out", options->out, "Preset to write; may be the one that is read")->required();
    options->add_jobs(*command);
    command->footer(
        "The network stays as it is, and without --own so do the preset's own thresholds, which are those of "
        "sensitivity 0. `gruve search` finds operating points for the presets of live words. Judge the result with "
        "`gruve stream-test --sensitivity` on recordings that were not used here.");
    command->callback([options] { run(*options); });
}

}  // namespace gruve

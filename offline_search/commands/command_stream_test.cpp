// gruve stream-test: judges a keyword preset on long streams, as users hear them.
#include <cmath>
#include <iostream>
#include <memory>

#include "datasets/audio/audio_folder.h"
#include "datasets/support/data_error.h"
#include "engine/streaming/sensitivity.h"
#include "offline_search/commands/command_options.h"
#include "offline_search/commands/commands.h"
#include "offline_search/commands/load_preset.h"
#include "offline_search/files/standard_output.h"
#include "offline_search/task_table/task_table.h"
#include "offline_search/task_table/word_task.h"
#include "offline_search/tasks/intervals.h"
#include "offline_search/tasks/words/alarms.h"
#include "offline_search/tasks/words/operating_points.h"
#include "offline_search/tasks/words/stream_score.h"

namespace gruve {
namespace {

struct StreamTestArguments : TaskOptions {
    std::filesystem::path preset, negatives;
    std::string split = "test";
    std::vector<double> snrs_db = {10, 0};
    std::uint64_t seed = 2;  // thresholds were chosen with seed 1
    float sensitivity = usual_sensitivity;
    bool json = false, card = false;
};

OrderedJson interval_json(const Interval& interval, double scale = 1) {
    return {scale * interval.low, scale * interval.high};
}

OrderedJson to_json(const StreamScore& score) {
    OrderedJson json = {{"seconds", score.seconds}};
    if (score.words > 0) {
        json.update({{"words", score.words},
                     {"hits", score.hits},
                     {"misses", score.words - score.hits},
                     {"hit_percent", 100.0 * score.hits / score.words},
                     {"hit_percent_ci95", interval_json(wilson_interval(score.hits, score.words), 100)}});
    }
    if (score.hits > 0)
        json["delay_ms"] = {{"median", std::round(1000 * score.median_delay_s())},
                            {"p95", std::round(1000 * score.delay_quantile_s(0.95))}};
    if (score.seconds > 0)
        json.update(
            {{"false_alarms", score.false_alarms},
             {"false_alarms_per_hour", score.false_alarms / (score.seconds / 3600)},
             {"false_alarms_per_hour_ci95", interval_json(hourly_interval(score.false_alarms, score.seconds))}});
    return json;
}

void print(const std::string& name, const StreamScore& score) {
    if (!(score.seconds > 0)) return;  // no other speech or noise in this split
    const Interval alarms = hourly_interval(score.false_alarms, score.seconds);
    std::printf("%-24s", name.c_str());
    if (score.words > 0) {
        const Interval hits = wilson_interval(score.hits, score.words);
        std::printf("  %d of %d words (%.1f %%, %.1f..%.1f)", score.hits, score.words, 100.0 * score.hits / score.words,
                    100 * hits.low, 100 * hits.high);
    }
    if (score.hits > 0)
        std::printf(", delay %.0f ms (p95 %.0f)", 1000 * score.median_delay_s(), 1000 * score.delay_quantile_s(0.95));
    std::printf("  %d false alarms in %.1f min (%.1f per hour, %.1f..%.1f)\n", score.false_alarms, score.seconds / 60,
                score.false_alarms / (score.seconds / 3600), alarms.low, alarms.high);
}

/// A row of a model card's table.
void print_row(const std::string& name, const StreamScore& score) {
    if (!(score.seconds > 0)) return;
    const Interval alarms = hourly_interval(score.false_alarms, score.seconds);
    std::printf("| %s |", name.c_str());
    if (score.words > 0) {
        const Interval hits = wilson_interval(score.hits, score.words);
        std::printf(" %d of %d: %.1f %% (%.1f..%.1f) |", score.hits, score.words, 100.0 * score.hits / score.words,
                    100 * hits.low, 100 * hits.high);
    } else {
        std::printf(" |");
    }
    std::printf(" %d in %.1f min: %.1f per hour (%.1f..%.1f) |", score.false_alarms, score.seconds / 60,
                score.false_alarms / (score.seconds / 3600), alarms.low, alarms.high);
    if (score.hits > 0)
        std::printf(" %.0f ms, %.0f ms", 1000 * score.median_delay_s(), 1000 * score.delay_quantile_s(0.95));
    std::printf(" |\n");
}

/// The scores of one preset on all streams of a split.
struct StreamScores {
    StreamScore clean, negatives;
    std::vector<StreamScore> noisy;  // by options.snrs_db
};

StreamScores score_all(const Preset& preset, const WordRecordings& recordings, const StreamTestArguments& options) {
    const Split split = split_named(options.split);
    const auto network = std::make_shared<const Network>(preset.model);
    const auto score = [&](const std::vector<JudgedStream>& streams) {
        return score_streams(preset, network, streams, recordings.rate_hz, options.jobs);
    };
    StreamScores scores;
    scores.clean = score(word_streams(recordings, split, std::nullopt, options.seed));
    for (const double snr_db : options.snrs_db)
        scores.noisy.push_back(score(word_streams(recordings, split, snr_db, options.seed)));
    scores.negatives = score(negative_streams(recordings, split, options.seed));
    return scores;
}

constexpr const char* same_voices = " (other takes of the training's own voices)";

std::string at_snr(double snr_db) { return "words at " + std::to_string(std::lround(snr_db)) + " dB"; }

void print_card(const StreamScores& scores, bool by_take, const StreamTestArguments& options) {
    std::printf(
        "\n## On streams\n\nWords of the %s split%s at known times among the split's other speech and noise "
        "(`gruve stream-test`). Brackets hold 95 %% intervals.\n\n",
        options.split.c_str(), by_take ? same_voices : "");
    std::printf("| | hits | false alarms | delay after the word's end: median, 95th percentile |\n|---|---|---|---|\n");
    print_row("words without noise", scores.clean);
    for (std::size_t i = 0; i < scores.noisy.size(); ++i) print_row(at_snr(options.snrs_db[i]), scores.noisy[i]);
    print_row("speech and noise alone", scores.negatives);
}

void print_lines(const Preset& preset, const StreamScores& scores, bool by_take, const StreamTestArguments& options) {
    std::printf("%s, %s split%s\n", preset.name.c_str(), options.split.c_str(), by_take ? same_voices : "");
    print("words, no noise", scores.clean);
    for (std::size_t i = 0; i < scores.noisy.size(); ++i) print(at_snr(options.snrs_db[i]), scores.noisy[i]);
    print("speech and noise alone", scores.negatives);
}

void print_json(const Preset& preset, const StreamScores& scores, bool by_take, const StreamTestArguments& options) {
    OrderedJson by_snr = OrderedJson::array();
    for (std::size_t i = 0; i < scores.noisy.size(); ++i) {
        OrderedJson entry = {{"snr_db", options.snrs_db[i]}};
        entry.update(to_json(scores.noisy[i]));
        by_snr.push_back(entry);
    }
    OrderedJson thresholds;
    for (std::size_t l = 0; l < preset.labels.size(); ++l) thresholds[preset.labels[l]] = preset.detection.threshold[l];
    const OrderedJson result = {{"name", preset.name},      {"split", options.split},
                                {"split_by_take", by_take}, {"smoothing_s", preset.detection.smoothing_s},
                                {"thresholds", thresholds}, {"clean", to_json(scores.clean)},
                                {"by_snr", by_snr},         {"negatives", to_json(scores.negatives)}};
    std::cout << text_of(result) << '\n';
}

/// Hours of recordings without a word: the rate with its interval, and each alarm in JSON.
void judge_hours(const Preset& preset, const StreamTestArguments& options) {
    const auto files = audio_files(options.negatives, "speech or noise without the words");
    const Alarms alarms = alarms_in(preset, std::make_shared<const Network>(preset.model), files, options.jobs);
    const int count = static_cast<int>(alarms.all.size());
    const double hours = alarms.seconds / 3600;
    const Interval interval = exact_hourly_interval(count, alarms.seconds);
    if (options.json) {
        OrderedJson list = OrderedJson::array();
        for (const Alarm& alarm : alarms.all)
            list.push_back({{"word", preset.labels[static_cast<std::size_t>(alarm.label)]},
                            {"file", files[alarm.file].lexically_relative(options.negatives).generic_string()},
                            {"at_s", alarm.time_s}});
        const OrderedJson result = {{"name", preset.name},
                                    {"hours", hours},
                                    {"false_alarms", count},
                                    {"false_alarms_per_hour", count / hours},
                                    {"false_alarms_per_hour_ci95", interval_json(interval)},
                                    {"false_alarms_per_hour_most95", most_an_hour(count, alarms.seconds)},
                                    {"alarms", list}};
        std::cout << result.dump(2) << '\n';
    } else if (options.card) {
        std::printf(
            "\n## Hours without a word\n\n%d false alarms in %.2f hours that no training, choice or tuning has "
            "heard (`gruve stream-test --negatives`): %.2f an hour, exact 95 %% interval %.2f..%.2f.\n",
            count, hours, count / hours, interval.low, interval.high);
    } else {
        std::printf(
            "%s: %d false alarms in %.2f hours: %.2f per hour (exact 95 %% interval %.2f..%.2f; below %.2f with "
            "95 %% confidence)\n",
            preset.name.c_str(), count, hours, count / hours, interval.low, interval.high,
            most_an_hour(count, alarms.seconds));
    }
}

void judge_split(const Preset& preset, StreamTestArguments options) {
    if (options.task.empty()) options.task = preset.task;
    std::vector<std::string> left_out;
    const auto roots =
        word_roots(word_task_named(options.task).word_list(), options.data, options.split_seed, false, left_out);
    const WordRecordings recordings = read_word_recordings(roots, options.data);
    if (recordings.labels != preset.labels)
        throw DataError(options.data.string() + ": the words of the data differ from those of " +
                        options.preset.string());
    const StreamScores scores = score_all(preset, recordings, options);
    if (options.card)
        print_card(scores, recordings.by_take, options);
    else if (options.json)
        print_json(preset, scores, recordings.by_take, options);
    else
        print_lines(preset, scores, recordings.by_take, options);
}

void run(const StreamTestArguments& options) {
    if (options.negatives.empty()) check_layouts(options.data);
    Preset preset = load_preset(options.preset);
    if (preset.kind != TaskKind::keywords)
        throw DataError(options.preset.string() + ": a preset of task " + preset.task + " detects no words");
    fix_sensitivity(preset, options.sensitivity);
    if (options.negatives.empty())
        judge_split(preset, options);
    else
        judge_hours(preset, options);
}

}  // namespace

void add_stream_test(CLI::App& app) {
    auto options = std::make_shared<StreamTestArguments>();
    auto* command = app.add_subcommand("stream-test",
                                       "Judge a keyword preset on long streams: hits, misses, delays and false alarms");
    command->add_option("--preset", options->preset, "Preset (.gruve)")->required();
    options->add_data(*command);
    auto* data = command->get_option("--data")->required(false);
    auto* negatives = command
                          ->add_option("--negatives", options->negatives,
                                       "Instead of the words of --data: a folder of any number of hours of speech and "
                                       "noise without any of the words, played at their own levels one after another. "
                                       "Prints the false alarms an hour with their exact interval")
                          ->check(CLI::ExistingDirectory)
                          ->excludes(data);
    command->add_option("--task", options->task, "Task whose words to play. Default: the task that the preset names");
    add_split(*command, options->split);
    command->add_option("--snr", options->snrs_db, "Levels of the words over the noise in dB, each judged by itself")
        ->capture_default_str()
        ->check(CLI::Range(-20.0, 60.0));
    command->add_option("--seed", options->seed, "Seed of the order of words, pauses and noises")
        ->capture_default_str();
    add_sensitivity(*command, options->sensitivity);
    options->add_jobs(*command);
    auto* json = command->add_flag("--json", options->json, "Print the result as JSON");
    command->add_flag("--card", options->card, "Print the result as a section of a model card (Markdown)")
        ->excludes(json);
    command->footer(
        "A hit is the first detection of a word within the word or up to 0.75 s after its end. Delays count from the "
        "end of the word. Every other detection is a false alarm. Intervals are 95 % confidence intervals.");
    command->callback([options, data, negatives] {
        if (data->empty() && negatives->empty()) throw CLI::RequiredError("--data or --negatives");
        run(*options);
    });
}

}  // namespace gruve

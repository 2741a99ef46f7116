// gruve denoise-test: judges a denoiser by one rule, for our presets and for the output of other programs.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "datasets/audio/audio_file.h"
#include "datasets/audio/audio_folder.h"
#include "datasets/audio/audio_stream.h"
#include "datasets/layouts/denoise_layouts.h"
#include "datasets/support/data_error.h"
#include "offline_search/commands/command_options.h"
#include "offline_search/commands/commands.h"
#include "offline_search/commands/load_preset.h"
#include "offline_search/files/standard_output.h"
#include "offline_search/network/safetensors.h"
#include "offline_search/tasks/denoising/judge.h"
#include "offline_search/tasks/denoising/quality.h"
#include "offline_search/tasks/denoising/task.h"

namespace gruve {
namespace {

struct DenoiseTestArguments {
    DataOptions data;
    std::filesystem::path preset, model, noisy;
    std::vector<std::filesystem::path> pairs;
    std::string split = "test";
    int count = 96, jobs = 1, rate_hz = 16000;
    std::vector<float> snrs_db = judged_snrs_db;
    double seconds = 3.0;
    std::uint64_t split_seed = 1;
    bool json = false;
};

OrderedJson to_json(const MeanInterval& m) { return {{"mean", m.mean}, {"ci95", m.ci95}, {"n", m.n}}; }

OrderedJson to_json(const QualityScores& q) {
    OrderedJson json = {{"si_sdr_db", to_json(q.si_sdr_db)},
                        {"segmental_snr_db", to_json(q.segmental_snr_db)},
                        {"stoi", to_json(q.stoi)},
                        {"speech_muted", q.speech_muted}};
    if (q.si_sdr_gain_db.n > 0) {
        json["si_sdr_gain_db"] = to_json(q.si_sdr_gain_db);
        json["segmental_snr_gain_db"] = to_json(q.segmental_snr_gain_db);
        json["stoi_gain"] = to_json(q.stoi_gain);
        json["stoi_falls"] = q.stoi_falls;
    }
    if (q.high_level_db.n > 0) {
        json["above_8khz"] = {{"level_db", to_json(q.high_level_db)}, {"distance_db", to_json(q.high_distance_db)}};
        if (q.noisy_high_distance_db.n > 0) json["above_8khz"]["noisy_distance_db"] = to_json(q.noisy_high_distance_db);
    }
    return json;
}

OrderedJson to_json(const DenoiseReport& report) {
    OrderedJson by_snr = OrderedJson::array();
    for (const auto& [snr_db, scores] : report.by_snr) {
        OrderedJson entry = {{"snr_db", snr_db}};
        entry.update(to_json(scores));
        by_snr.push_back(entry);
    }
    return {{"all", to_json(report.all)},
            {"by_snr", by_snr},
            {"noise_only_attenuation_db",
             {{"median", report.noise_attenuation_median_db},
              {"weakest_quarter", report.noise_attenuation_weakest_quarter_db}}},
            {"clean_speech_si_sdr_db", to_json(report.clean_si_sdr_db)},
            {"onset", {{"gain_db", to_json(report.onset_gain_db)}, {"surviving", report.onsets_surviving}}}};
}

void print(const char* name, const QualityScores& q) {
    std::printf("%-8s  %6.2f ± %4.2f  %+6.2f  %6.2f  %.3f ± %.3f  %+.3f  %4.1f %%        %4.1f %%\n", name,
                q.si_sdr_db.mean, q.si_sdr_db.ci95, q.si_sdr_gain_db.mean, q.segmental_snr_db.mean, q.stoi.mean,
                q.stoi.ci95, q.stoi_gain.mean, 100 * q.stoi_falls, 100 * q.speech_muted);
}

constexpr const char* heading =
    "SNR       SI-SDR, dB      gain    segSNR  STOI           gain    falls > 0.01  speech muted\n";

/// Nothing at 16 kHz.
void print_above_8khz(const QualityScores& q) {
    if (q.high_level_db.n == 0) return;
    std::printf(
        "above 8 kHz, in %d files: %+.1f ± %.1f dB of the clean speech's power, log-spectral distance %.1f ± %.1f dB",
        q.high_level_db.n, q.high_level_db.mean, q.high_level_db.ci95, q.high_distance_db.mean,
        q.high_distance_db.ci95);
    if (q.noisy_high_distance_db.n > 0)
        std::printf(" (noisy: %.1f ± %.1f)", q.noisy_high_distance_db.mean, q.noisy_high_distance_db.ci95);
    std::printf("\n");
}

void print(const DenoiseReport& report) {
    std::printf("%s", heading);
    for (const auto& [snr_db, scores] : report.by_snr)
        print((std::to_string(static_cast<int>(snr_db)) + " dB").c_str(), scores);
    print("all", report.all);
    std::printf("noise alone is reduced by %.1f dB (median), %.1f dB (weakest quarter)\n",
                report.noise_attenuation_median_db, report.noise_attenuation_weakest_quarter_db);
    std::printf("clean speech keeps an SI-SDR of %.1f ± %.1f dB\n", report.clean_si_sdr_db.mean,
                report.clean_si_sdr_db.ci95);
    std::printf("onsets after 10 s of quiet noise: %.1f dB, %.0f %% survive\n", report.onset_gain_db.mean,
                100 * report.onsets_surviving);
    print_above_8khz(report.all);
}

/// The file of the same name as `clean_path`, from another folder. It must have the rate and length of the clean file:
/// other lengths would be judged misaligned.
Audio read_partner(const std::filesystem::path& folder, const std::filesystem::path& name, const Audio& clean,
                   const std::filesystem::path& clean_path) {
    const auto file = folder / name;
    if (!std::filesystem::exists(file))
        throw DataError(file.string() + ": missing; every clean file needs one of the same name");
    Audio audio = read_audio(file);
    if (audio.samples.size() != clean.samples.size() || audio.rate_hz != clean.rate_hz)
        throw DataError(clean_path.string() + ": " + std::to_string(clean.samples.size()) + " samples at " +
                        std::to_string(clean.rate_hz) + " Hz, but " + file.string() + " has " +
                        std::to_string(audio.samples.size()) + " at " + std::to_string(audio.rate_hz) + " Hz");
    return audio;
}

/// The clean, noisy (where --noisy names a folder) and enhanced file of the same name.
Trio read_trio(const DenoiseTestArguments& options, const std::filesystem::path& path, int rate_hz) {
    const auto name = std::filesystem::relative(path, options.pairs[0]);
    Audio clean = read_audio(path), enhanced = read_partner(options.pairs[1], name, clean, path), noisy;
    if (!options.noisy.empty()) noisy = read_partner(options.noisy, name, clean, path);
    if (rate_hz != clean.rate_hz)
        throw DataError(path.string() + ": " + std::to_string(clean.rate_hz) + " Hz, but the files before it have " +
                        std::to_string(rate_hz) + " Hz");
    return {std::move(clean.samples), std::move(noisy.samples), std::move(enhanced.samples)};
}

void judge_pairs(const DenoiseTestArguments& options) {
    const auto paths = audio_files(options.pairs[0], "clean recordings");
    const int rate_hz = AudioReader(paths.front()).rate_hz();
    const QualityScores scores = quality_of(
        static_cast<int>(paths.size()),
        [&](int i) { return read_trio(options, paths[static_cast<std::size_t>(i)], rate_hz); }, rate_hz, options.jobs);
    if (options.json) {
        std::cout << text_of(to_json(scores)) << '\n';
    } else {
        std::printf("%s", heading);
        print("files", scores);
        print_above_8khz(scores);
    }
}

void judge_denoiser(const DenoiseTestArguments& options) {
    const int rate_hz = options.rate_hz;
    Enhancer enhance;
    std::string name;
    if (options.preset.empty()) {
        const FloatNetwork network = load_safetensors(options.model);
        refuse_first_stage(network, options.model.string());
        enhance = float_enhancer(network, denoiser_config_of(network), rate_hz);
        name = options.model.stem().string();
    } else {
        const Preset preset = load_preset(options.preset);
        enhance = preset_enhancer(preset, rate_hz);
        name = preset.name;
    }
    check_layouts(options.data);
    const NoisySpeech data = read_denoise_data(options.data, rate_hz, options.split_seed);
    const DenoiseReport report = test_denoiser(data, split_named(options.split), options.count, options.snrs_db,
                                               options.seconds, enhance, options.jobs);
    if (options.json) {
        OrderedJson json = {
            {"name", name}, {"split", options.split}, {"mixtures", options.count}, {"seconds", options.seconds}};
        json.update(to_json(report));
        std::cout << text_of(json) << '\n';
    } else {
        std::printf("%s, %d mixtures of the %s split\n", name.c_str(), options.count, options.split.c_str());
        print(report);
    }
}

}  // namespace

void add_denoise_test(CLI::App& app) {
    auto* command = app.add_subcommand(
        "denoise-test",
        "Judge a denoiser by SI-SDR, segmental SNR, STOI, muted speech, noise alone, clean speech and speech onsets");
    auto options = std::make_shared<DenoiseTestArguments>();
    auto* preset = command->add_option("--preset", options->preset,
                                       "Preset (.gruve), played by the streaming engine with its default settings");
    auto* model = command->add_option("--model", options->model, "Float denoiser (.safetensors), instead of a preset")
                      ->excludes(preset);
    auto* data = add_roots(*command, options->data, "Folder of speech/ and noise/, as for training; may be repeated");
    auto* pairs =
        command
            ->add_option("--pairs", options->pairs,
                         "CLEAN_DIR ENHANCED_DIR: judge the enhanced files of any program against clean files of the "
                         "same names. The program's latency must be removed")
            ->expected(2)
            ->excludes(preset)
            ->excludes(model)
            ->excludes(data);
    command->add_option("--noisy", options->noisy, "With --pairs: folder of the noisy files, to print gains over them")
        ->needs(pairs);
    add_split(*command, options->split);
    command->add_option("--count", options->count, "Number of mixtures")
        ->capture_default_str()
        ->check(CLI::Range(4, 100000));
    command->add_option("--snr", options->snrs_db, "Signal-to-noise ratios in dB; mixtures take them in turn")
        ->capture_default_str()
        ->check(CLI::Range(-30.0, 60.0));
    command->add_option("--seconds", options->seconds, "Length of each mixture in seconds")
        ->capture_default_str()
        ->check(CLI::Range(1.0, 60.0));
    command
        ->add_option("--split-seed", options->split_seed,
                     "Seed that deals the speakers to the splits; use that of the training")
        ->capture_default_str();
    add_mixing_rate(*command, options->rate_hz)->excludes(pairs);
    add_jobs(*command, options->jobs);
    command->add_flag("--json", options->json, "Print the result as JSON");
    command->callback([options] {
        if (!options->pairs.empty()) return judge_pairs(*options);
        if (options->preset.empty() && options->model.empty()) throw CLI::RequiredError("--preset, --model or --pairs");
        if (options->data.empty()) throw CLI::RequiredError("--data");
        judge_denoiser(*options);
    });
}

}  // namespace gruve

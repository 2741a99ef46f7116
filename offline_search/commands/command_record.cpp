// gruve record: records takes of a word from any recorder, by pipe.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "datasets/audio/audio_file.h"
#include "datasets/support/data_error.h"
#include "offline_search/commands/commands.h"
#include "offline_search/commands/progress.h"
#include "offline_search/tasks/words/recordings.h"

namespace gruve {
namespace {

constexpr double pause_s = 0.7, take_s = 2.5;  // before each take, nothing is kept for pause_s
constexpr double around_s = 0.25;              // kept before and after the word
constexpr double edge_s = 0.05;                // a word that comes closer to the take's end is cut off
constexpr float clipped_level = 0.98f, least_level = 0.02f;
constexpr double least_s = 0.2;

struct RecordArguments {
    std::string name, speaker = "me";
    std::filesystem::path data = ".";
    int count = 10, rate_hz = 16000;
};

/// Mono samples of 16 bits on standard input. `samples` is shortened where the input ends.
void read_samples(std::vector<float>& samples) {
    std::vector<unsigned char> bytes(2 * samples.size());
    samples.resize(std::fread(bytes.data(), 2, samples.size(), stdin));
    for (std::size_t i = 0; i < samples.size(); ++i)
        samples[i] = static_cast<float>(static_cast<std::int16_t>(bytes[2 * i] | bytes[2 * i + 1] << 8)) / 32768.0f;
}

/// "[#######-----] -12 dB": the loudest sample.
std::string level_text(std::span<const float> samples) {
    float peak = 1e-4f;
    for (const float x : samples) peak = std::max(peak, std::abs(x));
    const double db = 20 * std::log10(static_cast<double>(peak));
    constexpr int width = 20;
    const int filled = std::clamp(static_cast<int>(std::lround((db + 60) / 60 * width)), 0, width);
    char text[64];
    std::snprintf(text, sizeof text, "[%s%s] %.0f dB", std::string(static_cast<std::size_t>(filled), '#').c_str(),
                  std::string(static_cast<std::size_t>(width - filled), '-').c_str(), db);
    return text;
}

/// Why a take can't be used; empty if it can.
std::string defect(std::span<const float> take, std::size_t begin, std::size_t end, int rate_hz) {
    float peak = 0;
    std::size_t clipped = 0;
    for (const float x : take) {
        peak = std::max(peak, std::abs(x));
        clipped += std::abs(x) >= clipped_level;
    }
    const auto samples = [&](double seconds) { return static_cast<std::size_t>(seconds * rate_hz); };
    if (peak < least_level) return "silent, or too quiet: come closer or turn the microphone up";
    if (clipped >= 3) return "clipped: turn the microphone down";
    if (end - begin < samples(least_s)) return "too short for a word";
    if (begin < samples(edge_s)) return "began too early: wait for the prompt";
    if (end + samples(edge_s) > take.size()) return "too long, or in noise";
    return {};
}

/// The number after the highest take of this speaker in the folder.
int next_number(const std::filesystem::path& folder, const std::string& speaker) {
    int next = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string stem = entry.path().stem().string();
        if (!stem.starts_with(speaker + "_")) continue;
        const std::string number = stem.substr(speaker.size() + 1);
        if (!number.empty() && number.size() < 7 && number.find_first_not_of("0123456789") == std::string::npos)
            next = std::max(next, std::stoi(number) + 1);
    }
    return next;
}

/// Records until a take is good; empty at the end of the input.
std::optional<std::vector<float>> record_take(const RecordArguments& options, int take_number) {
    const auto samples = [&](double seconds) { return static_cast<std::size_t>(seconds * options.rate_hz); };
    while (!interrupted) {
        std::vector<float> pause(samples(pause_s)), take(samples(take_s));
        read_samples(pause);
        std::fprintf(stderr, "%d of %d: say \"%s\" now  ", take_number, options.count, options.name.c_str());
        read_samples(take);
        if (take.size() < samples(take_s)) break;
        const auto [begin, end] = spoken_part(take, options.rate_hz);
        const std::string reason = defect(take, begin, end, options.rate_hz);
        std::fprintf(stderr, "%s%s\n", level_text(take).c_str(), reason.empty() ? "" : ("  again: " + reason).c_str());
        if (!reason.empty()) continue;
        const std::size_t from = begin - std::min(begin, samples(around_s)),
                          to = std::min(end + samples(around_s), take.size());
        return std::vector<float>(take.begin() + static_cast<std::ptrdiff_t>(from),
                                  take.begin() + static_cast<std::ptrdiff_t>(to));
    }
    return std::nullopt;
}

void record(const RecordArguments& options) {
    if (isatty(STDIN_FILENO))
        throw DataError(
            "no audio on standard input; for example: arecord -q -f S16_LE -r 16000 -c 1 -t raw | gruve "
            "record --name " +
            options.name);
    const std::filesystem::path folder = options.data / "keywords" / options.name;
    std::filesystem::create_directories(folder);
    const int first = next_number(folder, options.speaker);
    for (int take = 0; take < options.count; ++take) {
        const auto samples = record_take(options, take + 1);
        if (!samples)
            throw DataError("the recorder stopped after " + std::to_string(take) + " of " +
                            std::to_string(options.count) + " takes; those are kept in " + folder.string());
        write_wav(folder / (options.speaker + "_" + std::to_string(first + take) + ".wav"), {*samples},
                  options.rate_hz);
    }
    std::fprintf(stderr, "%d takes in %s\n", options.count, folder.string().c_str());
}

/// A part of a path, and of a speaker's file name.
std::string check_name(const std::string& name) {
    const bool good = !name.empty() && name[0] != '.' && name[0] != '_' && name.find('/') == std::string::npos;
    return good ? std::string() : "a name may neither hold a / nor begin with . or _";
}

}  // namespace

void add_record(CLI::App& app) {
    auto* command = app.add_subcommand("record", "Record takes of a word from a recorder, by pipe");
    auto options = std::make_shared<RecordArguments>();
    command->add_option("--name", options->name, "The word: the name of its folder")->required()->check(check_name);
    command->add_option("--count", options->count, "Takes to record")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    command
        ->add_option("--data", options->data, "Folder of recordings; takes go to keywords/NAME/SPEAKER_<n>.wav in it")
        ->capture_default_str();
    command->add_option("--speaker", options->speaker, "Name of the voice")
        ->capture_default_str()
        ->check(check_name)
        ->check([](const std::string& name) {
            return name.find('_') == std::string::npos ? std::string() : "a speaker's name must not hold a _";
        });
    command->add_option("--rate", options->rate_hz, "Sample rate of the input in Hz")
        ->capture_default_str()
        ->check(CLI::Range(8000, 192000));
    command->footer(
        "Reads raw mono samples of 16 bits. Prompts and levels go to stderr. A take that is clipped, silent or cut off "
        "is asked for again; takes that are there already stay. Example:\n"
        "arecord -q -f S16_LE -r 16000 -c 1 -t raw | gruve record --name lumos --count 10 --data my_words");
    command->callback([options] { record(*options); });
}

}  // namespace gruve

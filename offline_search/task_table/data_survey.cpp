#include "offline_search/task_table/data_survey.h"

#include <algorithm>
#include <cstdio>
#include <functional>

#include "datasets/audio/audio_folder.h"
#include "datasets/audio/audio_index.h"
#include "datasets/layouts/known_layouts.h"
#include "datasets/layouts/recordings.h"
#include "datasets/layouts/speaker_table.h"
#include "datasets/support/data_error.h"
#include "offline_search/task_table/task_table.h"
#include "offline_search/task_table/word_task.h"

namespace gruve {
namespace {

namespace fs = std::filesystem;
using GroupOf = std::function<std::string(const fs::path& file)>;

void add_files(RootSurvey& survey, const std::string& role, const fs::path& folder, const std::vector<fs::path>& files,
               const GroupOf& group_of, int jobs) {
    RoleSurvey made{role};
    const std::vector<AudioHeader> headers = headers_of(folder, files, jobs);
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (!headers[i].error.empty()) {
            survey.left_out.push_back(headers[i].error);
            continue;
        }
        ++made.files;
        made.seconds += headers[i].seconds();
        made.groups.insert(group_of(files[i]));
        ++made.files_of_rate[headers[i].rate_hz];
    }
    survey.roles.push_back(std::move(made));
}

/// Nothing if the folder is empty or missing.
void add_folder(RootSurvey& survey, const std::string& role, const fs::path& folder, const GroupOf& group_of,
                ReadLog& log, int jobs) {
    if (folder.empty() || !fs::is_directory(folder)) return;
    try {
        add_files(survey, role, folder, audio_files(folder, role, &log), group_of, jobs);
    } catch (const DataError& error) {
        survey.left_out.emplace_back(error.what());
    }
}

void add_words(RootSurvey& survey, const fs::path& folder, ReadLog& log, int jobs) {
    std::vector<fs::path> files;
    std::map<fs::path, std::string> speakers;
    int nameless = 0;
    for (const auto& [word, clips] : words_of(folder, log)) {
        survey.words[word] = static_cast<int>(clips.size());
        for (const WordClip& clip : clips) {
            files.push_back(clip.path);
            nameless += clip.speaker.empty();
            if (!clip.speaker.empty()) speakers[clip.path] = clip.speaker;
        }
    }
    if (nameless > 0)
        survey.left_out.push_back(folder.string() + ": " + std::to_string(nameless) +
                                  " file names without a speaker, expected <speaker>_<n>.wav");
    add_files(
        survey, "words", folder, files, [&](const fs::path& file) { return speakers[file]; }, jobs);
    survey.roles.back().groups.erase("");
}

RootSurvey survey_root(const fs::path& root, const std::string& layout, int jobs) {
    RootSurvey survey;
    ReadLog log;
    survey.root = root;
    if (!fs::exists(root)) throw DataError(root.string() + ": no such file or folder");
    survey.sequences = root.extension() == ".npz" || fs::exists(root / "sequences.npz");
    if (!fs::is_directory(root)) return survey;
    for (const fs::path& folder : {root, root / "mnist"})
        for (const char* name : {"train-images-idx3-ubyte", "train-images-idx3-ubyte.gz"})
            survey.images |= fs::exists(folder / name);

    const WordRoot words = word_part({}, root, layout, 1);
    DenoiseLayout part = find_denoise_part(root, layout);
    if (words.folder == root) part = {};  // a word may be "speech"
    survey.layout = !part.name.empty() ? part.name : words.folder.empty() ? "" : "folder of words";
    if (!words.folder.empty()) add_words(survey, words.folder, log, jobs);
    const Role speech = part.speech.empty() ? speech_role() : speech_role(part.speech), noise = noise_role();
    const auto speaker = [&](const fs::path& from) {
        return [&, from](const fs::path& file) { return speech.group_of(from, file); };
    };
    const auto source = [&](const fs::path& from) {
        return [&, from](const fs::path& file) { return (part.pairs ? speech : noise).group_of(from, file); };
    };
    const auto own = [](const fs::path& file) { return file.string(); };
    add_folder(survey, "speech", part.speech, speaker(part.speech), log, jobs);
    add_folder(survey, "test speech", part.test_speech, speaker(part.test_speech), log, jobs);
    add_folder(survey, part.pairs ? "noisy speech" : "noise", part.noise, source(part.noise), log, jobs);
    add_folder(survey, part.pairs ? "noisy test speech" : "test noise", part.test_noise, source(part.test_noise), log,
               jobs);
    if (words.folder == root)
        add_folder(survey, "noise", root / "_background_noise_", source(root / "_background_noise_"), log, jobs);
    add_folder(survey, "rooms", part.rooms, own, log, jobs);
    add_folder(survey, "negative speech", root / "negatives" / "speech", own, log, jobs);
    add_folder(survey, "negative noise", root / "negatives" / "noise", own, log, jobs);
    for (const std::string& line : log.lines()) survey.left_out.push_back(line);
    if (part.name == "Common Voice" && SpeakerTable::beside(part.speech).empty())
        survey.left_out.push_back(part.speech.string() + ": no table of speakers" + common_voice_hint);
    return survey;
}

/// The words of all roots and the numbers of speakers and sources.
struct Sum {
    std::set<std::string> words;
    std::size_t speakers_of_words = 0, speakers = 0, noises = 0;
    bool images = false, sequences = false, pairs = false;
};

Sum sum_of(const std::vector<RootSurvey>& roots) {
    Sum sum;
    for (const RootSurvey& root : roots) {
        for (const auto& [word, clips] : root.words) sum.words.insert(word);
        for (const RoleSurvey& role : root.roles) {
            if (role.role == "words") sum.speakers_of_words += role.groups.size();
            if (role.role == "speech") sum.speakers += role.groups.size();
            if (role.role == "noise" || role.role == "noisy speech") sum.noises += role.groups.size();
        }
        sum.images |= root.images;
        sum.sequences |= root.sequences;
    }
    return sum;
}

std::string count(std::size_t number, const std::string& what) {
    return with_commas(static_cast<long long>(number)) + " " + what + (number == 1 ? "" : "s");
}

TaskVerdict verdict_about_words(const TaskEntry& entry, const Sum& sum) {
    const WordFolderOptions list = entry.word_list();
    std::string missing;
    for (const std::string& word : list.words)
        if (!sum.words.contains(word)) missing += (missing.empty() ? "" : ", ") + word;
    TaskVerdict verdict{std::string(entry.name)};
    const std::size_t words = list.words.empty() ? sum.words.size() : list.words.size();
    if (sum.words.empty())
        verdict.reason = "lacks words";
    else if (!missing.empty())
        verdict.reason = "lacks the words " + missing;
    else if (!list.split_by_take && sum.speakers_of_words < 3)
        verdict.reason = "lacks speakers: " + count(sum.speakers_of_words, "speaker") + ", at least 3 needed";
    else
        verdict.usable = true, verdict.reason = count(words, "word") + ", " + count(sum.speakers_of_words, "speaker");
    return verdict;
}

TaskVerdict verdict_on_denoising(const TaskEntry& entry, const Sum& sum) {
    const auto enough = [](std::size_t found, const std::string& what) {
        return found == 0 ? "lacks " + what : count(found, "source") + " of " + what + ", at least 3 needed";
    };
    TaskVerdict verdict{std::string(entry.name)};
    if (sum.speakers < 3)
        verdict.reason = enough(sum.speakers, "speech");
    else if (sum.noises < 3)
        verdict.reason = enough(sum.noises, "noise");
    else
        verdict.usable = true,
        verdict.reason = count(sum.speakers, "speaker") + ", " + count(sum.noises, "source") + " of noise";
    return verdict;
}

}  // namespace

const RoleSurvey* RootSurvey::role(const std::string& name) const {
    const auto found = std::find_if(roles.begin(), roles.end(), [&](const RoleSurvey& r) { return r.role == name; });
    return found == roles.end() ? nullptr : &*found;
}

std::string RootSurvey::line() const {
    std::string text = layout.empty() ? "no recordings in a known layout" : layout + " layout";
    std::set<std::string> speakers;
    int files = 0;
    double seconds = 0;
    for (const RoleSurvey& role : roles) {
        if (role.role == "words" || role.role.ends_with("speech"))
            speakers.insert(role.groups.begin(), role.groups.end());
        files += role.files, seconds += role.seconds;
    }
    char hours[32];
    std::snprintf(hours, sizeof hours, "%.1f h", seconds / 3600);
    if (!speakers.empty()) text += ": " + count(speakers.size(), "speaker");
    if (files > 0)
        text += (speakers.empty() ? ": " : ", ") + count(static_cast<std::size_t>(files), "file") + ", " + hours;
    return text;
}

std::vector<RootSurvey> survey(const DataOptions& data, int jobs) {
    std::vector<RootSurvey> roots;
    for (std::size_t r = 0; r < data.roots.size(); ++r)
        roots.push_back(survey_root(data.roots[r], data.layout_of(r), jobs));
    return roots;
}

std::vector<TaskVerdict> verdicts(const std::vector<RootSurvey>& roots) {
    const Sum sum = sum_of(roots);
    std::vector<TaskVerdict> all;
    for (const TaskEntry& entry : task_table()) {
        if (entry.word_list)
            all.push_back(verdict_about_words(entry, sum));
        else if (entry.name.starts_with("denoise"))
            all.push_back(verdict_on_denoising(entry, sum));
        else if (entry.name == "row_mnist")
            all.push_back({std::string(entry.name), sum.images, sum.images ? "images" : "lacks mnist/*-ubyte.gz"});
        else
            all.push_back(
                {std::string(entry.name), sum.sequences, sum.sequences ? "sequences" : "lacks sequences.npz"});
    }
    return all;
}

std::string with_commas(long long number) {
    std::string text = std::to_string(number);
    for (int at = static_cast<int>(text.size()) - 3; at > (number < 0 ? 1 : 0); at -= 3)
        text.insert(static_cast<std::size_t>(at), 1, ',');
    return text;
}

}  // namespace gruve

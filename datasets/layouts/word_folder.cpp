#include "datasets/layouts/word_folder.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>

#include "datasets/audio/audio_folder.h"
#include "datasets/layouts/recordings.h"
#include "datasets/support/data_error.h"

namespace gruve {
namespace {

namespace fs = std::filesystem;

using Words = std::map<std::string, std::vector<fs::path>>;  // files of each word

struct ClipName {
    std::string speaker, take;
};

/// "0a7c2a8d_nohash_0" → 0a7c2a8d, 0; "george_12" → george, 12; "7_george_12" or "seven_george_12" → george, 12.
ClipName parse_name(const fs::path& path) {
    std::string stem = path.stem().string();
    const std::string word = path.parent_path().filename().string();
    const auto underscores = std::count(stem.begin(), stem.end(), '_');
    const std::string first = stem.substr(0, stem.find('_'));
    const bool digit = first.size() == 1 && first[0] >= '0' && first[0] <= '9';
    if (underscores >= 2 && (first == word || digit)) stem = stem.substr(first.size() + 1);
    const std::size_t end = stem.find('_');
    if (end == 0 || end == std::string::npos)
        throw DataError(path.string() + ": the file name has no speaker; expected <speaker>_<n>" +
                        path.extension().string() + ", so that no speaker is in two splits");
    return {stem.substr(0, end), stem.substr(stem.rfind('_') + 1)};
}

Split split_of_take(const fs::path& path) {
    const std::string take = parse_name(path).take;
    if (take.empty() || take.size() > 6 ||
        !std::all_of(take.begin(), take.end(), [](char c) { return c >= '0' && c <= '9'; }))
        throw DataError(path.string() +
                        ": the file name does not end in a take number; a split by take needs <speaker>_<take>" +
                        path.extension().string());
    const int number = std::stoi(take);
    return number < 5 ? Split::test : number < 10 ? Split::validation : Split::train;
}

/// The sub-folders that hold audio files, except those whose names begin with '_' or '.'.
Words words_in(const fs::path& folder) {
    Words words;
    for (const auto& sub : fs::directory_iterator(folder)) {
        const std::string name = sub.path().filename().string();
        if (!sub.is_directory() || name[0] == '_' || name[0] == '.') continue;
        std::vector<fs::path> files;
        for (const auto& entry : fs::directory_iterator(sub.path()))
            if (entry.is_regular_file() && is_audio_file(entry.path())) files.push_back(entry.path());
        std::sort(files.begin(), files.end());
        if (!files.empty()) words[name] = std::move(files);
    }
    return words;
}

/// A list of file names, one per line. It is kept as one text, because a string per short line would take twenty times
/// the file.
class NameList {
public:
    explicit NameList(const fs::path& path) {
        std::ifstream file(path, std::ios::binary);
        text_.resize(fs::file_size(path));
        if (!file.read(text_.data(), static_cast<std::streamsize>(text_.size())))
            throw DataError(path.string() + ": cannot be read");
        names_.reserve(static_cast<std::size_t>(std::count(text_.begin(), text_.end(), '\n')) + 1);
        int number = 0;
        for (std::size_t start = 0; start < text_.size(); ++number) {
            const std::size_t end = std::min(text_.find('\n', start), text_.size());
            std::string_view line(text_.data() + start, end - start);
            line = line.substr(0, line.find_last_not_of("\r ") + 1);
            start = end + 1;
            if (line.empty()) continue;
            if (line.find('/') == std::string_view::npos)
                throw DataError(path.string() + ": line " + std::to_string(number + 1) + ": \"" +
                                std::string(line.substr(0, 60)) + "\", expected <word>/<file>");
            names_.push_back(line);
        }
        std::sort(names_.begin(), names_.end());
    }
    NameList(NameList&&) = delete;

    bool contains(const std::string& name) const {
        return std::binary_search(names_.begin(), names_.end(), std::string_view(name));
    }

private:
    std::string text_;
    std::vector<std::string_view> names_;  // parts of text_, sorted
};

/// validation_list.txt and testing_list.txt: a folder has both or neither.
struct Lists {
    NameList validation, test;

    Split split_of(const fs::path& folder, const fs::path& file) const {
        const std::string name = file.lexically_relative(folder).generic_string();
        return test.contains(name) ? Split::test : validation.contains(name) ? Split::validation : Split::train;
    }
};

std::unique_ptr<const Lists> find_lists(const fs::path& folder) {
    const fs::path validation = folder / "validation_list.txt", test = folder / "testing_list.txt";
    if (!fs::exists(validation) && !fs::exists(test)) return nullptr;
    for (const fs::path& list : {validation, test})
        if (!fs::exists(list))
            throw DataError(list.string() +
                            ": missing; provide both validation_list.txt and testing_list.txt, or neither");
    return std::unique_ptr<const Lists>(new Lists{NameList(validation), NameList(test)});
}

void refuse_single_speakers(const WordFolder& words, const fs::path& folder) {
    std::vector<std::set<std::string>> speakers(words.labels.size());
    for (const WordClip& clip : words.clips) speakers[static_cast<std::size_t>(clip.label)].insert(clip.speaker);
    for (std::size_t i = 0; i < speakers.size(); ++i)
        if (speakers[i].size() == 1)
            throw DataError((folder / words.labels[i]).string() + ": the word \"" + words.labels[i] +
                            "\" has one speaker only (" + *speakers[i].begin() +
                            "); at least 2 are needed to test it on a voice not heard in training, and 3 are better");
}

void refuse_empty_splits(const WordFolder& words, const fs::path& folder) {
    for (const Split split : {Split::train, Split::validation, Split::test})
        if (std::none_of(words.clips.begin(), words.clips.end(),
                         [&](const WordClip& clip) { return clip.split == split; }))
            throw DataError(
                folder.string() + ": the " + std::string(name_of(split)) +
                " split has no clips; it needs at least 3 speakers (or takes, or entries in the list files)");
}

/// Sets the labels of the chosen words, with "other" first if there is such a class, and returns each word's index.
std::map<std::string, int> choose_labels(const fs::path& folder, const Words& found, const WordFolderOptions& options,
                                         bool has_other, WordFolder& words) {
    std::map<std::string, int> label_of;
    if (has_other) words.labels.push_back("other");
    const auto add_label = [&](const std::string& word) {
        if (!label_of.emplace(word, static_cast<int>(words.labels.size())).second)
            throw DataError("the word \"" + word + "\" is named twice");
        words.labels.push_back(word);
    };
    if (options.words.empty()) {
        for (const auto& [word, files] : found) add_label(word);
        return label_of;
    }
    for (const std::string& word : options.words) {
        if (!found.contains(word))
            throw DataError((folder / word).string() + ": no audio for the word \"" + word + "\"");
        add_label(word);
    }
    return label_of;
}

/// Lists the clips of the words (and of those not chosen, as "other", if `keep_unchosen`); returns their number. The
/// clips of other_speech follow.
std::size_t list_clips(const Words& found, const WordFolderOptions& options, const std::map<std::string, int>& label_of,
                       bool keep_unchosen, WordFolder& words) {
    for (const auto& [word, files] : found) {
        const auto label = label_of.find(word);
        if (label == label_of.end() && !keep_unchosen) continue;
        for (const fs::path& file : files)
            words.clips.push_back(
                {file, parse_name(file).speaker, label == label_of.end() ? 0 : label->second, Split::train});
    }
    const std::size_t word_clips = words.clips.size();
    if (!options.other_speech.empty())
        for (const fs::path& file : audio_files(options.other_speech, "other speech"))
            words.clips.push_back({file, speech_role().group_of(options.other_speech, file), 0, Split::train});
    return word_clips;
}

/// Deals the clips from `first` to `last` − 1 whose split isn't set.
void deal(const WordFolder& words, std::size_t first, std::size_t last, const WordFolderOptions& options,
          std::vector<std::optional<Split>>& splits) {
    std::vector<GroupedClip> groups;
    for (std::size_t i = first; i < last; ++i)
        if (!splits[i]) groups.push_back({words.clips[i].speaker, words.clips[i].label});
    const auto dealt = split_by_group(groups, options.validation, options.test, options.seed);
    auto next = dealt.begin();
    for (std::size_t i = first; i < last; ++i)
        if (!splits[i]) splits[i] = *next++;
}

/// The split of each clip by speaker. With other_apart, the first `word_clips` clips are dealt first. Of the others,
/// those by a speaker of the words go where that speaker went, and the rest is dealt separately. by_other_means: takes
/// or lists decide the words' splits, so that a speaker may be in several.
std::vector<std::optional<Split>> split_by_speaker(const WordFolder& words, std::size_t word_clips,
                                                   const WordFolderOptions& options, bool by_other_means) {
    std::vector<std::optional<Split>> splits(words.clips.size());
    deal(words, 0, options.other_apart ? word_clips : splits.size(), options, splits);
    if (!options.other_apart) return splits;
    std::map<std::string, Split> split_of_speaker;
    if (!by_other_means)
        for (std::size_t i = 0; i < word_clips; ++i) split_of_speaker.emplace(words.clips[i].speaker, *splits[i]);
    for (std::size_t i = word_clips; i < splits.size(); ++i)
        if (const auto known = split_of_speaker.find(words.clips[i].speaker); known != split_of_speaker.end())
            splits[i] = known->second;
    deal(words, word_clips, splits.size(), options, splits);
    return splits;
}

bool have_one_speaker(const WordFolder& words, std::size_t word_clips) {
    const auto end = words.clips.begin() + static_cast<std::ptrdiff_t>(word_clips);
    return std::all_of(words.clips.begin(), end,
                       [&](const WordClip& clip) { return clip.speaker == words.clips.front().speaker; });
}

/// Of five takes of a word, the second is validation and the third is test.
void deal_takes_in_turn(WordFolder& words, std::size_t word_clips) {
    std::map<int, int> takes;
    for (std::size_t i = 0; i < word_clips; ++i) {
        const int place = takes[words.clips[i].label]++ % 5;
        words.clips[i].split = place == 1 ? Split::validation : place == 2 ? Split::test : Split::train;
    }
}

void assign_word_splits(const fs::path& folder, const WordFolderOptions& options, std::size_t word_clips,
                        WordFolder& words) {
    const auto lists = find_lists(folder);
    const auto by_speaker = split_by_speaker(words, word_clips, options, words.by_take || lists);
    for (std::size_t i = 0; i < words.clips.size(); ++i) {
        WordClip& clip = words.clips[i];
        if (i < word_clips && options.split_by_take)
            clip.split = split_of_take(clip.path);
        else if (i < word_clips && lists)
            clip.split = lists->split_of(folder, clip.path);
        else
            clip.split = *by_speaker[i];
    }
    if (words.by_take && !options.split_by_take) deal_takes_in_turn(words, word_clips);
}

/// Noise to mix in, and speech and noise without any of the words.
void list_background(const fs::path& folder, const WordFolderOptions& options, WordFolder& words) {
    if (!options.noise.empty())
        words.background = audio_files(options.noise, "noise");
    else if (fs::exists(folder / "_background_noise_"))
        words.background = audio_files(folder / "_background_noise_", "background noise");

    if (options.negatives.empty()) return;
    const fs::path speech = options.negatives / "speech", noise = options.negatives / "noise";
    if (fs::exists(speech)) words.more_speech = audio_files(speech, "speech without the words");
    if (fs::exists(noise)) words.more_noise = audio_files(noise, "more noise");
    if (words.more_speech.empty() && words.more_noise.empty())
        throw DataError(options.negatives.string() + ": expected a sub-folder speech, noise or both");
}

}  // namespace

WordFolder read_word_folder(const fs::path& folder, const WordFolderOptions& options) {
    if (!fs::is_directory(folder)) throw DataError(folder.string() + ": the folder of words does not exist");
    const Words found = words_in(folder);
    if (found.empty())
        throw DataError(folder.string() +
                        ": no words; expected <word>/<speaker>_<n>.wav (or flac, ogg, …) in sub-folders");

    WordFolder words;
    const bool some_unchosen = !options.words.empty() && options.words.size() < found.size();
    const bool keep_unchosen = some_unchosen && options.unchosen_are_other && options.other_speech.empty();
    const bool has_other = keep_unchosen || !options.other_speech.empty() || options.name_other;
    const auto label_of = choose_labels(folder, found, options, has_other, words);
    const std::size_t word_clips = list_clips(found, options, label_of, keep_unchosen, words);
    words.by_take = options.split_by_take || (options.one_voice && have_one_speaker(words, word_clips));
    if (!words.by_take) refuse_single_speakers(words, folder);
    assign_word_splits(folder, options, word_clips, words);
    refuse_empty_splits(words, folder);
    std::sort(words.clips.begin(), words.clips.end(),
              [](const WordClip& a, const WordClip& b) { return a.path < b.path; });
    list_background(folder, options, words);
    return words;
}

}  // namespace gruve

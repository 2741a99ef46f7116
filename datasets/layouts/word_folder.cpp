#include "datasets/layouts/word_folder.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include "datasets/audio/audio_folder.h"
#include "datasets/layouts/data_options.h"
#include "datasets/layouts/recordings.h"
#include "datasets/layouts/speaker_table.h"
#include "datasets/support/data_error.h"
#include "datasets/support/path_below.h"

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

/// Empty instead of an error.
std::string speaker_in_name(const fs::path& path) {
    try {
        return parse_name(path).speaker;
    } catch (const DataError&) {
        return {};
    }
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

/// The sub-folders that hold audio files, except those whose names begin with '_' or '.'. `log` gets a line about the
/// other files in them.
Words words_in(const fs::path& folder, ReadLog& log) {
    Words words;
    std::vector<fs::path> others;
    std::error_code failed, broken_link;
    for (const auto& sub : fs::directory_iterator(folder)) {
        const std::string name = sub.path().filename().string();
        if (!sub.is_directory(broken_link) || name[0] == '_' || name[0] == '.') continue;
        std::vector<fs::path> files;
        const fs::directory_iterator entries(sub.path(), failed);
        if (failed) log.add_bad(unreadable_folder(sub.path(), failed));
        for (const auto& entry : entries) {
            if (!entry.is_regular_file(broken_link)) continue;
            const bool audio = is_audio_file(entry.path()), hidden = entry.path().filename().native()[0] == '.';
            if (audio || !hidden) (audio ? files : others).push_back(entry.path());
        }
        std::sort(files.begin(), files.end());
        if (!files.empty()) words[name] = std::move(files);
    }
    std::sort(others.begin(), others.end());
    leave_out_others(folder, others, log);
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
        const std::string name = path_below(folder, file);
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

/// Recordings to judge a finished preset on: there is nothing to keep apart.
bool all_is_test(const WordFolderOptions& options) { return options.test >= 1; }

/// The clips of one root.
struct Listing {
    const WordRoot* root = nullptr;
    Words found{};
    std::vector<WordClip> clips{};  // of the words, then of other speech
    std::size_t word_clips = 0;     // how many of `clips` are of the words

    /// Whether words that aren't chosen are "other".
    bool keeps_unchosen() const {
        const WordFolderOptions& options = root->options;
        return !options.words.empty() && options.words.size() < found.size() && options.unchosen_are_other &&
               options.other_speech.empty();
    }
    bool has_other() const {
        return keeps_unchosen() || !root->options.other_speech.empty() || root->options.name_other;
    }
};

const fs::path& first_folder(const std::vector<WordRoot>& roots) {
    for (const WordRoot& root : roots)
        if (!root.folder.empty()) return root.folder;
    return roots.front().folder;
}

void refuse_single_speakers(const WordFolder& words, const std::vector<WordRoot>& roots) {
    std::vector<std::set<std::string>> speakers(words.labels.size());
    for (const WordClip& clip : words.clips) speakers[static_cast<std::size_t>(clip.label)].insert(clip.speaker);
    for (std::size_t i = 0; i < speakers.size(); ++i)
        if (speakers[i].size() == 1)
            throw DataError((first_folder(roots) / words.labels[i]).string() + ": the word \"" + words.labels[i] +
                            "\" has one speaker only (" + *speakers[i].begin() +
                            "); at least 2 are needed to test it on a voice not heard in training, and 3 are better" +
                            (*speakers[i].begin() == "common" ? common_voice_hint : ""));
}

void refuse_empty_splits(const WordFolder& words, const std::vector<WordRoot>& roots) {
    for (const Split split : {Split::train, Split::validation, Split::test})
        if (std::none_of(words.clips.begin(), words.clips.end(),
                         [&](const WordClip& clip) { return clip.split == split; }))
            throw DataError(
                first_folder(roots).string() + ": the " + std::string(name_of(split)) +
                " split has no clips; it needs at least 3 speakers (or takes, or entries in the list files)");
}

/// Sets the labels of the chosen words, with "other" first if there is such a class, and returns each word's index.
std::map<std::string, int> choose_labels(const std::vector<Listing>& listings, bool has_other, WordFolder& words) {
    const WordRoot& first = *listings.front().root;
    std::map<std::string, int> label_of;
    if (has_other) words.labels.push_back("other");
    const auto add_label = [&](const std::string& word) {
        if (!label_of.emplace(word, static_cast<int>(words.labels.size())).second)
            throw DataError("the word \"" + word + "\" is named twice");
        words.labels.push_back(word);
    };
    std::set<std::string> found;
    for (const Listing& listing : listings)
        for (const auto& [word, files] : listing.found) found.insert(word);
    if (first.options.words.empty()) {
        for (const std::string& word : found) add_label(word);
        return label_of;
    }
    const WordFolderOptions& options = first.options;
    if (std::none_of(options.words.begin(), options.words.end(),
                     [&](const auto& word) { return found.contains(word); }))
        throw DataError((first.folder / options.words.front()).string() + ": no audio for the word \"" +
                        options.words.front() + "\", nor for any other word of this task" +
                        (listings.size() > 1 ? ", here and in the other roots" : ""));
    for (const std::string& word : options.words) {
        if (!found.contains(word) && !all_is_test(options))
            throw DataError((first.folder / word).string() + ": no audio for the word \"" + word + "\"" +
                            (listings.size() > 1 ? ", here and in the other roots" : ""));
        add_label(word);
    }
    return label_of;
}

/// Lists the clips of the words (and of those not chosen, as "other", if the root keeps them). The clips of
/// other_speech follow.
void list_clips(const std::map<std::string, int>& label_of, Listing& listing, ReadLog& log) {
    const WordFolderOptions& options = listing.root->options;
    const SpeakerTable table =
        listing.root->folder.empty() ? SpeakerTable() : SpeakerTable::beside(listing.root->folder);
    for (const auto& [word, files] : listing.found) {
        const auto label = label_of.find(word);
        if (label == label_of.end() && !listing.keeps_unchosen()) continue;
        for (const fs::path& file : files) {
            const std::string* speaker = table.speaker_of(file);
            const std::string name = all_is_test(options) ? std::string() : parse_name(file).speaker;
            listing.clips.push_back(
                {file, speaker ? *speaker : name, label == label_of.end() ? 0 : label->second, Split::train});
        }
    }
    listing.word_clips = listing.clips.size();
    if (options.other_speech.empty()) return;
    const auto files = audio_files(options.other_speech, "other speech", &log);
    const Role role = speech_role(options.other_speech);
    for (const fs::path& file : files)
        listing.clips.push_back({file, role.group_of(options.other_speech, file), 0, Split::train});
}

/// Deals these clips to the splits as one set.
void deal(std::span<WordClip* const> clips, const WordFolderOptions& options) {
    std::vector<GroupedClip> groups;
    for (const WordClip* clip : clips) groups.push_back({clip->speaker, clip->label});
    const auto dealt = split_by_group(groups, options.validation, options.test, options.seed);
    for (std::size_t i = 0; i < clips.size(); ++i) clips[i]->split = dealt[i];
}

/// Deals the clips of these roots by speaker, as one set. With other_apart, the words are dealt first. Of the other
/// speech, what a speaker of the words says goes where that speaker went, and the rest is dealt separately.
/// by_other_means: takes or lists decide the words' splits, so that a speaker may be in several.
void split_by_speaker(std::span<Listing> listings, bool by_other_means) {
    const WordFolderOptions& options = listings.front().root->options;
    std::vector<WordClip*> words, other;
    for (Listing& listing : listings)
        for (std::size_t i = 0; i < listing.clips.size(); ++i)
            (options.other_apart && i >= listing.word_clips ? other : words).push_back(&listing.clips[i]);
    deal(words, options);
    if (!options.other_apart) return;
    std::map<std::string, Split> split_of_speaker;
    if (!by_other_means)
        for (const WordClip* clip : words) split_of_speaker.emplace(clip->speaker, clip->split);
    std::erase_if(other, [&](WordClip* clip) {
        const auto known = split_of_speaker.find(clip->speaker);
        if (known == split_of_speaker.end()) return false;
        clip->split = known->second;
        return true;
    });
    deal(other, options);
}

/// Whether all words are in one root and said by one speaker.
bool have_one_speaker(const std::vector<Listing>& listings) {
    std::set<std::pair<const Listing*, std::string>> speakers;
    for (const Listing& listing : listings)
        for (std::size_t i = 0; i < listing.word_clips; ++i) speakers.emplace(&listing, listing.clips[i].speaker);
    return speakers.size() == 1;
}

/// Of five takes of a word, the second is validation and the third is test.
void deal_takes_in_turn(Listing& listing) {
    std::map<int, int> takes;
    for (std::size_t i = 0; i < listing.word_clips; ++i) {
        const int place = takes[listing.clips[i].label]++ % 5;
        listing.clips[i].split = place == 1 ? Split::validation : place == 2 ? Split::test : Split::train;
    }
}

bool has_lists(const Listing& listing) {
    return !listing.root->folder.empty() && find_lists(listing.root->folder) != nullptr;
}

/// Takes and published lists go before speakers.
void split_words_otherwise(Listing& listing) {
    const WordRoot& root = *listing.root;
    const auto lists = root.folder.empty() ? nullptr : find_lists(root.folder);
    if (all_is_test(root.options)) {
        for (WordClip& clip : listing.clips) clip.split = Split::test;
        return;
    }
    for (std::size_t i = 0; i < listing.word_clips; ++i) {
        WordClip& clip = listing.clips[i];
        if (root.options.split_by_take)
            clip.split = split_of_take(clip.path);
        else if (lists)
            clip.split = lists->split_of(root.folder, clip.path);
    }
}

/// Adds noise to mix in, and speech and noise without any of the words.
void list_background(const WordRoot& root, WordFolder& words, ReadLog& log) {
    const WordFolderOptions& options = root.options;
    const auto add = [](std::vector<fs::path>& to, const std::vector<fs::path>& files) {
        to.insert(to.end(), files.begin(), files.end());
    };
    if (!options.noise.empty())
        add(words.background, audio_files(options.noise, "noise", &log));
    else if (!root.folder.empty() && fs::exists(root.folder / "_background_noise_"))
        add(words.background, audio_files(root.folder / "_background_noise_", "background noise", &log));

    if (options.negatives.empty()) return;
    const fs::path speech = options.negatives / "speech", noise = options.negatives / "noise";
    if (!fs::exists(speech) && !fs::exists(noise))
        throw DataError(options.negatives.string() + ": expected a sub-folder speech, noise or both");
    if (fs::exists(speech)) add(words.more_speech, audio_files(speech, "speech without the words", &log));
    if (fs::exists(noise)) add(words.more_noise, audio_files(noise, "more noise", &log));
}

Listing list_words(const WordRoot& root, ReadLog& log) {
    Listing listing{&root};
    if (root.folder.empty()) return listing;
    if (!fs::is_directory(root.folder)) throw DataError(root.folder.string() + ": the folder of words does not exist");
    listing.found = words_in(root.folder, log);
    if (listing.found.empty())
        throw DataError(root.folder.string() +
                        ": no words; expected <word>/<speaker>_<n>.wav (or flac, ogg, …) in sub-folders");
    return listing;
}

}  // namespace

std::map<std::string, std::vector<WordClip>> words_of(const fs::path& folder, ReadLog& log) {
    const SpeakerTable table = SpeakerTable::beside(folder);
    std::map<std::string, std::vector<WordClip>> words;
    for (const auto& [word, files] : words_in(folder, log))
        for (const fs::path& file : files) {
            const std::string* speaker = table.speaker_of(file);
            words[word].push_back({file, speaker ? *speaker : speaker_in_name(file)});
        }
    return words;
}

WordFolder read_word_folder(const fs::path& folder, const WordFolderOptions& options) {
    return read_word_folders({{folder, options}});
}

WordFolder read_word_folders(const std::vector<WordRoot>& roots, bool same_speakers, ReadLog* log) {
    ReadLog unread;
    ReadLog& lines = log ? *log : unread;
    std::vector<Listing> listings;
    for (const WordRoot& root : roots) listings.push_back(list_words(root, lines));
    if (std::all_of(roots.begin(), roots.end(), [](const WordRoot& root) { return root.folder.empty(); }))
        throw DataError("none of the roots has a folder of words, <word>/<speaker>_<n>.wav");

    WordFolder words;
    const bool has_other =
        std::any_of(listings.begin(), listings.end(), [](const Listing& listing) { return listing.has_other(); });
    const auto label_of = choose_labels(listings, has_other, words);
    for (Listing& listing : listings) list_clips(label_of, listing, lines);
    const WordFolderOptions& options = roots.front().options;
    words.by_take =
        !all_is_test(options) && (options.split_by_take || (options.one_voice && have_one_speaker(listings)));
    const auto by_other_means = [&](const Listing& listing) { return words.by_take || has_lists(listing); };
    if (same_speakers) split_by_speaker(listings, std::any_of(listings.begin(), listings.end(), by_other_means));
    for (std::size_t r = 0; r < listings.size(); ++r) {
        Listing& listing = listings[r];
        if (!same_speakers) split_by_speaker({&listing, 1}, by_other_means(listing));
        split_words_otherwise(listing);
        if (words.by_take && !options.split_by_take) deal_takes_in_turn(listing);
        std::sort(listing.clips.begin(), listing.clips.end(),
                  [](const WordClip& a, const WordClip& b) { return a.path < b.path; });
        for (WordClip& clip : listing.clips) {
            if (!same_speakers) clip.speaker = name_in_root(r, clip.speaker);
            words.clips.push_back(std::move(clip));
        }
        list_background(roots[r], words, lines);
    }
    if (!words.by_take && !all_is_test(options)) refuse_single_speakers(words, roots);
    if (!all_is_test(options)) refuse_empty_splits(words, roots);
    return words;
}

}  // namespace gruve

// The readers on real recordings, if these are present (GRUVE_DATA).
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <map>
#include <set>

#include "datasets/arrays/idx.h"
#include "datasets/layouts/noisy_speech.h"
#include "datasets/layouts/word_folder.h"
#include "datasets/mixing/mixture.h"

namespace gruve {
namespace {

const std::filesystem::path data_folder = GRUVE_DATA;

bool present() {
    if (std::filesystem::exists(data_folder / "keywords")) return true;
    BOOST_TEST_MESSAGE("skipped: no recordings in " << data_folder);
    return false;
}

WordFolder wake_words() {
    WordFolderOptions options;
    options.words = {"alexa", "computer", "jarvis", "smart_mirror", "snowboy", "view_glass"};
    options.other_speech = data_folder / "speech";
    return read_word_folder(data_folder / "keywords", options);
}

template <class Items, class GroupOf>
void check_no_group_in_two_splits(const Items& items, const GroupOf& group_of) {
    std::map<std::string, Split> split_of;
    for (const auto& item : items) {
        const auto [known, fresh] = split_of.emplace(group_of(item), item.split);
        BOOST_CHECK_MESSAGE(known->second == item.split, group_of(item) << " is in two splits");
    }
}

double share(const WordFolder& words, Split split) {
    double count = 0;
    for (const WordClip& clip : words.clips) count += clip.split == split;
    return count / static_cast<double>(words.clips.size());
}

BOOST_AUTO_TEST_SUITE(real_recordings)

BOOST_AUTO_TEST_CASE(wake_words_are_split_by_speaker_with_every_class_everywhere) {
    if (!present()) return;
    const WordFolder words = wake_words();
    BOOST_TEST(words.labels.size() == 7u);
    BOOST_TEST(words.labels[0] == "other");
    BOOST_TEST(words.clips.size() == 1959u + 534u);
    check_no_group_in_two_splits(words.clips, [](const WordClip& clip) { return clip.speaker; });
    std::map<std::pair<int, Split>, int> counts;
    for (const WordClip& clip : words.clips) ++counts[{clip.label, clip.split}];
    for (int label = 0; label < 7; ++label)
        for (const Split split : {Split::train, Split::validation, Split::test}) {
            const int count = counts[{label, split}];
            BOOST_TEST_MESSAGE(words.labels[static_cast<std::size_t>(label)] << " " << name_of(split) << " " << count);
            BOOST_TEST(count >= 10);  // alexa: six clusters of 2, 4, 8, 53, 63 and 79 clips
        }
    BOOST_TEST(std::abs(share(words, Split::validation) - 0.15) < 0.04);
    BOOST_TEST(std::abs(share(words, Split::test) - 0.20) < 0.04);
}

BOOST_AUTO_TEST_CASE(digits_split_by_speaker_or_by_take) {
    if (!present()) return;
    WordFolderOptions options;
    options.words = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"};
    options.split_by_take = true;
    options.unchosen_are_other = false;  // the folder holds wake words, too
    const auto digits = [](const WordFolder& words, Split split) {
        return std::count_if(words.clips.begin(), words.clips.end(),
                             [&](const WordClip& clip) { return clip.split == split; });
    };
    const WordFolder by_take = read_word_folder(data_folder / "keywords", options);
    BOOST_TEST(digits(by_take, Split::test) == 250);
    BOOST_TEST(digits(by_take, Split::validation) == 250);
    BOOST_TEST(digits(by_take, Split::train) == 2000);
    options.split_by_take = false;
    const WordFolder by_speaker = read_word_folder(data_folder / "keywords", options);
    BOOST_TEST(digits(by_speaker, Split::test) == 500);
    BOOST_TEST(digits(by_speaker, Split::validation) == 500);
    check_no_group_in_two_splits(by_speaker.clips, [](const WordClip& clip) { return clip.speaker; });
}

BOOST_AUTO_TEST_CASE(speech_and_noise_load_and_mix) {
    if (!present()) return;
    const NoisySpeech set = read_noisy_speech(data_folder / "speech", data_folder / "noise", 16000, 1);
    for (const std::string& line : set.left_out) BOOST_TEST_MESSAGE(line);
    const std::size_t manifests = 2;  // files that are not audio are named, too
    BOOST_TEST(set.speech.size() + set.noise.size() + set.left_out.size() == 534u + 324u + manifests);
    BOOST_TEST(set.left_out.size() < 20u);
    const auto group_of = [](const Recording& recording) { return recording.group; };
    check_no_group_in_two_splits(set.speech, group_of);
    check_no_group_in_two_splits(set.noise, group_of);
    std::map<std::string, std::set<Split>> splits_of_class;
    for (const Recording& recording : set.noise)
        splits_of_class[recording.path.parent_path().filename().string()].insert(recording.split);
    for (const auto& [name, splits] : splits_of_class)
        if (name != "picovoice_kitchen_16k") BOOST_TEST(splits.size() == 3u, name);

    const Mixture mixture = fixed_mixture(set, Split::test, 3, {-5, 0, 5, 10}, 4.0);
    BOOST_TEST(mixture.snr_db == 10.0f);
    std::mt19937_64 random(1);
    for (int i = 0; i < 20; ++i) {
        const Mixture noisy = random_mixture(set, random, 3.0);
        BOOST_TEST(noisy.clean.size() == 48000u);
        for (const float sample : noisy.noisy) BOOST_REQUIRE(std::abs(sample) < 1.1f);
    }
}

BOOST_AUTO_TEST_CASE(mnist_has_its_shapes) {
    if (!present()) return;
    BOOST_TEST((read_idx(data_folder / "mnist/train-images-idx3-ubyte.gz").shape == std::vector<int>{60000, 28, 28}));
    BOOST_TEST((read_idx(data_folder / "mnist/train-labels-idx1-ubyte.gz").shape == std::vector<int>{60000}));
    BOOST_TEST((read_idx(data_folder / "mnist/t10k-images-idx3-ubyte.gz").shape == std::vector<int>{10000, 28, 28}));
    BOOST_TEST((read_idx(data_folder / "mnist/t10k-labels-idx1-ubyte.gz").shape == std::vector<int>{10000}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gruve

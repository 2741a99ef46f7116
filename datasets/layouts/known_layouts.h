// The folder layouts in which speech, noise and rooms are published, found below one data folder.
#pragma once

#include <filesystem>
#include <span>
#include <string>

namespace gruve {

/// Where speech and noise lie. In a layout of pairs, the noise is the noisy file minus the clean file of the same name.
struct DenoiseLayout {
    std::string name;                               // for people: the data set's usual name
    std::filesystem::path speech, noise;            // split three ways unless there are test folders
    std::filesystem::path test_speech, test_noise;  // the publisher's own test set, or empty
    std::filesystem::path rooms;                    // impulse responses, or empty
    bool pairs = false;  // noise and test_noise hold noisy files with the names of the clean ones

    bool empty() const { return speech.empty() && noise.empty() && rooms.empty(); }
};

/// A name for --layout.
struct LayoutName {
    const char *id, *purpose;
};
/// All of them. "words" is that of a folder of words, which the functions below find nothing in.
std::span<const LayoutName> layout_names();

/// Looks for these folders, in this order; upper and lower case are the same:
///   speech/ and noise/                                          this project's own layout
///   clean_trainset*/ and noisy_trainset*/, *_testset*/          VoiceBank-DEMAND (pairs)
///   clean_train*/ and noise_train*/, *_test*/                   MS-SNSD
///   clean*/ and noise*/                                         MS-SNSD and DNS Challenge
///   clean*/ and noisy*/                                         pairs from any source
/// also below datasets*/ (DNS). A folder room*/, rir*/ or impulse_responses*/ beside them holds impulse responses of
/// rooms. With `forced`, an id of layout_names(), only that layout counts.
/// Throws DataError that lists the folders looked for and those found.
DenoiseLayout find_denoise_layout(const std::filesystem::path& data, const std::string& forced = "");

/// For one of several roots, which need not hold both. Without the layouts above, it may be
///   clips/ beside validated.tsv                                 Common Voice: speech
///   wav48*/ or wav16*/                                          VCTK: speech
///   <speaker>/<chapter>/, also in sub-folders                   LibriSpeech: speech
///   speech/, noise/ or rooms/ without the others                what its name says
///   a folder named speech*, clean*, noise*, room* or rir*       what its name says
///   a sub-folder named so                                       what its name says
///   audio files, but no sub-folder with audio                   speech
/// Paths of what isn't there are empty. Throws DataError if the folder is missing, or isn't in the `forced` layout.
DenoiseLayout find_denoise_part(const std::filesystem::path& data, const std::string& forced = "");

/// The sub-folders of `data`, for messages.
std::string contents_of(const std::filesystem::path& data);

}  // namespace gruve

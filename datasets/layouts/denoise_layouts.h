// The folder layouts in which speech and noise are published, found below one data folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "datasets/layouts/data_options.h"
#include "datasets/layouts/noisy_speech.h"

namespace gruve {

/// Where speech and noise lie. In a layout of pairs, the noise is the noisy file minus the clean file of the same name.
struct DenoiseLayout {
    std::string name;                               // the data set's usual name
    std::filesystem::path speech, noise;            // split three ways unless there are test folders
    std::filesystem::path test_speech, test_noise;  // the publisher's own test set, or empty
    std::filesystem::path rooms;                    // impulse responses, or empty
    bool pairs = false;  // noise and test_noise hold noisy files with the names of the clean ones
};

/// Looks for these folders, in this order; upper and lower case are the same:
///   speech/ and noise/                                          this project's own layout
///   clean_trainset*/ and noisy_trainset*/, *_testset*/          VoiceBank-DEMAND (pairs)
///   clean_train*/ and noise_train*/, *_test*/                   MS-SNSD
///   clean*/ and noise*/, also below datasets/                   MS-SNSD and DNS Challenge
///   clean*/ and noisy*/                                         pairs from any source
/// A folder room*/, rir*/ or impulse_responses*/ beside them holds impulse responses of rooms.
/// Throws DataError that lists the folders looked for and those found.
DenoiseLayout find_denoise_layout(const std::filesystem::path& data);

/// For one of several roots, which need not hold both: without speech and noise, those of the folders speech*/ or
/// clean*/, noise*/ and rooms that exist. Paths of the others are empty.
DenoiseLayout find_denoise_part(const std::filesystem::path& data);

/// Finds the layout of each root and reads it as read_noisy_speech() does. If the publisher has a test set, Split::test
/// consists of it alone (of this root). The noise of a pair belongs to its speaker's group, and so to the speaker's
/// split. Of several roots, each may hold speech, noise or rooms only, and any number of speakers. Throws DataError as
/// read_noisy_speech() does, if a noisy file has no clean file of the same name, length and rate, and if all roots
/// together lack speech, noise or a split.
NoisySpeech read_denoise_data(const DataOptions& data, int rate_hz, std::uint64_t seed);

}  // namespace gruve

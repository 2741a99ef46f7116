// Folders of speech and noise as they are published, found below one data folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "datasets/layouts/noisy_speech.h"

namespace gruve {

/// Where speech and noise lie. Noise of a "pairs" layout is what noisy speech has more than its clean twin.
struct DenoiseLayout {
    std::string name;                               // as people call it
    std::filesystem::path speech, noise;            // for training; without test folders they are split three ways
    std::filesystem::path test_speech, test_noise;  // the publisher's own test set, or empty
    std::filesystem::path rooms;                    // impulse responses, or empty
    bool pairs = false;                             // noise and test_noise hold noisy files named as the clean ones
};

/// Looks in this order, names in any case:
///   speech/ and noise/                                          this project's own
///   clean_trainset*/ and noisy_trainset*/, *_testset*/          VoiceBank-DEMAND (pairs)
///   clean_train*/ and noise_train*/, *_test*/                   MS-SNSD
///   clean*/ and noise*/, also below datasets/                   MS-SNSD and DNS Challenge
///   clean*/ and noisy*/                                         pairs of any origin
/// Beside them room*/, rir*/ or impulse_responses*/ may lie: impulse responses of rooms.
/// Throws DataError that lists what was looked for and what is there.
DenoiseLayout find_denoise_layout(const std::filesystem::path& data);

/// Finds the layout and reads it as read_noisy_speech does. Where the publisher has a test set, it alone is Split::test.
/// Noise of pairs counts as its speaker's, so that it stays in the speaker's split. Throws DataError also for a noisy file
/// without its clean twin, or of another length or rate.
NoisySpeech read_denoise_data(const std::filesystem::path& data, int rate_hz, std::uint64_t seed);

}  // namespace gruve

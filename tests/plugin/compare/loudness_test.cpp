// Our loudness meter against libebur128.
#include <ebur128.h>

#include "plugin/compare/loudness.h"
#include "tests/plugin/support.h"

using namespace gruve::plugin;
using namespace gruve::plugin::test;

namespace {

double libebur128_of(const Audio& audio, int rate_hz) {
    auto* state = ebur128_init(static_cast<unsigned>(audio.getNumChannels()), static_cast<unsigned long>(rate_hz),
                               EBUR128_MODE_I);
    std::vector<float> frame(static_cast<std::size_t>(audio.getNumChannels()));
    for (int i = 0; i < audio.getNumSamples(); ++i) {
        for (int c = 0; c < audio.getNumChannels(); ++c) frame[static_cast<std::size_t>(c)] = audio.getSample(c, i);
        ebur128_add_frames_float(state, frame.data(), 1);
    }
    double value = 0;
    ebur128_loudness_global(state, &value);
    ebur128_destroy(&state);
    return value;
}

double ours_of(const Audio& audio, double rate_hz) {
    Loudness loudness(rate_hz);
    for (int i = 0; i < audio.getNumSamples(); ++i) {
        const std::array<float, 2> frame{audio.getSample(0, i),
                                         audio.getNumChannels() > 1 ? audio.getSample(1, i) : 0.0f};
        loudness.add(frame.data(), audio.getNumChannels());
    }
    return loudness.value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(loudness)

BOOST_AUTO_TEST_CASE(is_that_of_libebur128_within_a_hundredth_of_a_lu) {
    for (int rate_hz : {16000, 22050, 44100, 48000, 96000, 192000})
        for (int channels : {1, 2}) {
            Audio audio = noise(channels, 9 * rate_hz, 7, 0.3f);
            audio.applyGain(3 * rate_hz, 2 * rate_hz, 0.03f);  // below the relative gate
            audio.applyGain(6 * rate_hz, rate_hz, 0.0f);       // below the absolute one
            const double theirs = libebur128_of(audio, rate_hz), ours = ours_of(audio, rate_hz);
            BOOST_TEST(std::abs(theirs - ours) < 0.01, rate_hz << " Hz: " << ours << " against " << theirs);
            audio.applyGain(0, rate_hz, 0.1f);
            BOOST_TEST(std::abs(theirs - ours_of(audio, rate_hz)) > 0.1);  // proves that the comparison can fail
        }
}

BOOST_AUTO_TEST_CASE(a_tone_of_997_hz_at_full_scale_is_at_minus_3_lufs) {  // a check from BS.1770
    BOOST_TEST(std::abs(ours_of(sine(1, 96000, 997, 48000, 1.0f), 48000) + 3.01) < 0.02);
}

BOOST_AUTO_TEST_CASE(silence_and_hostile_samples_leave_it_sound) {
    Audio audio = noise(1, 480000, 1, 0.1f);
    BOOST_TEST(ours_of(Audio(1, 480), 48000) == Loudness::silent);
    const double clean = ours_of(audio, 48000);
    for (int i = 1000; i < 1010; ++i) audio.setSample(0, i, i % 2 ? NAN : INFINITY);
    BOOST_TEST(std::abs(ours_of(audio, 48000) - clean) < 0.05);
}

BOOST_AUTO_TEST_SUITE_END()

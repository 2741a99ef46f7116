// Code on the audio thread allocates nothing, takes no lock and makes no system call.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <span>
#include <vector>

#include "engine/front_end/real_fft.h"
#include "engine/streaming/denoiser.h"
#include "engine/streaming/keyword_spotter.h"
#include "tests/engine/signals.h"
#include "tests/engine/tiny_models.h"
#include "tests/real_time/violations.h"

using namespace gruve;
using test::Violations;
using test::violations_of;

namespace {

/// Block sizes of hosts: tiny, odd, very large, and changing ones.
constexpr double rates_hz[] = {8000, 11025, 16000, 22050, 44100, 44101, 48000, 96000, 192000};
constexpr std::size_t block_patterns[][4] = {{1, 1, 1, 1},         {16, 16, 16, 16},     {64, 64, 64, 64},
                                             {333, 333, 333, 333}, {512, 512, 512, 512}, {2048, 2048, 2048, 2048},
                                             {1, 700, 32, 4096}};

template <typename Process>
void play(std::span<float> sound, const std::size_t (&pattern)[4], Process&& process) {
    for (std::size_t at = 0, turn = 0; at < sound.size(); ++turn) {
        const std::size_t count = std::min(pattern[turn % 4], sound.size() - at);
        process(sound.subspan(at, count));
        at += count;
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(no_violation)

BOOST_AUTO_TEST_CASE(denoiser_process_set_and_reset) {
    for (double rate_hz : rates_hz) {
        BOOST_TEST_INFO_SCOPE(rate_hz << " Hz");
        const auto preset = tiny::denoiser_preset(4, tiny::with_comb());
        Denoiser denoiser(preset, tiny::network_of(preset), rate_hz);
        std::vector<float> sound = tiny::lively(rate_hz, 0.3, 1);
        for (const auto& pattern : block_patterns) {
            const Violations found = violations_of([&] {
                play(sound, pattern, [&](std::span<float> block) { denoiser.process(block, block); });
                denoiser.set({.reduction_limit_db = 12});
                denoiser.reset();
            });
            BOOST_TEST((found == Violations{}), to_string(found));
        }
    }
}

BOOST_AUTO_TEST_CASE(keyword_spotter_process_and_reset) {
    for (double rate_hz : rates_hz) {
        BOOST_TEST_INFO_SCOPE(rate_hz << " Hz");
        const auto preset = tiny::keyword_preset(4, 0.2f);
        KeywordSpotter spotter(preset, tiny::network_of(preset), rate_hz);
        std::vector<float> sound = tiny::lively(rate_hz, 2.0, 1);
        std::vector<Detection> detections(8);
        for (const auto& pattern : block_patterns) {
            const Violations found = violations_of([&] {
                play(sound, pattern, [&](std::span<float> block) { spotter.process(block, detections); });
                spotter.reset();
            });
            BOOST_TEST((found == Violations{}), to_string(found));
        }
    }
}

BOOST_AUTO_TEST_CASE(transforms_of_every_size_that_is_called_fast) {
    for (int size = 1; size < 4000; size = fast_fft_size(size) + 1) {
        RealFft fft(fast_fft_size(size));
        const Violations found = violations_of([&] {
            fft.forward();
            fft.inverse();
        });
        BOOST_TEST((found == Violations{}), fft.samples().size() << ": " << to_string(found));
    }
}

BOOST_AUTO_TEST_SUITE_END()

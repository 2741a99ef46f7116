// The plugin's three threads use one slot at the same time. Needs no JUCE, so that a build with ThreadSanitizer is
// short.
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cmath>
#include <random>
#include <thread>

#include "engine/preset/serialise_preset.h"
#include "plugin/slots/slot_host.h"
#include "tests/engine/tiny_models.h"

using namespace gruve;
using namespace gruve::plugin;

namespace {

PresetRequest request_of(const Preset& preset, const std::string& name) { return {name, serialise(preset), {}, false}; }

/// The audio thread's side of a slot: plays blocks of a constant signal, in random sizes.
struct Player {
    SlotHost& host;
    RecentAudio& recent;
    std::mt19937 random{1};
    std::array<float, max_chunk> input{}, output{}, scratch{};
    float largest = 0;

    void block(float level) {
        const int samples = 1 + static_cast<int>(random() % max_chunk);
        input.fill(level);
        const float* in = input.data();
        float *out = output.data(), *unheard = scratch.data();
        host.player().take_waiting(recent.end());
        recent.write(&in, samples);
        host.player().process(&in, &out, &unheard, samples, {});
        for (int i = 0; i < samples; ++i)
            largest = std::isfinite(output[static_cast<std::size_t>(i)])
                          ? std::max(largest, std::abs(output[static_cast<std::size_t>(i)]))
                          : 1e9f;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(swap_threads)

BOOST_AUTO_TEST_CASE(requests_builds_and_blocks_at_once_end_with_the_last_request_heard) {
    const StreamFormat format{16000, 1, 160};
    const auto unity = tiny::constant_gain_preset(100, 0.01f), half = tiny::constant_gain_preset(50, 0.01f),
               words = tiny::keyword_preset(3);
    SlotHost host;
    RecentAudio recent(1, 16000);
    host.request(request_of(*unity, "first"));
    host.prepare(format);
    Player player{host, recent};

    std::atomic<bool> stop{false};
    std::thread worker([&] {
        while (!stop) host.service(format, recent, {});
    });
    std::thread audio([&] {
        while (!stop) player.block(0.5f);
    });
    for (int i = 0; i < 300; ++i) {
        host.request(request_of(i % 3 == 0 ? *unity : i % 3 == 1 ? *half : *words, std::to_string(i)));
        if (i % 7 == 0) BOOST_TEST(!host.to_save().source.empty());
        if (i % 5 == 0)
            while (host.busy()) std::this_thread::yield();
        BOOST_TEST(host.message().empty());
    }
    host.request(request_of(*half, "last"));
    while (host.busy()) std::this_thread::yield();
    stop = true;
    worker.join();
    audio.join();
    BOOST_TEST(host.loaded()->source == "last");
    BOOST_TEST(player.largest < 0.6f);  // the signal alone, without a click

    for (int i = 0; i < 200; ++i) player.block(0.5f);  // until the last fade is over
    host.service(format, recent, {});
    for (int i = 0; i < 200; ++i) player.block(0.5f);
    BOOST_TEST(std::abs(player.output[0] - 0.25f) < 0.01f);
}

BOOST_AUTO_TEST_SUITE_END()

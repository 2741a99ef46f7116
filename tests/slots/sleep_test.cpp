// A slot that nobody wants sleeps, and is warmed before it is heard again.
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <random>
#include <thread>

#include "engine/preset/serialise_preset.h"
#include "plugin/slots/slot_host.h"
#include "tests/engine/tiny_models.h"

using namespace gruve;
using namespace gruve::plugin;

namespace {

constexpr StreamFormat format{16000, 1, 160};
constexpr int block_samples = 400;
constexpr int patience_blocks = static_cast<int>(SlotPlayer::patience_s * format.rate_hz) / block_samples;

PresetRequest request_of(const Preset& preset) { return {"p", serialise(preset), {}, false}; }

/// A slot with its worker and its audio thread, in turn on one thread.
struct Stream {
    SlotHost host;
    RecentAudio recent{1, static_cast<int>(format.rate_hz)};
    std::mt19937 random{1};
    std::array<float, block_samples> input{}, output{}, scratch{};

    explicit Stream(const Preset& preset) {
        host.request(request_of(preset));
        host.prepare(format);
    }
    void service() { host.service(format, recent, {}); }
    void block(bool wanted) {
        for (float& x : input) x = std::uniform_real_distribution<float>(-0.3f, 0.3f)(random);
        const float* in = input.data();
        float *out = output.data(), *unheard = scratch.data();
        host.player().want(wanted);
        host.player().take_waiting(recent.end());
        recent.write(&in, block_samples);
        host.player().process(&in, &out, &unheard, block_samples, {});
    }
    void blocks(int count, bool wanted) {
        for (int i = 0; i < count; ++i) block(wanted);
    }
    bool silent() const {
        return std::ranges::all_of(output, [](float x) { return x == 0.0f; });
    }
    bool asleep() const { return host.player().asleep(); }
    bool ready() const { return host.player().ready(); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(sleeping_slots)

BOOST_AUTO_TEST_CASE(a_slot_sleeps_when_nobody_has_wanted_it_for_a_while) {
    Stream stream(*tiny::denoiser_preset(1));
    stream.blocks(3 * patience_blocks, true);
    BOOST_TEST(stream.ready());
    stream.blocks(patience_blocks, false);
    BOOST_TEST(stream.ready());
    BOOST_TEST(!stream.silent());
    stream.block(true);  // the patience starts anew
    stream.blocks(patience_blocks, false);
    BOOST_TEST(!stream.asleep());
    stream.block(false);
    BOOST_TEST(stream.asleep());
    stream.block(false);
    BOOST_TEST(stream.silent());
    stream.service();  // nobody wants it: nothing is built
    stream.block(false);
    BOOST_TEST(stream.asleep());
}

BOOST_AUTO_TEST_CASE(a_woken_slot_sounds_as_if_it_had_not_slept) {
    Stream slept(*tiny::denoiser_preset(1)), awake(*tiny::denoiser_preset(1));
    slept.blocks(2 * patience_blocks, false);
    awake.blocks(2 * patience_blocks, true);
    BOOST_REQUIRE(slept.asleep());
    slept.block(true);
    awake.block(true);
    BOOST_TEST(!slept.ready());  // the worker has not built it yet
    slept.service();
    float largest = 0;
    for (int i = 0; i < 50; ++i) {
        slept.block(true);
        awake.block(true);
        BOOST_REQUIRE(slept.ready());
        for (std::size_t k = 0; k < block_samples; ++k)
            largest = std::max(largest, std::abs(slept.output[k] - awake.output[k]));
    }
    // Of 0.3. This network of random weights remembers longer than the warming; a cold slot would start with silence.
    BOOST_TEST(largest < 0.05f);
}

BOOST_AUTO_TEST_CASE(a_woken_slot_that_missed_a_block_settles_before_it_is_ready) {
    Stream stream(*tiny::denoiser_preset(1));
    stream.blocks(2 * patience_blocks, false);
    stream.block(true);
    stream.service();
    const float nothing[block_samples]{};
    const float* in = nothing;
    stream.recent.write(&in, block_samples);  // audio that came while the worker handed the slot over
    stream.block(true);
    BOOST_TEST(!stream.asleep());
    BOOST_TEST(!stream.ready());
    const int settle = stream.host.player().current()->settle_samples();
    for (int played = block_samples; played < settle; played += block_samples) {
        BOOST_TEST(!stream.ready());
        stream.block(true);
    }
    stream.block(true);
    BOOST_TEST(stream.ready());
}

BOOST_AUTO_TEST_CASE(a_preset_that_is_loaded_into_a_sleeping_slot_sleeps_until_it_is_wanted) {
    Stream stream(*tiny::constant_gain_preset(100, 0.01f));
    stream.blocks(2 * patience_blocks, false);
    stream.host.request(request_of(*tiny::constant_gain_preset(50, 0.01f)));
    stream.service();
    stream.blocks(2, false);
    BOOST_TEST(stream.asleep());
    stream.block(true);
    stream.service();
    stream.service();  // frees what the audio thread gave back
    stream.blocks(20, true);
    BOOST_REQUIRE(stream.ready());
    const auto largest = [](const auto& samples) {
        float most = 0;
        for (float x : samples) most = std::max(most, std::abs(x));
        return most;
    };
    BOOST_TEST(std::abs(largest(stream.output) - 0.5f * largest(stream.input)) < 0.03f);
}

BOOST_AUTO_TEST_CASE(an_empty_slot_stays_awake) {
    Stream stream(*tiny::denoiser_preset(1));
    stream.host.request({});
    stream.service();
    stream.blocks(3 * patience_blocks, false);
    BOOST_TEST(stream.ready());
}

BOOST_AUTO_TEST_CASE(waking_and_sleeping_while_the_worker_runs) {
    Stream stream(*tiny::denoiser_preset(1));
    std::atomic<bool> stop{false};
    std::thread worker([&] {
        while (!stop) stream.service();
    });
    for (int round = 0; round < 10; ++round) {
        stream.blocks(2 * patience_blocks, false);
        BOOST_TEST(stream.asleep());
        int waits = 0;
        for (; waits < 100000 && !stream.ready(); ++waits) stream.block(true);
        BOOST_TEST(stream.ready());
    }
    stop = true;
    worker.join();
}

BOOST_AUTO_TEST_SUITE_END()

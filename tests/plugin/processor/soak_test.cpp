// Hours of audio through the plugin, faster than real time, with random presets, parameters, rates and hostile samples.
// Plays the same random session twice. The default is 0.2 hours; for more:
//     GRUVE_SOAK_HOURS=6 GRUVE_SOAK_SEED=1 plugin_tests --run_test=slow_soak
#include <malloc.h>

#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "engine/preset/serialise_preset.h"
#include "tests/plugin/support.h"

using namespace gruve;
using namespace gruve::plugin;
using namespace gruve::plugin::test;

namespace {

constexpr std::array rates{16000.0, 22050.0, 44100.0, 48000.0, 88200.0, 96000.0, 192000.0};
constexpr int largest_block = 8192;

double number_from(const char* variable, double otherwise) {
    const char* text = std::getenv(variable);
    return text ? std::atof(text) : otherwise;
}

class Session {
public:
    Session(unsigned seed, double seconds) : random_(seed), seconds_(seconds) {
        // Live, a sleeping slot wakes a block sooner or later, and the hash would differ.
        processor_.setNonRealtime(true);
    }

    /// FNV-1a of all samples played.
    std::uint64_t play() {
        prepare();
        load_something();
        while (played_s_ < seconds_) {
            disturb();
            for (int i = 0; i < 20; ++i) block();
            if (heap_at_start_ == 0 && played_s_ > seconds_ / 10) heap_at_start_ = heap_at_rest();
        }
        const std::size_t heap = heap_at_rest();
        std::printf("  %.2f hours, %ld blocks, %ld swaps, %ld changes of rate, heap %+ld kB, hash %016llx\n",
                    played_s_ / 3600, blocks_, swaps_, prepares_,
                    (static_cast<long>(heap) - static_cast<long>(heap_at_start_)) / 1024,
                    static_cast<unsigned long long>(hash_));
        BOOST_TEST(heap < heap_at_start_ + (256u << 10));  // some 0.1 MB are allocated once, however many swaps follow
        return hash_;
    }

private:
    int draw(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }

    void prepare() { start(rates[static_cast<std::size_t>(draw(static_cast<int>(rates.size())))], 64 << draw(8)); }

    void start(double rate_hz, int block) {
        rate_hz_ = rate_hz;
        test::prepare(processor_, 2, rate_hz, block);
        latency_ = processor_.getLatencySamples();
        ++prepares_;
    }

    /// Heap in use, in bytes, at 48 kHz with the same preset in both slots, since sizes depend on rate and preset.
    /// Includes mapped blocks: after glibc has freed one, it takes the next block of that size from the arena, so that
    /// the sum without them seems to grow by 1 MB in the first minutes.
    std::size_t heap_at_rest() {
        start(48000, 512);
        for (std::size_t slot = 0; slot < 2; ++slot) {
            processor_.load_bytes(serialise(unity_preset()), "soak", slot);
            wait_until_loaded(processor_);
        }
        for (int i = 0; i < 20; ++i) block();  // takes the new slots and returns the old ones
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        const auto used = mallinfo2();
        return used.uordblks + used.hblkhd;
    }

    void load_something() {
        const std::array<const Preset*, 4> presets{&unity_preset(), &half_preset(), denoiser_.get(), words_.get()};
        processor_.load_bytes(serialise(*presets[static_cast<std::size_t>(draw(4))]), "soak",
                              static_cast<std::size_t>(draw(2)));
        wait_until_loaded(processor_);  // if the preset came a block later, the hash would differ
        ++swaps_;
    }

    void disturb() {
        if (draw(50) == 0) prepare();
        if (draw(4) == 0) load_something();
        auto& parameters = processor_.parameters().processor.getParameters();
        auto* parameter = parameters[draw(parameters.size())];
        const float value = static_cast<float>(draw(1001)) / 1000.0f;
        const auto& named = processor_.parameters();
        if (parameter != named.getParameter("live") && parameter != named.getParameter("latency"))
            parameter->setValueNotifyingHost(value);
        signal_ = draw(8);
    }

    float sample(int i) {
        switch (signal_) {
            case 0:
                return 0.0f;  // silence
            case 1:
                return i / 50 % 2 ? 1.0f : -1.0f;  // full-scale square wave
            case 2:
                return draw(100) == 0 ? std::numeric_limits<float>::quiet_NaN() : 0.1f;  // a burst of NaN over DC
            case 3:
                return draw(100) == 0 ? std::numeric_limits<float>::infinity() : 0.0f;
            case 4:
                return 1e-39f;  // denormal
            default:
                return (static_cast<float>(random_() >> 8) * 0x1p-23f - 1.0f) * 0.3f;
        }
    }

    void block() {
        const int count = 1 + draw(draw(3) ? 2048 : largest_block);
        for (int c = 0; c < 2; ++c)
            for (int i = 0; i < count; ++i) audio_.setSample(c, i, sample(i));
        Audio piece(audio_.getArrayOfWritePointers(), 2, 0, count);
        midi_.clear();
        processor_.processBlock(piece, midi_);
        for (int c = 0; c < 2; ++c)
            for (int i = 0; i < count; ++i) {
                const float value = piece.getSample(c, i);
                if (!std::isfinite(value))
                    BOOST_FAIL("a sample that isn't finite after " << played_s_ << " s of audio");
                hash_ = (hash_ ^ std::bit_cast<std::uint32_t>(value)) * 0x100000001b3u;
            }
        if (processor_.getLatencySamples() != latency_)
            BOOST_FAIL("the latency has moved after " << played_s_ << " s of audio");
        played_s_ += count / rate_hz_;
        ++blocks_;
    }

    std::mt19937 random_;
    double seconds_, played_s_ = 0, rate_hz_ = 0;
    long blocks_ = 0, swaps_ = 0, prepares_ = 0;
    int latency_ = 0, signal_ = 0;
    std::size_t heap_at_start_ = 0;
    std::uint64_t hash_ = 0xcbf29ce484222325u;
    std::shared_ptr<const Preset> denoiser_ = tiny::denoiser_preset(2), words_ = tiny::keyword_preset(4, 0.2f);
    Audio audio_{2, largest_block};
    juce::MidiBuffer midi_;
    Processor processor_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(slow_soak)

BOOST_AUTO_TEST_CASE(a_long_session_stays_finite_on_time_within_its_memory_and_repeats) {
    const double hours = number_from("GRUVE_SOAK_HOURS", 0.2);
    const auto seed = static_cast<unsigned>(number_from("GRUVE_SOAK_SEED", 1));
    BOOST_REQUIRE((hours > 0 && hours <= 1000));
    const auto hash = [&] { return std::make_unique<Session>(seed, hours * 3600)->play(); };
    BOOST_TEST(hash() == hash());
}

BOOST_AUTO_TEST_SUITE_END()

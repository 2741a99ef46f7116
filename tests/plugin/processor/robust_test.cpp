// Odd and hostile things that hosts and users do to a running plugin.
#include <filesystem>
#include <fstream>

#include "engine/preset/serialise_preset.h"
#include "tests/plugin/support.h"

using namespace gruve;
using namespace gruve::plugin;
using namespace gruve::plugin::test;

namespace {

bool finite(const Audio& audio) {
    for (int c = 0; c < audio.getNumChannels(); ++c)
        for (int i = 0; i < audio.getNumSamples(); ++i)
            if (!std::isfinite(audio.getSample(c, i))) return false;
    return true;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(robust)

BOOST_AUTO_TEST_CASE(every_block_size_up_to_8192_gives_the_same_samples_and_more_than_was_prepared) {
    const Audio input = noise(1, 40000);
    std::vector<int> sizes;
    for (int size = 1; size <= 8192; size = size < 70 ? size + 1 : size + size / 9) sizes.push_back(size);
    sizes.push_back(8192);
    sizes.push_back(40000);
    Audio expected;
    for (int size : sizes) {
        Processor processor;
        load(processor, *tiny::denoiser_preset(3, {}, 8));
        prepare(processor, 1, 16000, 128);
        const Audio output = play(processor, input, {size});
        if (expected.getNumSamples() == 0) expected = output;
        BOOST_REQUIRE_MESSAGE(equal(expected, output), "blocks of " << size);
    }
}

BOOST_AUTO_TEST_CASE(parameters_from_another_thread_at_random) {
    Processor processor;
    processor.load_bytes(serialise(*tiny::denoiser_preset(1)), "a", 0);
    processor.load_bytes(serialise(*tiny::denoiser_preset(2)), "b", 1);
    wait_until_loaded(processor);
    prepare(processor, 2, 48000);
    std::atomic<bool> stop{false};
    std::thread fuzz([&] {
        std::mt19937 random(9);
        std::uniform_real_distribution<float> value(-0.2f, 1.2f);  // beyond what a host should send
        const auto& all = processor.getParameters();
        while (!stop)
            all[static_cast<int>(random() % static_cast<unsigned>(all.size()))]->setValueNotifyingHost(
                juce::jlimit(0.0f, 1.0f, value(random)));
    });
    const Audio input = noise(2, 2048, 1, 0.5f);
    for (int i = 0; i < 400; ++i) {
        const Audio output = play(processor, input, {1 + i * 7 % 600});
        BOOST_REQUIRE(finite(output));
        BOOST_REQUIRE(output.getMagnitude(0, 2048) < 100.0f * 4.0f);  // 40 dB of difference gain, 12 dB of matching
    }
    stop = true;
    fuzz.join();
}

BOOST_AUTO_TEST_CASE(prepare_and_release_again_and_again) {
    Processor processor;
    load(processor, *tiny::denoiser_preset(3));
    std::mt19937 random(2);
    for (int i = 0; i < 60; ++i) {
        const double rate_hz = std::array{8000.0, 22050.0, 44100.0, 48000.0, 96000.0, 192000.0}[random() % 6];
        const int channels = 1 + static_cast<int>(random() % 2);
        prepare(processor, channels, rate_hz, 1 << random() % 12);
        if (i % 3 == 0) processor.load_bytes(serialise(i % 2 ? unity_preset() : half_preset()), "p");
        for (int k = 0; k < static_cast<int>(random() % 4); ++k)
            BOOST_REQUIRE(finite(play(processor, noise(channels, 3000), {static_cast<int>(1 + random() % 3000)})));
        processor.releaseResources();
        if (i % 5 == 0) processor.releaseResources();
    }
    processor.reset();
}

BOOST_AUTO_TEST_CASE(blocks_without_samples_change_nothing) {
    const Audio input = noise(2, 8000);
    Processor plain, interrupted;
    for (auto* processor : {&plain, &interrupted}) {
        load(*processor, *tiny::denoiser_preset(3));
        prepare(*processor, 2, 48000);
    }
    Audio output(input);
    juce::MidiBuffer midi;
    for (int start = 0; start < 8000; start += 400) {
        Audio piece(output.getArrayOfWritePointers(), 2, start, 400),
            nothing(output.getArrayOfWritePointers(), 2, start, 0);
        interrupted.processBlock(nothing, midi);
        interrupted.processBlock(piece, midi);
    }
    BOOST_TEST(equal(play(plain, input, {400}), output));
    const CpuLoad load = interrupted.cpu(0);
    BOOST_TEST(load.median > 0.0);
    BOOST_TEST(load.peak >= load.median);  // no NaN among the loads
}

BOOST_AUTO_TEST_CASE(a_preset_deleted_while_in_use_sounds_on_and_is_in_the_session) {
    const auto path =
        std::filesystem::temp_directory_path() / ("gruve_deleted_" + std::to_string(std::random_device{}()) + ".gruve");
    const auto bytes = serialise(half_preset());
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    Processor processor;
    processor.load_file(juce::File(path.string()));
    wait_until_loaded(processor);
    prepare(processor, 1, 48000);
    std::filesystem::remove(path);
    const Audio tone = sine(1, 24000, 200, 48000);
    BOOST_TEST(std::abs(play(processor, tone).getMagnitude(0, 12000, 12000) - 0.25f) < 0.01f);

    processor.load_file(juce::File(path.string()));  // now there is an error message, and the sound goes on
    wait_until_loaded(processor);
    BOOST_TEST(processor.message().contains("No such file"));
    BOOST_TEST(std::abs(play(processor, tone).getMagnitude(0, 12000, 12000) - 0.25f) < 0.01f);

    juce::MemoryBlock state;
    processor.getStateInformation(state);
    Processor elsewhere;
    elsewhere.setStateInformation(state.getData(), static_cast<int>(state.getSize()));
    prepare(elsewhere, 1, 48000);
    BOOST_TEST(std::abs(play(elsewhere, tone).getMagnitude(0, 12000, 12000) - 0.25f) < 0.01f);
}

BOOST_AUTO_TEST_CASE(presets_of_a_newer_version_another_kind_or_cut_anywhere_are_refused_by_name) {
    Processor processor;
    load(processor, half_preset(), "good");
    prepare(processor, 1, 48000);
    const auto good = serialise(unity_preset());
    std::vector<std::vector<std::uint8_t>> bad{{}, {'R', 'I', 'F', 'F'}, good};
    bad.back()[8] = 99;
    for (std::size_t length = 1; length < good.size(); length += good.size() / 23 + 1)
        bad.emplace_back(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length));
    for (std::size_t i = 24; i < good.size(); i += good.size() / 23 + 1) {
        bad.push_back(good);
        bad.back()[i] ^= 0x40;
    }
    const Audio tone = sine(1, 2400, 200, 48000);
    play(processor, tone);
    for (std::size_t i = 1; i < bad.size(); ++i) {  // bad[0] has no bytes, which asks for an empty slot
        processor.load_bytes(bad[i], "bad " + juce::String(i));
        wait_until_loaded(processor);
        BOOST_TEST(processor.message().startsWith("bad " + juce::String(i) + ": "));
        BOOST_TEST(processor.loaded()->source == "good");
        BOOST_TEST(std::abs(play(processor, tone).getMagnitude(0, 1200, 1200) - 0.25f) < 0.02f);
    }
}

BOOST_AUTO_TEST_CASE(a_new_preset_is_heard_within_16_ms_of_audio_from_when_it_is_ready) {
    Processor processor;
    load(processor, unity_preset());
    set(processor, "match", 0);
    prepare(processor, 1, 48000);
    const Audio tone = sine(1, 24000, 1000, 48000);
    play(processor, tone);
    load(processor, half_preset());
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    const Audio output = play(processor, tone, {64});
    BOOST_TEST(output.getMagnitude(0, 0, 100) > 0.48f);
    BOOST_TEST(output.getMagnitude(0, 768, 4800) < 0.26f);
}

BOOST_AUTO_TEST_SUITE_END()

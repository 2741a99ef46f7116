// gruve_plugin_measure [IN.wav PICTURE.png [A B]]: measures the plugin's CPU load on this machine. With a WAV file,
// plays that instead of a test signal and writes a picture of the Play page with the factory presets A and B in its
// slots.
#include <juce_audio_formats/juce_audio_formats.h>

#include <dlfcn.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>

#include "engine/streaming/denoiser.h"
#include "plugin/editor/editor.h"
#include "plugin/presets/factory_presets.h"

using namespace gruve;
using namespace gruve::plugin;

namespace {

constexpr double rate_hz = 48000;
constexpr int block = 480;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

double processor_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

juce::AudioBuffer<float> test_signal(int samples) {
    juce::AudioBuffer<float> audio(2, samples);
    juce::Random random(1);
    for (int c = 0; c < 2; ++c)
        for (int i = 0; i < samples; ++i)
            audio.setSample(c, i,
                            0.1f * (random.nextFloat() - 0.5f) +
                                0.2f * static_cast<float>(std::sin(0.02 * i) * std::max(0.0, std::sin(2e-4 * i))));
    return audio;
}

juce::AudioBuffer<float> read(const char* path) {
    const juce::File file = juce::File::getCurrentWorkingDirectory().getChildFile(juce::String::fromUTF8(path));
    auto stream = file.createInputStream();
    if (!stream) throw std::runtime_error(std::string(path) + ": can't be read");
    const std::unique_ptr<juce::AudioFormatReader> reader(
        juce::WavAudioFormat().createReaderFor(stream.release(), true));
    if (!reader || reader->sampleRate != rate_hz)
        throw std::runtime_error(std::string(path) + ": needs a WAV at 48000 Hz");
    juce::AudioBuffer<float> audio(2, static_cast<int>(reader->lengthInSamples));
    reader->read(&audio, 0, audio.getNumSamples(), 0, true, true);
    return audio;
}

void load(Processor& processor, const char* name, std::size_t slot) {
    const auto preset = std::ranges::find(factory_presets(), name, &FactoryPreset::name);
    if (preset == factory_presets().end()) throw std::runtime_error(std::string(name) + ": no factory preset");
    processor.load_bytes({preset->bytes.begin(), preset->bytes.end()}, name, slot);
    while (processor.busy()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

void play(Processor& processor, const juce::AudioBuffer<float>& audio, int at, int samples) {
    juce::MidiBuffer midi;
    juce::AudioBuffer<float> work(2, samples);
    for (int c = 0; c < 2; ++c) work.copyFrom(c, 0, audio, c, at, samples);
    processor.processBlock(work, midi);
}

/// An X server without a window manager lacks atoms that JUCE uses. By default Xlib ends the program for that.
void forgive_x_errors() {
    using Handler = int (*)(void*, void*);
    void* x11 = dlopen("libX11.so.6", RTLD_NOW);
    if (auto* set_handler = x11 ? reinterpret_cast<Handler (*)(Handler)>(dlsym(x11, "XSetErrorHandler")) : nullptr)
        set_handler([](void*, void*) { return 0; });
}

double median(std::vector<double> values) {
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
    return values[values.size() / 2];
}

/// Compares the CPU load that the meter shows with the same blocks in a slot of their own, timed from outside.
void cpu(const juce::AudioBuffer<float>& audio) {
    Processor processor;
    load(processor, "denoise-8bit", 0);
    processor.setRateAndBufferSizeDetails(rate_hz, block);
    processor.prepareToPlay(rate_hz, block);
    Slot outside(processor.loaded(0), {rate_hz, 2, processor.getLatencySamples()});
    std::vector<double> shown, timed;
    std::array<std::vector<float>, 2> out{std::vector<float>(block), std::vector<float>(block)};
    for (int at = 0; at + block <= audio.getNumSamples(); at += block) {
        play(processor, audio, at, block);
        shown.push_back(processor.cpu(0).now * block / rate_hz);
        const std::array<const float*, 2> input{audio.getReadPointer(0, at), audio.getReadPointer(1, at)};
        const std::array<float*, 2> output{out[0].data(), out[1].data()};
        const auto begin = Clock::now();
        outside.set({});
        outside.process(input.data(), output.data(), block);
        timed.push_back(seconds_since(begin));
    }
    const double inside_us = 1e6 * median(shown), outside_us = 1e6 * median(timed);
    std::printf(
        "CPU time of a slot, 2 channels, blocks of %d: meter %.2f us, timed outside %.2f us (%+.1f %%), %.3f %% of "
        "real "
        "time\n",
        block, inside_us, outside_us, 100.0 * (inside_us / outside_us - 1.0), inside_us * rate_hz / block / 1e4);
}

/// Time from a request to the end of the first block in which the new preset is heard, at the pace of real time. An
/// empty slot passes audio bit for bit, so any changed sample comes from the preset.
void first_sound(const juce::AudioBuffer<float>& audio) {
    Processor processor;
    processor.setRateAndBufferSizeDetails(rate_hz, block);
    processor.prepareToPlay(rate_hz, block);
    const int latency = processor.getLatencySamples();
    juce::MidiBuffer midi;
    int at = latency;
    auto next = Clock::now();
    const auto changed_in_next_block = [&] {
        next += std::chrono::microseconds(1000000LL * block / static_cast<int>(rate_hz));
        std::this_thread::sleep_until(next);
        if (at + block > audio.getNumSamples()) at = latency;
        juce::AudioBuffer<float> work(2, block);
        for (int c = 0; c < 2; ++c) work.copyFrom(c, 0, audio, c, at, block);
        processor.processBlock(work, midi);
        bool changed = false;
        for (int i = 0; i < block; ++i) changed |= work.getSample(0, i) != audio.getSample(0, at - latency + i);
        at += block;
        return changed;
    };
    std::vector<double> times;
    for (int round = 0; round < 20; ++round) {
        processor.load_bytes({}, "none", 0);
        for (int i = 0; i < 20; ++i) changed_in_next_block();
        at = latency;
        for (int i = 0; i < 120; ++i) changed_in_next_block();  // more than a second of seamless audio to warm on
        std::vector<std::uint8_t> bytes;
        for (const auto& preset : factory_presets())
            if (preset.name == "denoise-8bit") bytes.assign(preset.bytes.begin(), preset.bytes.end());
        const auto begin = Clock::now();
        processor.load_bytes(std::move(bytes), "denoise-8bit", 0);
        for (int i = 0; i < 50; ++i)
            if (changed_in_next_block()) {
                times.push_back(seconds_since(begin));
                break;
            }
    }
    std::ranges::sort(times);
    if (!times.empty())
        std::printf("load to first sound: median %.1f ms, longest %.1f ms of %d\n", 1e3 * median(times),
                    1e3 * times.back(), static_cast<int>(times.size()));
}

/// CPU time of the message loop as a share of real time, while audio is played in 30 pieces a second. Leaves out the
/// time for the audio.
double share_of_loop(Processor& processor, const juce::AudioBuffer<float>& audio) {
    constexpr int frame = 1600;
    double audio_s = 0;
    int frames = 0;
    const double begin = processor_seconds();
    const auto start = Clock::now();
    for (int at = 0; at + frame <= audio.getNumSamples(); at += frame, ++frames) {
        const double before = processor_seconds();
        play(processor, audio, at, frame);
        audio_s += processor_seconds() - before;
        const double due_s = (frames + 1) / 30.0 - seconds_since(start);
        juce::MessageManager::getInstance()->runDispatchLoopUntil(std::max(1, static_cast<int>(1e3 * due_s)));
    }
    return (processor_seconds() - begin - audio_s) / seconds_since(start);
}

void window(const juce::AudioBuffer<float>& audio, const char* picture, std::array<const char*, 2> presets) {
    Processor processor;
    for (std::size_t slot : {0u, 1u}) load(processor, presets[slot], slot);
    processor.setRateAndBufferSizeDetails(rate_hz, block);
    processor.prepareToPlay(rate_hz, block);
    const double without = share_of_loop(processor, audio);
    const std::unique_ptr<juce::AudioProcessorEditor> base(processor.createEditor());
    auto& editor = dynamic_cast<Editor&>(*base);
    editor.addToDesktop(juce::ComponentPeer::windowAppearsOnTaskbar | juce::ComponentPeer::windowHasTitleBar);
    editor.setVisible(true);
    juce::MessageManager::getInstance()->runDispatchLoopUntil(500);
    const double with = share_of_loop(processor, audio);
    std::printf(
        "window of %d x %d, 30 pictures a second: %.2f %% of a core (message loop with it %.2f %%, without it %.2f "
        "%%)\n",
        editor.getWidth(), editor.getHeight(), 100.0 * (with - without), 100.0 * with, 100.0 * without);
    if (!picture) return;
    const auto file = juce::File::getCurrentWorkingDirectory().getChildFile(juce::String::fromUTF8(picture));
    file.deleteFile();
    juce::FileOutputStream stream(file);
    juce::PNGImageFormat().writeImageToStream(editor.createComponentSnapshot(editor.getLocalBounds(), true, 1.5f),
                                              stream);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 1 && argc != 3 && argc != 5) {
        std::fprintf(stderr, "usage: gruve_plugin_measure [IN.wav PICTURE.png [A B]]\n");
        return 2;
    }
    const juce::ScopedJuceInitialiser_GUI juce_library;
    forgive_x_errors();
    try {
        const auto audio = argc > 1 ? read(argv[1]) : test_signal(static_cast<int>(10 * rate_hz));
        cpu(audio);
        first_sound(audio);
        if (juce::Desktop::getInstance().getDisplays().displays.isEmpty())
            std::printf("window: not measured, since there is no display\n");
        else
            window(audio, argc > 1 ? argv[2] : nullptr,
                   {argc > 3 ? argv[3] : "denoise-recommended", argc > 3 ? argv[4] : "denoise-8bit"});
    } catch (const std::exception& error) {
        std::fprintf(stderr, "gruve_plugin_measure: %s\n", error.what());
        return 1;
    }
    return 0;
}

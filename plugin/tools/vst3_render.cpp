// gruve_vst3_render PLUGIN.vst3 PRESET.gruve IN.wav OUT.wav [SESSION]: renders a file through the plugin as a DAW's
// offline export does. SESSION gets the plugin's state as a DAW's project holds it; such a file may stand in the place
// of the preset.
#include <juce_audio_formats/juce_audio_formats.h>
#include <juce_events/juce_events.h>

#include <cstdio>
#include <stdexcept>

#include "plugin/tools/hosted_plugin.h"

namespace {

constexpr int block = 512;

juce::File absolute(const char* path) {
    return juce::File::getCurrentWorkingDirectory().getChildFile(juce::String::fromUTF8(path));
}

juce::AudioBuffer<float> read_wav(const juce::File& file, double& rate_hz) {
    auto stream = file.createInputStream();
    if (!stream) throw std::runtime_error((file.getFullPathName() + ": can't be read").toStdString());
    const std::unique_ptr<juce::AudioFormatReader> reader(
        juce::WavAudioFormat().createReaderFor(stream.release(), true));
    if (!reader) throw std::runtime_error((file.getFullPathName() + ": not a readable WAV file").toStdString());
    if (reader->numChannels < 1 || reader->numChannels > 2)
        throw std::runtime_error(
            (file.getFullPathName() + ": " + juce::String(reader->numChannels) + " channels, allowed 1..2")
                .toStdString());
    rate_hz = reader->sampleRate;
    juce::AudioBuffer<float> audio(static_cast<int>(reader->numChannels), static_cast<int>(reader->lengthInSamples));
    reader->read(&audio, 0, audio.getNumSamples(), 0, true, true);
    return audio;
}

/// Writes 32-bit float to a temporary file and renames it.
void write_wav(const juce::File& file, const juce::AudioBuffer<float>& audio, double rate_hz) {
    const juce::TemporaryFile aside(file);
    auto stream = aside.getFile().createOutputStream();
    if (!stream) throw std::runtime_error((file.getFullPathName() + ": can't be written").toStdString());
    std::unique_ptr<juce::AudioFormatWriter> writer(juce::WavAudioFormat().createWriterFor(
        stream.get(), rate_hz, static_cast<unsigned>(audio.getNumChannels()), 32, {}, 0));
    if (!writer)
        throw std::runtime_error(
            (file.getFullPathName() + ": the WAV writer does not support this sample rate").toStdString());
    stream.release();
    const bool written = writer->writeFromAudioSampleBuffer(audio, 0, audio.getNumSamples());
    writer.reset();
    if (!written || !aside.overwriteTargetFileWithTemporary())
        throw std::runtime_error((file.getFullPathName() + ": can't be written").toStdString());
}

/// What the plugin's setStateInformation() gets for a preset, or for a session that was saved.
juce::MemoryBlock state_from(const juce::File& file) {
    if (file.hasFileExtension("gruve"))
        return gruve::plugin::as_vst3_state(gruve::plugin::session_with(file.getFullPathName()));
    juce::MemoryBlock state;
    if (!file.loadFileAsData(state))
        throw std::runtime_error((file.getFullPathName() + ": can't be read").toStdString());
    return state;
}

void save_session(juce::AudioPluginInstance& plugin, const juce::File& file) {
    juce::MemoryBlock state;
    plugin.getStateInformation(state);
    if (!file.replaceWithData(state.getData(), state.getSize()))
        throw std::runtime_error((file.getFullPathName() + ": can't be written").toStdString());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5 && argc != 6) {
        std::fprintf(stderr, "usage: gruve_vst3_render PLUGIN.vst3 PRESET.gruve IN.wav OUT.wav [SESSION]\n");
        return 2;
    }
    const juce::ScopedJuceInitialiser_GUI juce_library;
    try {
        double rate_hz = 0;
        const auto input = read_wav(absolute(argv[3]), rate_hz);
        auto plugin =
            gruve::plugin::open_vst3(absolute(argv[1]).getFullPathName(), rate_hz, input.getNumChannels(), block);
        const auto state = state_from(absolute(argv[2]));
        plugin->setStateInformation(state.getData(), static_cast<int>(state.getSize()));
        const auto output = gruve::plugin::run(*plugin, input, rate_hz, block);
        write_wav(absolute(argv[4]), output, rate_hz);
        if (argc == 6) save_session(*plugin, absolute(argv[5]));
        std::printf("%s: %d samples, latency of %d samples removed\n", argv[4], output.getNumSamples(),
                    plugin->getLatencySamples());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "gruve_vst3_render: %s\n", error.what());
        return 1;
    }
    return 0;
}

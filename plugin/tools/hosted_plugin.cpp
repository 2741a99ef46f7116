#include "plugin/tools/hosted_plugin.h"

#include <stdexcept>

#include "plugin/processor/processor.h"
#include "plugin/session/session.h"

namespace gruve::plugin {

std::unique_ptr<juce::AudioPluginInstance> open_vst3(const juce::String& path, double rate_hz, int channels,
                                                     int block) {
    juce::AudioPluginFormatManager formats;
    formats.addFormat(new juce::VST3PluginFormat());
    juce::OwnedArray<juce::PluginDescription> found;
    formats.getFormat(0)->findAllTypesForFile(found, path);
    if (found.isEmpty()) throw std::runtime_error((path + ": contains no VST3 plugin").toStdString());
    juce::String why;
    auto instance = formats.createPluginInstance(*found[0], rate_hz, block, why);
    if (!instance) throw std::runtime_error((path + ": " + why).toStdString());
    juce::AudioProcessor::BusesLayout layout;
    const auto set = channels == 1 ? juce::AudioChannelSet::mono() : juce::AudioChannelSet::stereo();
    layout.inputBuses.add(set);
    layout.outputBuses.add(set);
    if (!instance->setBusesLayout(layout))
        throw std::runtime_error((path + ": refuses " + juce::String(channels) + " channels").toStdString());
    instance->setNonRealtime(true);
    return instance;
}

juce::MemoryBlock as_vst3_state(const juce::MemoryBlock& state) {
    juce::XmlElement root("VST3PluginState");
    root.createNewChildElement("IComponent")->addTextElement(state.toBase64Encoding());
    juce::MemoryBlock block;
    juce::AudioProcessor::copyXmlToBinary(root, block);
    return block;
}

juce::MemoryBlock session_with(const juce::String& path) {
    const Processor defaults;
    const std::string name = juce::File(path).getFileName().toStdString();
    return write_session(
        defaults.getParameters(),
        {PresetRequest{name, load_preset(read_preset_file(path.toStdString()), name)->bytes, {}, true}});
}

juce::AudioBuffer<float> run(juce::AudioPluginInstance& plugin, const juce::AudioBuffer<float>& audio, double rate_hz,
                             int block) {
    // JUCE's host reads the latency before it activates the plugin. At the second call it is the latency at this rate.
    plugin.prepareToPlay(rate_hz, block);
    plugin.releaseResources();
    plugin.prepareToPlay(rate_hz, block);
    const int latency = plugin.getLatencySamples(), total = audio.getNumSamples() + latency;
    juce::AudioBuffer<float> longer(audio.getNumChannels(), total);
    longer.clear();
    for (int c = 0; c < audio.getNumChannels(); ++c) longer.copyFrom(c, 0, audio, c, 0, audio.getNumSamples());
    juce::MidiBuffer midi;
    for (int start = 0; start < total; start += block) {
        juce::AudioBuffer<float> piece(longer.getArrayOfWritePointers(), longer.getNumChannels(), start,
                                       std::min(block, total - start));
        midi.clear();
        plugin.processBlock(piece, midi);
    }
    plugin.releaseResources();
    juce::AudioBuffer<float> result(audio.getNumChannels(), audio.getNumSamples());
    for (int c = 0; c < audio.getNumChannels(); ++c) result.copyFrom(c, 0, longer, c, latency, audio.getNumSamples());
    return result;
}

}  // namespace gruve::plugin

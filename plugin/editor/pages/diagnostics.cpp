#include "plugin/editor/pages/diagnostics.h"

#include <juce_audio_processors/juce_audio_processors.h>

#include "plugin/editor/style/text.h"

namespace gruve::plugin {

juce::String diagnostics(const Processor& processor) {
    juce::String out;
    out << "Gruve " << JucePlugin_VersionString << " ("
        << juce::AudioProcessor::getWrapperTypeDescription(processor.wrapperType) << ") in "
        << juce::PluginHostType().getHostDescription() << "\n"
        << juce::SystemStats::getOperatingSystemName() << ", " << juce::SystemStats::getCpuModel() << ", "
        << juce::SystemStats::getNumCpus() << " cores, " << juce::SystemStats::getJUCEVersion() << "\n"
        << juce::String(processor.rate(), 0) << " Hz, " << processor.getTotalNumInputChannels()
        << " channels, blocks up to " << processor.getBlockSize() << ", latency " << processor.getLatencySamples()
        << " samples\n";
    for (std::size_t i = 0; i < 2; ++i) {
        out << "Slot " << (i ? "B" : "A") << (processor.heard_slot() == i ? " (heard): " : ": ");
        const auto loaded = processor.loaded(i);
        if (!loaded) {
            out << "empty\n";
            continue;
        }
        const CpuLoad load = processor.cpu(i);
        out << utf8(loaded->source) << ", " << utf8(loaded->preset->task) << ", " << bytes_text(loaded->parameter_bytes)
            << " of parameters, " << utf8(loaded->arithmetic) << ", CPU median " << juce::String(100.0 * load.median, 3)
            << " % peak " << juce::String(100.0 * load.peak, 3)
            << (processor.asleep(i) ? " % before it fell asleep\n" : " %\n");
    }
    out << "Loudness offset " << juce::String(processor.loudness_offset_db(), 2) << " dB\nParameters:";
    for (const auto* parameter : processor.getParameters())
        out << " " << parameter->getName(64) << " " << parameter->getCurrentValueAsText() << parameter->getLabel()
            << ";";
    const auto message = processor.message();
    out << "\nMessage: " << (message.isEmpty() ? juce::String("none") : message) << "\n";
    return out;
}

}  // namespace gruve::plugin

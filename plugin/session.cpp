#include "plugin/session.h"

#include <cmath>

#include "plugin/session_xml.h"

namespace gruve::plugin {

namespace {

Session refused(const juce::String& why) {
    Session session;
    session.error = "Session not restored: " + why;
    return session;
}

}  // namespace

juce::MemoryBlock write_session(const juce::Array<juce::AudioProcessorParameter*>& parameters, const PresetRequest& preset) {
    juce::XmlElement root("gruve");
    root.setAttribute("version", session_version);
    for (const auto* parameter : parameters)
        if (const auto* ranged = dynamic_cast<const juce::RangedAudioParameter*>(parameter)) {
            auto* element = root.createNewChildElement("parameter");
            element->setAttribute("id", ranged->paramID);
            element->setAttribute("value", static_cast<double>(ranged->convertFrom0to1(ranged->getValue())));
        }
    if (!preset.bytes.empty()) {
        auto* element = root.createNewChildElement("slot");
        element->setAttribute("id", "A");
        element->setAttribute("source", juce::String::fromUTF8(preset.source.c_str()));
        element->setAttribute("preset", juce::Base64::toBase64(preset.bytes.data(), preset.bytes.size()));
    }
    juce::MemoryBlock block;
    juce::AudioProcessor::copyXmlToBinary(root, block);
    return block;
}

Session read_session(const void* data, int size) {
    const auto root = parse_session_xml(data, size);
    if (!root || !root->hasTagName("gruve")) return refused("these bytes are not a Gruve session");
    const int version = root->getIntAttribute("version", 0);
    if (version < 1 || version > session_version)
        return refused("version " + juce::String(version) + ", this plugin reads 1.." + juce::String(session_version));
    Session session;
    for (const auto* element : root->getChildWithTagNameIterator("parameter"))
        if (const double value = element->getDoubleAttribute("value"); std::isfinite(value))
            session.values[element->getStringAttribute("id")] = static_cast<float>(value);
    for (const auto* element : root->getChildWithTagNameIterator("slot")) {
        if (element->getStringAttribute("id") != "A") continue;
        juce::MemoryOutputStream bytes;
        if (!juce::Base64::convertFromBase64(bytes, element->getStringAttribute("preset"))) return refused("its preset is damaged");
        const auto* first = static_cast<const std::uint8_t*>(bytes.getData());
        session.preset.bytes.assign(first, first + bytes.getDataSize());
        session.preset.source = element->getStringAttribute("source").toStdString();
    }
    return session;
}

}  // namespace gruve::plugin

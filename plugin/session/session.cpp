#include "plugin/session/session.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "plugin/session/session_xml.h"

namespace gruve::plugin {

namespace {

constexpr std::array<const char*, 2> slot_ids = {"A", "B"};

Session refused(const juce::String& why) {
    Session session;
    session.error = "Session not restored: " + why;
    return session;
}

template <class Number>
std::optional<Number> number(const std::string& text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

juce::MemoryBlock write_session(const juce::Array<juce::AudioProcessorParameter*>& parameters,
                                const SlotPresets& presets) {
    juce::XmlElement root("gruve");
    root.setAttribute("version", session_version);
    root.setAttribute("bypass", "own");
    for (const auto* parameter : parameters)
        if (const auto* ranged = dynamic_cast<const juce::RangedAudioParameter*>(parameter);
            ranged && ranged->getCategory() != juce::AudioProcessorParameter::otherMeter) {
            auto* element = root.createNewChildElement("parameter");
            element->setAttribute("id", ranged->paramID);
            element->setAttribute("value", static_cast<double>(ranged->convertFrom0to1(ranged->getValue())));
        }
    for (std::size_t i = 0; i < presets.size(); ++i) {
        const PresetRequest& preset = presets[i];
        if (preset.bytes.empty()) continue;
        auto* element = root.createNewChildElement("slot");
        element->setAttribute("id", slot_ids[i]);
        element->setAttribute("source", juce::String::fromUTF8(preset.source.c_str()));
        element->setAttribute("preset", juce::Base64::toBase64(preset.bytes.data(), preset.bytes.size()));
    }
    juce::MemoryBlock block;
    juce::AudioProcessor::copyXmlToBinary(root, block);
    return block;
}

Session read_session(const void* data, int size) {
    const auto xml =
        parse_session_xml({static_cast<const std::byte*>(data), static_cast<std::size_t>(std::max(size, 0))});
    if (!xml || xml->root.name != "gruve") return refused("these bytes are not a Gruve session");
    const auto version = number<int>(xml->root["version"]).value_or(0);
    if (version < 1 || version > session_version) {
        auto session = refused("it has version " + juce::String(version) + ", and this plugin reads 1.." +
                               juce::String(session_version));
        session.newer = version > session_version;
        return session;
    }
    Session session;
    session.own_bypass = xml->root["bypass"] == "own";
    for (const XmlTag& tag : xml->children) {
        if (tag.name == "parameter") {
            const auto value = number<float>(tag["value"]);
            if (value && std::isfinite(*value)) session.values[juce::String::fromUTF8(tag["id"].c_str())] = *value;
        } else if (const auto slot = std::ranges::find(slot_ids, tag["id"]);
                   tag.name == "slot" && slot != slot_ids.end()) {
            PresetRequest& preset = session.presets[static_cast<std::size_t>(slot - slot_ids.begin())];
            juce::MemoryOutputStream bytes;
            if (!juce::Base64::convertFromBase64(bytes, juce::String::fromUTF8(tag["preset"].c_str())))
                return refused("a preset in it is damaged");
            const auto* first = static_cast<const std::uint8_t*>(bytes.getData());
            preset.bytes.assign(first, first + bytes.getDataSize());
            preset.source = tag["source"];
        }
    }
    return session;
}

}  // namespace gruve::plugin

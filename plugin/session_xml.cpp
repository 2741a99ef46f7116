#include "plugin/session_xml.h"

#include <algorithm>
#include <string_view>

namespace gruve::plugin {

namespace {

constexpr juce::uint32 magic = 0x21324356;
constexpr int header_bytes = 8;        // magic, length of the text
constexpr std::ptrdiff_t most_tags = 256;  // parameters and slots, with their closing tags

}  // namespace

std::unique_ptr<juce::XmlElement> parse_session_xml(const void* data, int size) {
    if (size <= header_bytes || juce::ByteOrder::littleEndianInt(data) != magic) return {};
    const auto* bytes = static_cast<const char*>(data);
    const int length = static_cast<int>(juce::ByteOrder::littleEndianInt(bytes + 4));
    if (length <= 0) return {};
    const std::string_view text(bytes + header_bytes, static_cast<std::size_t>(std::min(size - header_bytes, length)));
    if (std::count(text.begin(), text.end(), '<') > most_tags || text.find("<!") != text.npos) return {};
    return juce::parseXML(juce::String::fromUTF8(text.data(), static_cast<int>(text.size())));
}

}  // namespace gruve::plugin

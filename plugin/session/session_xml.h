// The XML inside a host's saved state, from bytes that nobody vouches for: a strict reader of what JUCE's copyXmlToBinary wrote
// for us. JUCE's own parser reads past the end of damaged text and calls itself for every level.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gruve::plugin {

struct XmlTag {
    std::string name;
    std::map<std::string, std::string> attributes;  // UTF-8, entities resolved
    /// Empty where there is no such attribute.
    const std::string& operator[](const std::string& attribute) const;
};

/// One element and its children, which have no children themselves.
struct SessionXml {
    XmlTag root;
    std::vector<XmlTag> children;
};

/// Envelope: magic, length of the text (32 bits each, little endian), text. Nothing for other bytes, damaged or nested XML, texts,
/// comments, document types, and characters outside ASCII (they are written as &#N;).
std::optional<SessionXml> parse_session_xml(std::span<const std::byte> state);

}  // namespace gruve::plugin

// A strict parser for the XML in a saved session, as JUCE's copyXmlToBinary writes it. The bytes are untrusted, and
// JUCE's own parser reads past the end of damaged text and recurses once per level. This file needs no JUCE, so that it
// can be fuzzed alone.
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
    std::map<std::string, std::string> attributes;  // in UTF-8, with entities resolved
    /// The attribute's value, or an empty string if there is none.
    const std::string& operator[](const std::string& attribute) const;
};

/// The root element and its children, which have no children themselves.
struct SessionXml {
    XmlTag root;
    std::vector<XmlTag> children;
};

/// state: a magic number and the length of the text (32 bits each, little-endian), then the text. Returns nothing for
/// other bytes, for damaged or nested XML, for text between tags, comments and document types, and for characters
/// outside ASCII, which copyXmlToBinary writes as &#N;. Never throws.
std::optional<SessionXml> parse_session_xml(std::span<const std::byte> state);

}  // namespace gruve::plugin

// The XML inside a host's saved state, from bytes that nobody vouches for.
#pragma once

#include <juce_core/juce_core.h>

#include <memory>

namespace gruve::plugin {

/// The document in JUCE's binary envelope (AudioProcessor::copyXmlToBinary), null where there is none. Our sessions are flat and
/// have no document type; JUCE's parser calls itself for every level and entity, so more elements than we would ever write, and
/// documents that declare anything, are refused before it sees them.
std::unique_ptr<juce::XmlElement> parse_session_xml(const void* data, int size);

}  // namespace gruve::plugin

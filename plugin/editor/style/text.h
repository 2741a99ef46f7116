// Numbers as people read them.
#pragma once

#include <juce_core/juce_core.h>

#include "engine/preset/preset.h"

namespace gruve::plugin {

inline juce::String utf8(const std::string& text) { return juce::String::fromUTF8(text.c_str()); }

/// With a true minus: "−12".
juce::String minus(const juce::String& number);
/// "7,280 B" below 10,000, then "14.6 KiB".
juce::String bytes_text(std::size_t n);
/// "3.83 dB" or "98.1 %"; empty without a measurement.
juce::String metric_text(const Scores&);
/// "test SI-SDR gain 5.21 ± 0.30 dB (n = 200), 8 bit 5.25, float 5.30"; empty without a measurement.
juce::String describe(const Scores&);
/// The model card: scores, bytes, widths of every layer, data and licence. Lines that begin with "# " are headings.
juce::String card_text(const Preset&, std::size_t file_bytes, std::size_t resident_bytes);

}  // namespace gruve::plugin

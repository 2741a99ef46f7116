// Numbers, scores and model cards as text for users.
#pragma once

#include <juce_core/juce_core.h>

#include <string_view>

#include "engine/preset/preset.h"

namespace gruve::plugin {

inline juce::String utf8(std::string_view text) {
    return juce::String::fromUTF8(text.data(), static_cast<int>(text.size()));
}

/// Replaces the hyphen by a minus sign: "−12".
juce::String minus(const juce::String& number);
/// "7,280 B" below 10,000, then "14.6 KiB".
juce::String bytes_text(std::size_t n);
/// "3.83 dB" or "98.1 %". Empty if nothing was measured.
juce::String metric_text(const Scores&);
/// "test SI-SDR gain 5.21 ± 0.30 dB (n = 200), 8 bit 5.25, float 5.30". Empty if nothing was measured.
juce::String describe(const Scores&);
/// The model card: scores, bytes, widths of every layer, data and licence. Lines that begin with "# " are headings.
juce::String card_text(const Preset&, std::size_t file_bytes, std::size_t resident_bytes);

}  // namespace gruve::plugin

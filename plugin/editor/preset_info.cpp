#include "plugin/editor/preset_info.h"

#include "plugin/editor/theme.h"

namespace gruve::plugin {

namespace {

juce::String text(const std::string& utf8) { return juce::String::fromUTF8(utf8.c_str()); }

juce::String bytes(std::size_t n) {
    return n < 10000 ? juce::String(n) + " B" : juce::String(static_cast<double>(n) / 1024.0, 1) + " KiB";
}

void fact(juce::Graphics& g, juce::Rectangle<int> area, const juce::String& value, const juce::String& name) {
    g.setColour(colour::text);
    g.setFont(bold_font(16.0f));
    g.drawText(value, area.removeFromTop(20), juce::Justification::left);
    g.setColour(colour::dim);
    g.setFont(plain_font(12.0f));
    g.drawText(name, area, juce::Justification::topLeft);
}

}  // namespace

juce::String describe(const Scores& scores) {
    if (scores.n == 0) return {};
    const bool accuracy = scores.metric == "accuracy";
    const double scale = accuracy ? 100.0 : 1.0;
    const auto number = [&](double x) { return juce::String(scale * x, accuracy ? 1 : 2); };
    juce::String line;
    line << text(scores.split) << " " << (accuracy ? "accuracy" : text(scores.metric)) << " " << number(scores.value)
         << juce::String::fromUTF8(" ± ") << number(scores.ci95) << (accuracy ? " %" : " dB") << " (n = " << juce::String(scores.n)
         << "), 8 bit " << number(scores.homogeneous8_value) << ", float " << number(scores.float_value);
    return line;
}

void PresetInfo::paint(juce::Graphics& g) {
    auto area = getLocalBounds();
    if (!loaded_) return;
    const Preset& preset = *loaded_->preset;
    const auto measurement = area.removeFromBottom(22);
    auto facts = area.removeFromRight(480);
    const int quarter = facts.getWidth() / 4;
    fact(g, facts.removeFromLeft(quarter), bytes(loaded_->parameter_bytes), "parameters");
    fact(g, facts.removeFromLeft(quarter), bytes(loaded_->bytes.size()), "file");
    fact(g, facts.removeFromLeft(quarter), bytes(loaded_->network->resident_bytes()), "in memory, " + text(loaded_->network->isa()));
    fact(g, facts, juce::String(100.0 * load_.median, 2) + " %", "CPU, peak " + juce::String(100.0 * load_.peak, 1) + " %");

    g.setColour(colour::text);
    g.setFont(bold_font(18.0f));
    g.drawText(text(preset.name) + "  ", area.removeFromTop(22), juce::Justification::left);
    const Scores& scores = preset.test.n > 0 ? preset.test : preset.validation;
    const juce::String measured = describe(scores);
    g.setColour(colour::dim);
    g.setFont(plain_font(13.0f));
    g.drawText(text(preset.task) + (measured.isEmpty() ? juce::String() : juce::String::fromUTF8(" · ") + measured), measurement, juce::Justification::centredLeft);
}

}  // namespace gruve::plugin

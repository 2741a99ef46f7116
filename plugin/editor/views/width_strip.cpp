#include "plugin/editor/views/width_strip.h"

#include <algorithm>
#include <array>

#include "plugin/editor/style/theme.h"

namespace gruve::plugin {

namespace {

constexpr std::array<const char*, operator_count> short_names = {
    "ir", "iz", "in", "hr", "hz", "hn", "+r", "+z", "+n", "σr", "σz", "tanh", "r·h", "1−z", "·n", "·h", "h′"};
constexpr int label_height = 18, layer_width = 46;
constexpr float least_numbered_row = 11.0f;  // pixels

juce::String width_text(int width) {
    return width == binary_width    ? juce::String::fromUTF8("±1")
           : width == ternary_width ? juce::String("1.6")
                                    : juce::String(width);
}

/// Brightness of a cell, 0..1, by the bits that its width saves compared with 8: 0 for none, 1 for six or more.
/// Squared, to avoid medium shades, on which neither dark nor bright numbers are readable.
float glow(int width) {
    const float spared = juce::jlimit(0.0f, 1.0f, (8.0f - static_cast<float>(bits_per_weight(width))) / 6.0f);
    return spared * spared;
}

}  // namespace

void WidthStrip::show(const Preset* preset) {
    layers_.clear();
    float_ = preset && preset->is_float();
    const auto add = [&](const Preset& stage) {
        for (const auto& layer : stage.model.layers) {
            const auto* over_bands = std::get_if<BandGruLayer>(&layer);  // both directions have the same widths
            if (const auto* gru = over_bands ? &over_bands->forward : std::get_if<GruLayer>(&layer))
                layers_.push_back(gru->widths);
        }
    };
    if (preset && preset->first_stage() && !float_) add(*preset->first_stage());
    if (preset) add(*preset);
    repaint();
}

/// The area of the cells. With several layers, their numbers stand to its left.
juce::Rectangle<int> WidthStrip::cells() const {
    return getLocalBounds().withTrimmedBottom(label_height).withTrimmedLeft(layers_.size() > 1 ? layer_width : 0);
}

void WidthStrip::paint(juce::Graphics& g) {
    const auto area = cells();
    if (float_) {
        g.setFont(plain_font(14.0f));
        g.setColour(colour::text);
        g.drawFittedText("Not quantised: the 32-bit float network from which the presets of this task were made",
                         getLocalBounds(), juce::Justification::centred, 2);
    }
    if (layers_.empty()) return;
    const float cell = static_cast<float>(area.getWidth()) / operator_count,
                row = static_cast<float>(area.getHeight()) / static_cast<float>(layers_.size());
    g.setFont(plain_font(12.0f));
    g.setColour(colour::dim);
    for (int i = 0; i < operator_count; ++i)
        g.drawFittedText(juce::String::fromUTF8(short_names[static_cast<std::size_t>(i)]),
                         area.getX() + juce::roundToInt(cell * static_cast<float>(i)), area.getBottom() + 2,
                         juce::roundToInt(cell), label_height - 2, juce::Justification::centred, 1, 0.7f);
    // Rows too low for numbers show their brightness alone; the tooltip has the numbers.
    const bool numbers = row >= least_numbered_row;
    if (!numbers)
        g.drawFittedText(juce::String::fromUTF8("layers\n1 – ") + juce::String(layers_.size()), 0, area.getY(),
                         layer_width - 6, area.getHeight(), juce::Justification::centredLeft, 2);
    for (std::size_t l = 0; numbers && layers_.size() > 1 && l < layers_.size(); ++l)
        g.drawText("layer " + juce::String(l + 1),
                   juce::Rectangle<float>(0.0f, static_cast<float>(area.getY()) + row * static_cast<float>(l),
                                          layer_width - 6.0f, row - 1.0f),
                   juce::Justification::centredLeft);
    g.setFont(bold_font(std::min(15.0f, row - 3.0f)));
    for (std::size_t l = 0; l < layers_.size(); ++l)
        for (int i = 0; i < operator_count; ++i) {
            const int width = layers_[l][static_cast<std::size_t>(i)];
            const juce::Rectangle<float> box{static_cast<float>(area.getX()) + cell * static_cast<float>(i) + 1.5f,
                                             static_cast<float>(area.getY()) + row * static_cast<float>(l) + 1.0f,
                                             cell - 3.0f, row - 2.0f};
            g.setColour(colour::track.interpolatedWith(colour::accent, glow(width)));
            g.fillRoundedRectangle(box, 3.0f);
            if (!numbers) continue;
            g.setColour(glow(width) > 0.5f ? colour::background : colour::text);
            g.drawText(width_text(width), box, juce::Justification::centred, false);
        }
}

void WidthStrip::mouseMove(const juce::MouseEvent& event) {
    const auto area = cells();
    if (layers_.empty() || area.isEmpty()) return;
    const int i = juce::jlimit(0, operator_count - 1, (event.x - area.getX()) * operator_count / area.getWidth());
    const auto name = name_of(static_cast<Operator>(i));
    juce::String text = juce::String(name.data(), name.size()) + ":";
    for (const auto& widths : layers_) text << " " << width_text(widths[static_cast<std::size_t>(i)]);
    setTooltip(text + " bits");
}

}  // namespace gruve::plugin

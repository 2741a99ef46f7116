#include "plugin/editor/width_strip.h"

#include <algorithm>
#include <array>

#include "plugin/editor/theme.h"

namespace gruve::plugin {

namespace {

constexpr std::array<const char*, operator_count> short_names = {"W ir", "W iz", "W in", "W hr", "W hz", "W hn", "+ r", "+ z", "+ n",
                                                                 "σ r",  "σ z",  "tanh", "r·h",  "1−z",  "·n",   "·h",  "h′"};
constexpr int label_height = 18;

juce::String width_text(int width) {
    return width == binary_width ? juce::String::fromUTF8("±1") : width == ternary_width ? juce::String("1.6") : juce::String(width);
}

/// Few bits glow, eight are plain.
juce::Colour width_colour(int width) {
    const float spared = juce::jlimit(0.0f, 1.0f, (8.0f - static_cast<float>(bits_per_weight(width))) / 6.0f);
    return colour::track.interpolatedWith(colour::accent, spared);
}

}  // namespace

void WidthStrip::show(const Model* model) {
    layers_.clear();
    if (model)
        for (const auto& layer : model->layers)
            if (const auto* gru = std::get_if<GruLayer>(&layer)) layers_.push_back(gru->widths);
    repaint();
}

void WidthStrip::paint(juce::Graphics& g) {
    auto area = getLocalBounds();
    const auto labels = area.removeFromBottom(label_height);
    const float cell = static_cast<float>(getWidth()) / operator_count;
    g.setFont(plain_font(12.0f));
    for (int i = 0; i < operator_count; ++i) {
        const auto x = juce::roundToInt(cell * static_cast<float>(i));
        g.setColour(colour::dim);
        g.drawFittedText(juce::String::fromUTF8(short_names[static_cast<std::size_t>(i)]), x, labels.getY() + 2, juce::roundToInt(cell), label_height - 2,
                         juce::Justification::centred, 1, 0.7f);
    }
    if (layers_.empty()) return;
    const float row = static_cast<float>(area.getHeight()) / static_cast<float>(layers_.size());
    g.setFont(bold_font(std::min(15.0f, row - 4.0f)));
    for (std::size_t l = 0; l < layers_.size(); ++l)
        for (int i = 0; i < operator_count; ++i) {
            const int width = layers_[l][static_cast<std::size_t>(i)];
            const juce::Rectangle<float> box{cell * static_cast<float>(i) + 2.0f, row * static_cast<float>(l) + 1.0f, cell - 4.0f, row - 3.0f};
            const float share = juce::jlimit(0.1f, 1.0f, static_cast<float>(bits_per_weight(width)) / 8.0f);
            g.setColour(colour::background);
            g.fillRoundedRectangle(box, 4.0f);
            g.setColour(width_colour(width));
            g.fillRoundedRectangle(box.withTop(box.getBottom() - box.getHeight() * share), 4.0f);
            g.setColour(colour::text);
            g.drawText(width_text(width), box, juce::Justification::centred, false);
        }
}

void WidthStrip::mouseMove(const juce::MouseEvent& event) {
    if (layers_.empty() || getWidth() == 0) return;
    const int i = juce::jlimit(0, operator_count - 1, event.x * operator_count / getWidth());
    const auto name = name_of(static_cast<Operator>(i));
    juce::String text = juce::String(name.data(), name.size()) + ":";
    for (const auto& widths : layers_) text << " " << width_text(widths[static_cast<std::size_t>(i)]);
    setTooltip(text + " bits");
}

}  // namespace gruve::plugin

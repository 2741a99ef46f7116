#include "plugin/editor/views/level_view.h"

#include "plugin/editor/style/text.h"
#include "plugin/editor/style/theme.h"

namespace gruve::plugin {

namespace {
constexpr float bottom_db = -60.0f;
constexpr int name_height = 18, scale_width = 30;
float share_of(float db) { return juce::jlimit(0.0f, 1.0f, 1.0f - db / bottom_db); }
}  // namespace

LevelView::LevelView(const LevelMeter& input, const LevelMeter& output) : input_{input}, output_{output} {
    setTitle("Input and output level");
    setTooltip("Peak level of the input and the output in dB relative to full scale. It falls by 20 dB a second");
    setOpaque(true);
}

void LevelView::paint(juce::Graphics& g) {
    g.fillAll(colour::card);
    auto area = getLocalBounds();
    auto scale = area.removeFromLeft(scale_width).withTrimmedBottom(name_height).withTrimmedTop(6);
    area.removeFromTop(6);
    g.setFont(plain_font(11.0f));
    g.setColour(colour::dim);
    for (int db = 0; db >= static_cast<int>(bottom_db); db -= 12) {
        const int y = scale.getBottom() -
                      juce::roundToInt(static_cast<float>(scale.getHeight()) * share_of(static_cast<float>(db)));
        g.drawText(minus(juce::String(db)), scale.getX(), y - 6, scale.getWidth() - 6, 12,
                   juce::Justification::centredRight);
    }
    const int half = area.getWidth() / 2;
    paint_bars(g, area.removeFromLeft(half).reduced(3, 0), input_, "In");
    paint_bars(g, area.reduced(3, 0), output_, "Out");
}

void LevelView::paint_bars(juce::Graphics& g, juce::Rectangle<int> area, const LevelMeter& meter,
                           const juce::String& name) const {
    g.setColour(colour::dim);
    g.drawText(name, area.removeFromBottom(name_height), juce::Justification::centred);
    const int channels = juce::jmax(1, meter.channels());
    const float width = static_cast<float>(area.getWidth()) / static_cast<float>(channels);
    for (int c = 0; c < channels; ++c) {
        const juce::Rectangle<float> bar{static_cast<float>(area.getX()) + width * static_cast<float>(c),
                                         static_cast<float>(area.getY()), width - 2.0f,
                                         static_cast<float>(area.getHeight())};
        g.setColour(colour::background);
        g.fillRoundedRectangle(bar, 2.0f);
        const float db = juce::Decibels::gainToDecibels(meter.peak(c), bottom_db);
        g.setColour(db > -0.1f ? colour::error : db > -6.0f ? colour::warm : colour::accent);
        g.fillRoundedRectangle(bar.withTop(bar.getBottom() - bar.getHeight() * share_of(db)), 2.0f);
    }
}

}  // namespace gruve::plugin

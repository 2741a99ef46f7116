#include "plugin/editor/meter_view.h"

#include <cmath>

#include "plugin/editor/theme.h"

namespace gruve::plugin {

namespace {

constexpr float bottom_db = -40.0f;
constexpr int scale_width = 44, axis_height = 18;

float decibels(float gain) { return juce::jmax(bottom_db, 20.0f * std::log10(juce::jmax(gain, 1e-6f))); }

}  // namespace

juce::String MeterView::title() const {
    if (!loaded_) return "METER";
    return loaded_->preset->kind == TaskKind::denoise ? "GAIN PER BAND" : "WORDS";
}

void MeterView::paint(juce::Graphics& g) {
    g.fillAll(colour::card);
    if (!loaded_) {
        g.setColour(colour::dim);
        g.setFont(plain_font(15.0f));
        g.drawText("Choose a preset above, or drop a .gruve file here", getLocalBounds(), juce::Justification::centred);
    } else if (loaded_->preset->kind == TaskKind::denoise) {
        paint_gains(g, getLocalBounds());
    }
}

void MeterView::paint_gains(juce::Graphics& g, juce::Rectangle<int> area) const {
    area.removeFromTop(8);  // half a line of text, for the topmost number
    const auto axis = area.removeFromBottom(axis_height);
    const auto scale = area.removeFromLeft(scale_width);
    const auto plot = area.toFloat();
    const auto y_of = [&](float db) { return plot.getY() + plot.getHeight() * db / bottom_db; };
    g.setFont(plain_font(12.0f));
    for (int db = 0; db >= static_cast<int>(bottom_db); db -= 10) {
        const float y = y_of(static_cast<float>(db));
        g.setColour(colour::outline);
        g.drawHorizontalLine(juce::roundToInt(y), plot.getX(), plot.getRight());
        g.setColour(colour::dim);
        g.drawText(juce::String(db) + " dB", scale.getX(), juce::roundToInt(y) - 8, scale.getWidth() - 8, 16, juce::Justification::centredRight);
    }
    const int bands = meters_.count();
    const float step = plot.getWidth() / static_cast<float>(juce::jmax(1, bands));
    for (int i = 0; i < bands; ++i) {
        const float y = y_of(decibels(meters_.value(i)));
        const juce::Rectangle<float> bar{plot.getX() + step * static_cast<float>(i) + 1.0f, y, step - 2.0f, plot.getBottom() - y};
        g.setColour(colour::accent.interpolatedWith(colour::warm, juce::jlimit(0.0f, 1.0f, (y - plot.getY()) / plot.getHeight())));
        g.fillRect(bar.withHeight(juce::jmax(2.0f, bar.getHeight())));
    }
    g.setColour(colour::dim);
    const auto labels = axis.withLeft(area.getX());
    g.drawText("low bands", labels, juce::Justification::bottomLeft);
    g.drawText("to " + juce::String(loaded_->preset->denoiser.high_hz / 1000.0f, 1) + " kHz", labels, juce::Justification::bottomRight);
}

}  // namespace gruve::plugin

#include "plugin/editor/views/meter_view.h"

#include <algorithm>
#include <cmath>

#include "engine/front_end/band_layout.h"
#include "plugin/editor/style/text.h"
#include "plugin/editor/style/theme.h"

namespace gruve::plugin {

namespace {

constexpr float bottom_db = -40.0f;
constexpr int scale_width = 52, axis_height = 18;

float decibels(float gain) { return juce::jmax(bottom_db, 20.0f * std::log10(juce::jmax(gain, 1e-6f))); }

}  // namespace

void MeterView::show(std::shared_ptr<const LoadedPreset> loaded) {
    loaded_ = std::move(loaded);
    centres_hz_.clear();
    if (loaded_ && loaded_->preset->kind == TaskKind::denoise) {
        const DenoiserConfig& d = loaded_->preset->denoiser;
        centres_hz_ = erb_centres(d.bands, 1.0 / static_cast<double>(d.window_s), d.high_hz);
    }
    repaint();
}

juce::String MeterView::title() const {
    if (!loaded_) return "METER";
    return loaded_->preset->kind == TaskKind::denoise ? "GAIN PER BAND" : "WORDS";
}

void MeterView::paint(juce::Graphics& g) {
    g.fillAll(colour::card);
    if (!loaded_) {
        g.setColour(colour::dim);
        g.setFont(plain_font(15.0f));
        g.drawFittedText(
            "This slot is empty: audio passes unchanged.\nChoose a preset above, or drop a .gruve file on the slot.",
            getLocalBounds().reduced(20), juce::Justification::centred, 3);
    } else if (loaded_->preset->kind == TaskKind::denoise) {
        paint_gains(g, getLocalBounds());
    }
}

void MeterView::paint_gains(juce::Graphics& g, juce::Rectangle<int> area) const {
    area.removeFromTop(8);  // half a line of text, for the number at the top
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
        g.drawText(minus(juce::String(db)) + " dB", scale.getX(), juce::roundToInt(y) - 8, scale.getWidth() - 8, 16,
                   juce::Justification::centredRight);
    }
    const int bands = meters_.count();
    const float step = plot.getWidth() / static_cast<float>(juce::jmax(1, bands));
    for (int i = 0; i < bands; ++i) {
        const float y = y_of(decibels(meters_.value(i)));
        const juce::Rectangle<float> bar{plot.getX() + step * static_cast<float>(i) + 1.0f, y, step - 2.0f,
                                         plot.getBottom() - y};
        g.setColour(colour::accent.interpolatedWith(colour::warm,
                                                    juce::jlimit(0.0f, 1.0f, (y - plot.getY()) / plot.getHeight())));
        g.fillRect(bar.withHeight(juce::jmax(2.0f, bar.getHeight())));
    }
    g.setColour(colour::dim);
    for (double hz : {250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16000.0}) {
        const auto place = band_at(hz);
        if (place < 0.0f) continue;
        const int x = juce::roundToInt(plot.getX() + step * (place + 0.5f));
        g.drawText(
            hz < 1000.0 ? juce::String(juce::roundToInt(hz)) : juce::String(juce::roundToInt(hz / 1000.0)) + " kHz",
            axis.withX(x - 24).withWidth(48), juce::Justification::centredBottom);
    }
}

float MeterView::band_at(double hz) const {
    const auto above = std::ranges::upper_bound(centres_hz_, hz);
    if (above == centres_hz_.begin() || above == centres_hz_.end()) return -1.0f;
    const double low = *(above - 1), high = *above;
    return static_cast<float>(above - centres_hz_.begin() - 1) + static_cast<float>((hz - low) / (high - low));
}

}  // namespace gruve::plugin

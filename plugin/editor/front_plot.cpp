#include "plugin/editor/front_plot.h"

#include <cmath>

#include "plugin/editor/text.h"
#include "plugin/editor/theme.h"

namespace gruve::plugin {

namespace {
constexpr float radius = 5.0f, reach = 14.0f;
}

FrontPlot::FrontPlot() {
    setTitle("Metric against bytes");
    setTooltip("Metric against parameter bytes: click a point to choose its preset, double-click to load it");
}

void FrontPlot::show(const std::vector<LibraryEntry>& entries, const LibraryEntry* chosen) {
    points_.clear();
    chosen_name_ = chosen ? chosen->name : std::string();
    chosen_path_ = chosen ? chosen->path : std::filesystem::path();
    for (const auto& entry : entries)
        if (chosen && entry.preset().task == chosen->preset().task && entry.scores().n > 0) points_.push_back(entry);
    if (!points_.empty()) {
        least_ = fewest_ = 1e300;
        most_ = largest_ = -1e300;
        for (const auto& point : points_) {
            least_ = std::min(least_, point.scores().value - point.scores().ci95);
            most_ = std::max(most_, point.scores().value + point.scores().ci95);
            fewest_ = std::min(fewest_, 0.8 * static_cast<double>(point.loaded->parameter_bytes));
            largest_ = std::max(largest_, 1.25 * static_cast<double>(point.loaded->parameter_bytes));
        }
        if (most_ - least_ < 1e-6) most_ += 1e-3;
    }
    repaint();
}

juce::Rectangle<float> FrontPlot::plot() const { return getLocalBounds().toFloat().withTrimmedLeft(54).withTrimmedBottom(20).withTrimmedTop(8).withTrimmedRight(8); }

juce::Point<float> FrontPlot::place(const LibraryEntry& entry) const {
    const double x = std::log(static_cast<double>(entry.loaded->parameter_bytes) / fewest_) / std::log(largest_ / fewest_);
    const double y = (entry.scores().value - least_) / (most_ - least_);
    return plot().getRelativePoint(static_cast<float>(x), static_cast<float>(1.0 - y));
}

const LibraryEntry* FrontPlot::nearest(juce::Point<float> at) const {
    const LibraryEntry* found = nullptr;
    float distance = reach;
    for (const auto& point : points_)
        if (const float d = place(point).getDistanceFrom(at); d < distance) {
            distance = d;
            found = &point;
        }
    return found;
}

void FrontPlot::paint(juce::Graphics& g) {
    const auto area = plot();
    g.setFont(plain_font(12.0f));
    g.setColour(colour::dim);
    if (points_.empty()) {
        g.drawText("No measured presets of this task", getLocalBounds(), juce::Justification::centred);
        return;
    }
    const Scores& any = points_.front().scores();
    for (int i = 0; i <= 4; ++i) {
        const float y = area.getBottom() - area.getHeight() * static_cast<float>(i) / 4.0f;
        Scores at = any;
        at.value = least_ + (most_ - least_) * i / 4.0;
        g.setColour(colour::outline);
        g.drawHorizontalLine(juce::roundToInt(y), area.getX(), area.getRight());
        g.setColour(colour::dim);
        g.drawText(metric_text(at), 0, juce::roundToInt(y) - 8, 50, 16, juce::Justification::centredRight);
    }
    g.drawText(bytes_text(static_cast<std::size_t>(fewest_)), area.withY(area.getBottom() + 4).withHeight(16), juce::Justification::left);
    g.drawText(bytes_text(static_cast<std::size_t>(largest_)), area.withY(area.getBottom() + 4).withHeight(16), juce::Justification::right);
    g.drawText("parameter bytes", area.withY(area.getBottom() + 4).withHeight(16), juce::Justification::centred);
    for (const auto& point : points_) {
        const auto at = place(point);
        const bool chosen = point.name == chosen_name_ && point.path == chosen_path_;
        const float bar = static_cast<float>(point.scores().ci95 / (most_ - least_)) * area.getHeight();
        g.setColour((chosen ? colour::warm : colour::accent).withAlpha(0.35f));
        g.drawLine(at.x, at.y - bar, at.x, at.y + bar, 1.5f);
        g.setColour(chosen ? colour::warm : colour::accent);
        g.fillEllipse(juce::Rectangle<float>(2.0f * radius, 2.0f * radius).withCentre(at));
        if (chosen) g.drawEllipse(juce::Rectangle<float>(2.0f * radius + 6.0f, 2.0f * radius + 6.0f).withCentre(at), 1.5f);
    }
}

void FrontPlot::mouseMove(const juce::MouseEvent& event) {
    const auto* point = nearest(event.position);
    setMouseCursor(point ? juce::MouseCursor::PointingHandCursor : juce::MouseCursor::NormalCursor);
    if (point)
        setTooltip(utf8(point->name) + ": " + bytes_text(point->loaded->parameter_bytes) + ", " + describe(point->scores()));
}

void FrontPlot::mouseDown(const juce::MouseEvent& event) {
    if (const auto* point = nearest(event.position); point && on_choose) on_choose(LibraryEntry(*point));
}

void FrontPlot::mouseDoubleClick(const juce::MouseEvent& event) {
    if (const auto* point = nearest(event.position); point && on_load) on_load(LibraryEntry(*point));
}

}  // namespace gruve::plugin

#include "plugin/editor/views/front_plot.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "plugin/editor/style/text.h"
#include "plugin/editor/style/theme.h"

namespace gruve::plugin {

namespace {
constexpr float radius = 5.0f, reach = 14.0f;  // of a point; from which the mouse touches it
const char* const usage =
    "Metric against parameter bytes, with 95 % confidence intervals. Click a point to select its preset, double-click "
    "to "
    "load it";
}  // namespace

FrontPlot::FrontPlot() {
    setTitle("Metric against bytes");
    setTooltip(usage);
}

void FrontPlot::show(const std::vector<LibraryEntry>& entries, const LibraryEntry* chosen,
                     const SlotSources& in_slots) {
    points_.clear();
    in_slots_ = in_slots;
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

juce::Rectangle<float> FrontPlot::plot() const {
    return getLocalBounds().toFloat().withTrimmedLeft(54).withTrimmedBottom(20).withTrimmedTop(8).withTrimmedRight(8);
}

juce::Point<float> FrontPlot::place(const LibraryEntry& entry) const {
    const double x =
        std::log(static_cast<double>(entry.loaded->parameter_bytes) / fewest_) / std::log(largest_ / fewest_);
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
    if (points_.empty()) {
        g.setFont(plain_font(13.0f));
        g.setColour(colour::dim);
        g.drawText("No measured presets of this task", getLocalBounds(), juce::Justification::centred);
        return;
    }
    paint_axes(g);
    paint_front(g);
    for (const auto& point : points_) paint_point(g, point);
    for (const auto& point : points_) paint_letters(g, point);  // after all points, to be drawn above them
}

void FrontPlot::paint_axes(juce::Graphics& g) const {
    const auto area = plot();
    g.setFont(plain_font(12.0f));
    constexpr int lines = 4;
    for (int i = 0; i <= lines; ++i) {
        const float y = area.getBottom() - area.getHeight() * static_cast<float>(i) / lines;
        Scores at = points_.front().scores();
        at.value = least_ + (most_ - least_) * i / lines;
        g.setColour(colour::outline);
        g.drawHorizontalLine(juce::roundToInt(y), area.getX(), area.getRight());
        g.setColour(colour::dim);
        g.drawText(metric_text(at), 0, juce::roundToInt(y) - 8, 50, 16, juce::Justification::centredRight);
    }
    const auto axis = area.withY(area.getBottom() + 4).withHeight(16);
    g.drawText(bytes_text(static_cast<std::size_t>(fewest_)), axis, juce::Justification::left);
    g.drawText(bytes_text(static_cast<std::size_t>(largest_)), axis, juce::Justification::right);
    g.drawText("parameter bytes", axis, juce::Justification::centred);
}

/// The Pareto front as a staircase: the best metric for at most so many bytes.
void FrontPlot::paint_front(juce::Graphics& g) const {
    std::vector<const LibraryEntry*> front;
    for (const auto& point : points_) front.push_back(&point);
    std::ranges::sort(front, {},
                      [](const LibraryEntry* e) { return std::pair(e->loaded->parameter_bytes, -e->scores().value); });
    juce::Path stairs;
    double best = -1e300;
    for (const auto* entry : front) {
        if (entry->scores().value <= best) continue;
        const auto at = place(*entry);
        if (stairs.isEmpty())
            stairs.startNewSubPath(at);
        else
            stairs.lineTo(at.withY(stairs.getCurrentPosition().y));
        stairs.lineTo(at);
        best = entry->scores().value;
    }
    if (!stairs.isEmpty()) stairs.lineTo(stairs.getCurrentPosition().withX(plot().getRight()));
    g.setColour(colour::accent.withAlpha(0.3f));
    g.strokePath(stairs, juce::PathStrokeType(1.5f));
}

void FrontPlot::paint_point(juce::Graphics& g, const LibraryEntry& point) const {
    const auto at = place(point);
    const bool chosen = point.name == chosen_name_ && point.path == chosen_path_, hovered = point.name == hovered_name_;
    const float bar = static_cast<float>(point.scores().ci95 / (most_ - least_)) * plot().getHeight();
    const auto tint = point.path.empty() ? colour::accent : colour::warm;
    g.setColour(tint.withAlpha(chosen || hovered ? 0.7f : 0.22f));
    g.drawLine(at.x, at.y - bar, at.x, at.y + bar, 1.5f);
    g.setColour(hovered ? tint.brighter(0.5f) : tint);
    g.fillEllipse(juce::Rectangle<float>(2.0f * radius, 2.0f * radius).withCentre(at));
    if (chosen) {
        g.setColour(colour::text);
        g.drawEllipse(juce::Rectangle<float>(2.0f * radius + 7.0f, 2.0f * radius + 7.0f).withCentre(at), 2.0f);
    }
}

/// The letters of the slots that play the preset.
void FrontPlot::paint_letters(juce::Graphics& g, const LibraryEntry& point) const {
    juce::String letters;
    for (std::size_t slot = 0; slot < in_slots_.size(); ++slot)
        if (in_slots_[slot] == source_of(point)) letters << (slot == 0 ? "A" : "B");
    if (letters.isEmpty()) return;
    const auto box = juce::Rectangle<float>(letters.length() > 1 ? 22.0f : 14.0f, 14.0f)
                         .withPosition(place(point) + juce::Point<float>(radius + 4.0f, -22.0f));
    g.setColour(colour::background.withAlpha(0.8f));
    g.fillRoundedRectangle(box, 3.0f);
    g.setColour(colour::text);
    g.setFont(bold_font(13.0f));
    g.drawText(letters, box, juce::Justification::centred);
}

void FrontPlot::mouseMove(const juce::MouseEvent& event) {
    const auto* point = nearest(event.position);
    setMouseCursor(point ? juce::MouseCursor::PointingHandCursor : juce::MouseCursor::NormalCursor);
    setTooltip(point ? utf8(point->name) + ": " + bytes_text(point->loaded->parameter_bytes) + ", " +
                           describe(point->scores())
                     : usage);
    const std::string name = point ? point->name : std::string();
    if (std::exchange(hovered_name_, name) != name) repaint();
}

void FrontPlot::mouseExit(const juce::MouseEvent&) {
    hovered_name_.clear();
    repaint();
}

void FrontPlot::mouseDown(const juce::MouseEvent& event) {
    if (const auto* point = nearest(event.position); point && on_choose) on_choose(LibraryEntry(*point));
}

void FrontPlot::mouseDoubleClick(const juce::MouseEvent& event) {
    if (const auto* point = nearest(event.position); point && on_load) on_load(LibraryEntry(*point));
}

}  // namespace gruve::plugin

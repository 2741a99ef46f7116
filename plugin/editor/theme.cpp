#include "plugin/editor/theme.h"

namespace gruve::plugin {

namespace {
constexpr int padding = 14, title_height = 20;
constexpr float corner = 8.0f;
}  // namespace

juce::Font plain_font(float height) { return juce::Font(juce::Font::getDefaultSansSerifFontName(), height, juce::Font::plain); }
juce::Font bold_font(float height) { return juce::Font(juce::Font::getDefaultSansSerifFontName(), height, juce::Font::bold); }

juce::Rectangle<int> inside_card(juce::Rectangle<int> bounds) { return bounds.reduced(padding, padding - 4).withTrimmedTop(title_height); }

juce::Rectangle<int> draw_card(juce::Graphics& g, juce::Rectangle<int> bounds, const juce::String& title) {
    g.setColour(colour::card);
    g.fillRoundedRectangle(bounds.toFloat(), corner);
    g.setColour(colour::outline);
    g.drawRoundedRectangle(bounds.toFloat().reduced(0.5f), corner, 1.0f);
    g.setColour(colour::dim);
    g.setFont(bold_font(12.0f));
    g.drawText(title, bounds.reduced(padding, padding - 4).removeFromTop(title_height - 4), juce::Justification::topLeft);
    return inside_card(bounds);
}

Theme::Theme() {
    setColour(juce::ResizableWindow::backgroundColourId, colour::background);
    setColour(juce::Label::textColourId, colour::text);
    setColour(juce::Slider::textBoxTextColourId, colour::text);
    setColour(juce::ComboBox::backgroundColourId, colour::card);
    setColour(juce::ComboBox::outlineColourId, colour::outline);
    setColour(juce::ComboBox::textColourId, colour::text);
    setColour(juce::ComboBox::arrowColourId, colour::dim);
    setColour(juce::PopupMenu::backgroundColourId, colour::card);
    setColour(juce::PopupMenu::textColourId, colour::text);
    setColour(juce::PopupMenu::headerTextColourId, colour::dim);
    setColour(juce::PopupMenu::highlightedBackgroundColourId, colour::accent);
    setColour(juce::PopupMenu::highlightedTextColourId, colour::background);
    setColour(juce::TextEditor::backgroundColourId, colour::background);
    setColour(juce::TextEditor::textColourId, colour::text);
    setColour(juce::TextEditor::outlineColourId, colour::outline);
    setColour(juce::TextEditor::focusedOutlineColourId, colour::dim);
    setColour(juce::ListBox::backgroundColourId, colour::background);
    setColour(juce::ListBox::outlineColourId, colour::outline);
    setColour(juce::ScrollBar::thumbColourId, colour::track);
    setColour(juce::TextButton::buttonColourId, colour::card);
    setColour(juce::TextButton::textColourOffId, colour::text);
    setColour(juce::TextButton::textColourOnId, colour::background);
    setColour(juce::TooltipWindow::backgroundColourId, colour::track);
    setColour(juce::TooltipWindow::textColourId, colour::text);
}

void Theme::drawRotarySlider(juce::Graphics& g, int x, int y, int width, int height, float position, float start, float end,
                             juce::Slider& slider) {
    const auto area = juce::Rectangle<int>(x, y, width, height).toFloat().reduced(5.0f);
    const float radius = std::min(area.getWidth(), area.getHeight()) / 2.0f - 3.0f, angle = start + position * (end - start);
    const auto centre = area.getCentre();
    const juce::PathStrokeType stroke(5.0f, juce::PathStrokeType::curved, juce::PathStrokeType::rounded);
    juce::Path track, value;
    track.addCentredArc(centre.x, centre.y, radius, radius, 0.0f, start, end, true);
    g.setColour(colour::track);
    g.strokePath(track, stroke);
    value.addCentredArc(centre.x, centre.y, radius, radius, 0.0f, start, angle, true);
    g.setColour(slider.isEnabled() ? colour::accent : colour::dim);
    g.strokePath(value, stroke);
    const auto tip = centre.getPointOnCircumference(radius - 9.0f, angle);
    g.setColour(colour::text);
    g.drawLine({centre.getPointOnCircumference(radius * 0.35f, angle), tip}, 2.5f);
    if (slider.hasKeyboardFocus(true)) {
        g.setColour(colour::accent.withAlpha(0.5f));
        g.drawEllipse(area.withSizeKeepingCentre(2.0f * radius + 10.0f, 2.0f * radius + 10.0f), 1.0f);
    }
}

void Theme::drawToggleButton(juce::Graphics& g, juce::ToggleButton& button, bool highlighted, bool) {
    const auto area = button.getLocalBounds().toFloat().reduced(1.0f);
    const bool on = button.getToggleState();
    g.setColour(on ? colour::warm : colour::card);
    g.fillRoundedRectangle(area, 6.0f);
    g.setColour(highlighted || button.hasKeyboardFocus(false) ? colour::dim : colour::outline);
    g.drawRoundedRectangle(area, 6.0f, 1.0f);
    g.setColour(on ? colour::background : colour::text);
    g.setFont(on ? bold_font(14.0f) : plain_font(14.0f));
    g.drawText(button.getButtonText(), button.getLocalBounds(), juce::Justification::centred);
}

void Theme::drawButtonBackground(juce::Graphics& g, juce::Button& button, const juce::Colour&, bool highlighted, bool down) {
    const auto area = button.getLocalBounds().toFloat().reduced(1.0f);
    g.setColour(button.getToggleState() ? colour::accent : down ? colour::track : colour::card);
    g.fillRoundedRectangle(area, 6.0f);
    g.setColour(highlighted || button.hasKeyboardFocus(false) ? colour::dim : colour::outline);
    g.drawRoundedRectangle(area, 6.0f, 1.0f);
}

}  // namespace gruve::plugin

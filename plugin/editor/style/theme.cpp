#include "plugin/editor/style/theme.h"

namespace gruve::plugin {

namespace {
constexpr int padding = 14, title_height = 20;
constexpr float corner = 8.0f, key_corner = 6.0f;
}  // namespace

juce::Font plain_font(float height) {
    return juce::Font(juce::Font::getDefaultSansSerifFontName(), height, juce::Font::plain);
}
juce::Font bold_font(float height) {
    return juce::Font(juce::Font::getDefaultSansSerifFontName(), height, juce::Font::bold);
}

void draw_focus(juce::Graphics& g, juce::Rectangle<float> bounds, float round) {
    g.setColour(colour::text);
    g.drawRoundedRectangle(bounds.reduced(0.75f), round, 1.5f);
}

void warn_when_on(juce::ToggleButton& button) { button.setColour(juce::ToggleButton::tickColourId, colour::warm); }

juce::Rectangle<int> inside_card(juce::Rectangle<int> bounds) {
    return bounds.reduced(padding, padding - 4).withTrimmedTop(title_height);
}

juce::Rectangle<int> draw_card(juce::Graphics& g, juce::Rectangle<int> bounds, const juce::String& title) {
    g.setColour(colour::card);
    g.fillRoundedRectangle(bounds.toFloat(), corner);
    g.setColour(colour::outline);
    g.drawRoundedRectangle(bounds.toFloat().reduced(0.5f), corner, 1.0f);
    g.setColour(colour::dim);
    g.setFont(bold_font(12.0f));
    g.drawText(title, bounds.reduced(padding, padding - 4).removeFromTop(title_height - 4),
               juce::Justification::topLeft);
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
    setColour(juce::ListBox::backgroundColourId, colour::background);
    setColour(juce::ListBox::outlineColourId, colour::outline);
    setColour(juce::ScrollBar::thumbColourId, colour::track);
    setColour(juce::TextButton::buttonColourId, colour::card);
    setColour(juce::TextButton::textColourOffId, colour::text);
    setColour(juce::TextButton::textColourOnId, colour::background);
    setColour(juce::ToggleButton::tickColourId, colour::accent);
    setColour(juce::TooltipWindow::backgroundColourId, colour::track);
    setColour(juce::TooltipWindow::textColourId, colour::text);
}

void Theme::drawRotarySlider(juce::Graphics& g, int x, int y, int width, int height, float position, float start,
                             float end, juce::Slider& slider) {
    const auto area = juce::Rectangle<int>(x, y, width, height).toFloat().reduced(5.0f);
    const float radius = std::min(area.getWidth(), area.getHeight()) / 2.0f - 3.0f,
                angle = start + position * (end - start);
    const auto centre = area.getCentre();
    const juce::PathStrokeType stroke(5.0f, juce::PathStrokeType::curved, juce::PathStrokeType::rounded);
    juce::Path track, value;
    track.addCentredArc(centre.x, centre.y, radius, radius, 0.0f, start, end, true);
    g.setColour(slider.isMouseOverOrDragging() ? colour::track.brighter(0.25f) : colour::track);
    g.strokePath(track, stroke);
    value.addCentredArc(centre.x, centre.y, radius, radius, 0.0f, start, angle, true);
    g.setColour(slider.isEnabled() ? colour::accent : colour::dim);
    g.strokePath(value, stroke);
    const auto tip = centre.getPointOnCircumference(radius - 9.0f, angle);
    g.setColour(colour::text);
    g.drawLine({centre.getPointOnCircumference(radius * 0.35f, angle), tip}, 2.5f);
    if (slider.hasKeyboardFocus(true))
        draw_focus(g, area.withSizeKeepingCentre(2.0f * radius + 12.0f, 2.0f * radius + 12.0f), radius + 6.0f);
}

namespace {

/// The shape of every button. fill: its colour while it is on. Disabled buttons are paler.
void draw_key(juce::Graphics& g, const juce::Button& button, juce::Colour fill, bool highlighted, bool down) {
    const auto area = button.getLocalBounds().toFloat().reduced(1.0f);
    const bool on = button.getToggleState();
    const float strength = button.isEnabled() ? 1.0f : 0.4f;
    g.setColour((on            ? fill
                 : down        ? colour::track
                 : highlighted ? colour::raised.brighter(0.08f)
                               : colour::raised)
                    .withMultipliedAlpha(strength));
    g.fillRoundedRectangle(area, key_corner);
    if (!on) {
        g.setColour(colour::track.withMultipliedAlpha(strength));
        g.drawRoundedRectangle(area, key_corner, 1.0f);
    }
    if (button.hasKeyboardFocus(false)) draw_focus(g, area, key_corner);
}

/// lit: the text's colour while the button is on.
void draw_key_text(juce::Graphics& g, const juce::Button& button, juce::Colour lit = colour::background) {
    const bool on = button.getToggleState();
    g.setColour((on ? lit : colour::text).withMultipliedAlpha(button.isEnabled() ? 1.0f : 0.4f));
    g.setFont(on ? bold_font(14.0f) : plain_font(14.0f));
    g.drawFittedText(button.getButtonText(), button.getLocalBounds().reduced(6, 2), juce::Justification::centred, 1,
                     0.8f);
}

}  // namespace

void Theme::drawToggleButton(juce::Graphics& g, juce::ToggleButton& button, bool highlighted, bool down) {
    // Warnings are filled with their colour. Toggles that may stay on are only tinted.
    const auto lit = button.findColour(juce::ToggleButton::tickColourId);
    const bool warning = lit == colour::warm;
    draw_key(g, button, warning ? lit : colour::raised.interpolatedWith(lit, 0.25f), highlighted, down);
    if (button.getToggleState() && !warning) {
        g.setColour(lit.withAlpha(button.isEnabled() ? 0.8f : 0.3f));
        g.drawRoundedRectangle(button.getLocalBounds().toFloat().reduced(1.5f), key_corner, 1.0f);
    }
    draw_key_text(g, button, warning ? colour::background : lit);
}

void Theme::drawButtonBackground(juce::Graphics& g, juce::Button& button, const juce::Colour&, bool highlighted,
                                 bool down) {
    draw_key(g, button, colour::accent, highlighted, down);
}

void Theme::drawButtonText(juce::Graphics& g, juce::TextButton& button, bool, bool) { draw_key_text(g, button); }

void Theme::drawComboBox(juce::Graphics& g, int width, int height, bool, int, int, int, int, juce::ComboBox& box) {
    const auto area = juce::Rectangle<int>(width, height).toFloat().reduced(1.0f);
    const float strength = box.isEnabled() ? 1.0f : 0.4f;
    g.setColour(
        (box.isMouseOver(true) ? colour::raised.brighter(0.08f) : colour::raised).withMultipliedAlpha(strength));
    g.fillRoundedRectangle(area, key_corner);
    g.setColour(colour::track.withMultipliedAlpha(strength));
    g.drawRoundedRectangle(area, key_corner, 1.0f);
    const juce::Point<float> tip{static_cast<float>(width) - 16.0f, static_cast<float>(height) / 2.0f + 2.5f};
    juce::Path arrow;
    arrow.startNewSubPath(tip.translated(-5.0f, -5.0f));
    arrow.lineTo(tip);
    arrow.lineTo(tip.translated(5.0f, -5.0f));
    g.setColour(colour::dim.withMultipliedAlpha(strength));
    g.strokePath(arrow, juce::PathStrokeType(1.8f, juce::PathStrokeType::curved, juce::PathStrokeType::rounded));
    if (box.hasKeyboardFocus(false)) draw_focus(g, area, key_corner);
}

void Theme::positionComboBoxText(juce::ComboBox& box, juce::Label& label) {
    label.setBounds(box.getLocalBounds().withTrimmedLeft(6).withTrimmedRight(26));
    label.setFont(getComboBoxFont(box));
}

void Theme::drawComboBoxTextWhenNothingSelected(juce::Graphics& g, juce::ComboBox& box, juce::Label& label) {
    g.setColour(colour::text.withMultipliedAlpha(box.isEnabled() ? 1.0f : 0.4f));
    g.setFont(getComboBoxFont(box));
    g.drawFittedText(box.getTextWhenNothingSelected(), label.getBounds().reduced(5, 0),
                     juce::Justification::centredLeft, 1, 0.8f);
}

void Theme::drawTextEditorOutline(juce::Graphics& g, int width, int height, juce::TextEditor& editor) {
    const auto area = juce::Rectangle<int>(width, height).toFloat().reduced(0.5f);
    g.setColour(colour::track);
    g.drawRect(area, 1.0f);
    if (editor.hasKeyboardFocus(true)) draw_focus(g, area, 2.0f);
}

void Theme::drawPopupMenuSectionHeader(juce::Graphics& g, const juce::Rectangle<int>& area, const juce::String& name) {
    g.setColour(colour::dim);
    g.setFont(bold_font(12.0f));
    g.drawText(name.toUpperCase(), area.reduced(12, 0), juce::Justification::centredLeft);
}

}  // namespace gruve::plugin

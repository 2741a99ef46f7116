// Colours, fonts and the look of controls, defined once.
#pragma once

#include <juce_gui_basics/juce_gui_basics.h>

namespace gruve::plugin {

namespace colour {
inline const juce::Colour background{0xff12151a}, card{0xff1a1f26}, outline{0xff2a313b}, track{0xff303946};
inline const juce::Colour raised{0xff232a33};  // controls that can be pressed
inline const juce::Colour text{0xffe8ebf0}, dim{0xff9aa7b8};
inline const juce::Colour accent{0xff4fd1b5};  // on, selected, heard
inline const juce::Colour warm{0xffffb454};    // on, but not the normal sound: bypass, the difference
inline const juce::Colour error{0xffff7b72};
}  // namespace colour

juce::Font plain_font(float height);
juce::Font bold_font(float height);

/// The ring around the control that has the keyboard focus.
void draw_focus(juce::Graphics&, juce::Rectangle<float> bounds, float corner);

/// Makes a toggle light up in the warning colour while it is on.
void warn_when_on(juce::ToggleButton&);

/// Draws a card's background with the title at its top left. Returns the space inside.
juce::Rectangle<int> draw_card(juce::Graphics&, juce::Rectangle<int> bounds, const juce::String& title);
/// The same space, for laying out components.
juce::Rectangle<int> inside_card(juce::Rectangle<int> bounds);

class Theme final : public juce::LookAndFeel_V4 {
public:
    Theme();
    void drawRotarySlider(juce::Graphics&, int x, int y, int width, int height, float position, float start, float end,
                          juce::Slider&) override;
    void drawToggleButton(juce::Graphics&, juce::ToggleButton&, bool highlighted, bool down) override;
    void drawButtonBackground(juce::Graphics&, juce::Button&, const juce::Colour&, bool highlighted,
                              bool down) override;
    void drawButtonText(juce::Graphics&, juce::TextButton&, bool highlighted, bool down) override;
    void drawComboBox(juce::Graphics&, int width, int height, bool down, int x, int y, int arrow_width,
                      int arrow_height, juce::ComboBox&) override;
    void positionComboBoxText(juce::ComboBox&, juce::Label&) override;
    void drawComboBoxTextWhenNothingSelected(juce::Graphics&, juce::ComboBox&, juce::Label&) override;
    void drawTextEditorOutline(juce::Graphics&, int width, int height, juce::TextEditor&) override;
    void drawPopupMenuSectionHeader(juce::Graphics&, const juce::Rectangle<int>&, const juce::String&) override;
    juce::Font getComboBoxFont(juce::ComboBox&) override { return plain_font(15.0f); }
    juce::Font getPopupMenuFont() override { return plain_font(15.0f); }
    juce::Font getLabelFont(juce::Label&) override { return plain_font(13.0f); }
};

}  // namespace gruve::plugin

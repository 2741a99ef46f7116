#include "plugin/editor/pages/play_view.h"

namespace gruve::plugin {

namespace {

constexpr int gap = 10;

struct Layout {
    juce::Rectangle<int> sound, meter, levels, widths, controls;
};

Layout layout_of(juce::Rectangle<int> area) {
    Layout layout;
    layout.controls = area.removeFromBottom(134);
    area.removeFromBottom(gap);
    layout.widths = area.removeFromBottom(94);
    area.removeFromBottom(gap);
    layout.levels = area.removeFromRight(130);
    area.removeFromRight(gap);
    layout.meter = area.removeFromRight(area.getWidth() * 42 / 100);
    area.removeFromRight(gap);
    layout.sound = area;
    return layout;
}

}  // namespace

PlayView::PlayView(Processor& processor)
    : processor_{processor},
      before_{processor.before(), "In", false},
      after_{processor.after(), "Out", true},
      meter_{processor.meters()},
      keywords_{processor.meters(), processor.keywords(), *processor.parameters().getRawParameterValue("first_note"),
                *processor.parameters().getRawParameterValue("sensitivity")},
      levels_{processor.input_level(), processor.output_level()},
      mix_{processor.parameters(), "mix"},
      limit_{processor.parameters(), "reduction_limit"},
      attack_{processor.parameters(), "attack"},
      release_{processor.parameters(), "release"},
      difference_gain_{processor.parameters(), "difference_gain"},
      sensitivity_{processor.parameters(), "sensitivity"},
      first_note_{processor.parameters(), "first_note"},
      note_length_{processor.parameters(), "note_length"},
      midi_channel_{processor.parameters(), "midi_channel"},
      link_{processor.parameters(), "link"} {
    for (auto* child : std::initializer_list<juce::Component*>{
             &before_, &after_, &meter_, &keywords_, &levels_, &widths_, &mix_, &limit_, &attack_, &release_,
             &difference_gain_, &link_, &sensitivity_, &first_note_, &note_length_, &midi_channel_})
        addAndMakeVisible(child);
    show(nullptr);
}

void PlayView::show(std::shared_ptr<const LoadedPreset> loaded) {
    widths_.show(loaded ? loaded->preset.get() : nullptr);
    words_ = loaded && loaded->preset->kind == TaskKind::keywords;
    keywords_.show(loaded);
    meter_.show(std::move(loaded));
    meter_.setVisible(!words_);
    keywords_.setVisible(words_);
    for (auto* control :
         std::initializer_list<juce::Component*>{&mix_, &limit_, &attack_, &release_, &difference_gain_, &link_})
        control->setVisible(!words_);
    for (auto* control :
         std::initializer_list<juce::Component*>{&sensitivity_, &first_note_, &note_length_, &midi_channel_})
        control->setVisible(words_);
    repaint();
}

/// Scrolling pictures cost the most, so the two spectrograms take turns, each 15 times a second.
void PlayView::refresh() {
    (refreshes_++ % 2 == 0 ? before_ : after_).advance(processor_.rate());
    if (words_)
        keywords_.refresh();
    else
        meter_.repaint();
    levels_.repaint();
}

void PlayView::paint(juce::Graphics& g) {
    const auto layout = layout_of(getLocalBounds());
    draw_card(g, layout.sound, "SPECTROGRAM");
    Spectrogram::paint_scale(g, layout.sound.reduced(14, 8).removeFromTop(16).removeFromRight(190));
    draw_card(g, layout.meter, meter_.title());
    draw_card(g, layout.levels, "LEVEL, dB");
    draw_card(g, layout.widths, "BITS OF EACH OPERATOR");
    draw_card(g, layout.controls, words_ ? "WORDS AND NOTES" : "DENOISER");
}

void PlayView::resized() {
    const auto layout = layout_of(getLocalBounds());
    auto sound = inside_card(layout.sound);
    const int picture = (sound.getHeight() - 6 - Spectrogram::axis_height) / 2;
    before_.setBounds(sound.removeFromTop(picture));
    after_.setBounds(sound.withTrimmedTop(6));
    meter_.setBounds(inside_card(layout.meter));
    keywords_.setBounds(inside_card(layout.meter));
    levels_.setBounds(inside_card(layout.levels));
    widths_.setBounds(inside_card(layout.widths));
    const auto place = [](juce::Rectangle<int> area, std::initializer_list<juce::Component*> controls) {
        const int width = area.getWidth() / static_cast<int>(controls.size());
        for (auto* control : controls) control->setBounds(area.removeFromLeft(width));
    };
    const auto controls = inside_card(layout.controls);
    place(controls, {&mix_, &limit_, &attack_, &release_, &difference_gain_, &link_});
    link_.setBounds(link_.getBounds().withSizeKeepingCentre(96, 34));
    place(controls, {&sensitivity_, &first_note_, &note_length_, &midi_channel_});
}

}  // namespace gruve::plugin

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
      keywords_{processor.meters(), processor.keywords(), *processor.parameters().getRawParameterValue(id::first_note)},
      levels_{processor.input_level(), processor.output_level()},
      mix_{processor.parameters(), id::mix,
           "How much of the processed sound is heard, in percent; the dry sound is aligned with it"},
      limit_{processor.parameters(), id::reduction_limit,
             "No band is turned down further than this, in dB; 60 means no limit"},
      attack_{processor.parameters(), id::attack, "Time constant of a rising band gain, in ms"},
      release_{processor.parameters(), id::release, "Time constant of a falling band gain, in ms"},
      difference_gain_{processor.parameters(), id::difference_gain,
                       "How much the difference A minus B is amplified, in dB"},
      first_note_{processor.parameters(), id::first_note,
                  "MIDI note of the first label; the next label is a semitone above"},
      note_length_{processor.parameters(), id::note_length, "Length of a detection's note, in ms"},
      midi_channel_{processor.parameters(), id::midi_channel, "MIDI channel of the notes, 1..16"},
      link_attachment_{processor.parameters(), id::link, link_} {
    link_.setTooltip(
        "Linked: both channels get the same gain per band, so that the stereo image stays. Off: each channel is "
        "cleaned by itself");
    for (auto* child : std::initializer_list<juce::Component*>{
             &before_, &after_, &meter_, &keywords_, &levels_, &widths_, &mix_, &limit_, &attack_, &release_,
             &difference_gain_, &link_, &first_note_, &note_length_, &midi_channel_})
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
    for (auto* control : std::initializer_list<juce::Component*>{&first_note_, &note_length_, &midi_channel_})
        control->setVisible(words_);
    repaint();
}

/// Pictures that scroll cost the most, so before and after take turns: 15 times a second each.
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
    draw_card(g, layout.controls, words_ ? "NOTES" : "DENOISER");
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
    place(controls, {&first_note_, &note_length_, &midi_channel_});
}

}  // namespace gruve::plugin

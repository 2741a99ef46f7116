#include "plugin/editor/views/slot_card.h"

#include "plugin/editor/style/text.h"
#include "plugin/editor/style/theme.h"

namespace gruve::plugin {

SlotCard::SlotCard(const juce::String& letter) : juce::Button{"Slot " + letter}, letter_{letter} {
    setTooltip("Listen to slot " + letter +
               ". Both slots process the same input; one that is not heard, matched or compared sleeps. Presets load "
               "into the one that is heard");
    setWantsKeyboardFocus(true);
    show(nullptr);
}

void SlotCard::show(std::shared_ptr<const LoadedPreset> loaded) {
    loaded_ = std::move(loaded);
    setTitle("Slot " + letter_ + ", " + (loaded_ ? utf8(loaded_->source) : juce::String("empty")));
    repaint();
}

void SlotCard::show_load(const CpuLoad& load, bool asleep) {
    const auto percent = [](double share) { return juce::String(100.0 * share, 2) + " %"; };
    juce::String line;
    if (load.peak <= 0)
        line << "CPU: no audio yet";
    else if (asleep)
        line << "Asleep until it is heard.  CPU before: median " << percent(load.median);
    else
        line << "CPU " << percent(load.now) << "  median " << percent(load.median) << "  peak " << percent(load.peak)
             << "  " << juce::String(load.median_us, 1) << juce::String::fromUTF8(" µs/block");
    if (line == load_text_) return;
    asleep_ = asleep;
    load_text_ = line;
    repaint();
}

void SlotCard::paintButton(juce::Graphics& g, bool highlighted, bool) {
    const bool heard = getToggleState();
    const auto frame = getLocalBounds().toFloat().reduced(1.0f);
    g.setColour(heard         ? colour::card.interpolatedWith(colour::accent, 0.05f)
                : highlighted ? colour::raised
                              : colour::card);
    g.fillRoundedRectangle(frame, 8.0f);
    g.setColour(heard ? colour::accent : colour::outline);
    g.drawRoundedRectangle(frame, 8.0f, heard ? 2.0f : 1.0f);
    if (hasKeyboardFocus(false)) draw_focus(g, frame.reduced(3.0f), 6.0f);

    auto area = getLocalBounds().reduced(12, 8);
    const auto letter = area.removeFromLeft(40);
    g.setColour(heard ? colour::accent : colour::dim);
    g.setFont(bold_font(34.0f));
    g.drawText(letter_, letter.withTrimmedBottom(14), juce::Justification::centred);
    g.setFont(plain_font(11.0f));
    if (heard) g.drawText("heard", letter.withTop(letter.getBottom() - 16), juce::Justification::centred);
    area.removeFromLeft(10);

    const int line = area.getHeight() / 4;
    g.setColour(colour::text);
    g.setFont(bold_font(16.0f));
    g.drawText(loaded_ ? utf8(loaded_->source) : juce::String("Empty"), area.removeFromTop(line),
               juce::Justification::centredLeft);
    if (!loaded_) {
        g.setFont(plain_font(13.0f));
        g.setColour(colour::dim);
        g.drawText("Audio passes unchanged, with the same latency.", area.removeFromTop(line),
                   juce::Justification::centredLeft);
        g.drawText("Click here and choose a preset above, or drop a .gruve file.", area.removeFromTop(line),
                   juce::Justification::centredLeft);
        return;
    }
    const Preset& preset = *loaded_->preset;
    const Scores& scores = shown_scores(preset);
    g.setFont(plain_font(12.5f));
    g.setColour(colour::dim);
    const juce::String measured = describe(scores);
    g.drawFittedText(measured.isEmpty() ? utf8(preset.task) : measured, area.removeFromTop(line),
                     juce::Justification::centredLeft, 1, 0.8f);
    juce::String facts;
    facts << bytes_text(loaded_->parameter_bytes) << " of parameters, " << bytes_text(loaded_->bytes.size())
          << " on disk, " << bytes_text(loaded_->resident_bytes) << " in memory, "
          << juce::roundToInt(steps_per_second(preset)) << " steps/s";
    g.drawFittedText(facts, area.removeFromTop(line), juce::Justification::centredLeft, 1, 0.8f);
    g.setColour(asleep_ ? colour::dim : colour::text);
    g.drawFittedText(load_text_, area, juce::Justification::centredLeft, 1, 0.8f);
}

}  // namespace gruve::plugin

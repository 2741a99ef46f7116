#include "plugin/editor/editor.h"

namespace gruve::plugin {

namespace {

constexpr int margin = 14, gap = 10;
constexpr int refreshes_per_reading = 10;  // three readings of the CPU load a second

struct Layout {
    juce::Rectangle<int> header, info, widths, meter, controls, footer;
};

Layout layout_of(juce::Rectangle<int> area) {
    area = area.reduced(margin, gap);
    Layout layout;
    layout.header = area.removeFromTop(34);
    area.removeFromTop(gap);
    layout.footer = area.removeFromBottom(22);
    area.removeFromBottom(4);
    layout.info = area.removeFromTop(98);
    area.removeFromTop(gap);
    layout.widths = area.removeFromTop(104);
    area.removeFromTop(gap);
    layout.controls = area.removeFromBottom(130);
    area.removeFromBottom(gap);
    layout.meter = area;
    return layout;
}

}  // namespace

Panel::Panel(Processor& processor)
    : processor_{processor},
      presets_{processor},
      meter_{processor.meters()},
      mix_{processor.parameters(), id::mix, "How much of the processed sound is heard, in percent"},
      limit_{processor.parameters(), id::reduction_limit, "No band is turned down further than this, in dB; 60 means no limit"},
      attack_{processor.parameters(), id::attack, "Time constant of a rising band gain, in ms"},
      release_{processor.parameters(), id::release, "Time constant of a falling band gain, in ms"},
      first_note_{processor.parameters(), id::first_note, "MIDI note of the first label; the next label is a semitone above"},
      note_length_{processor.parameters(), id::note_length, "Length of a detection's note, in ms"},
      midi_channel_{processor.parameters(), id::midi_channel, "MIDI channel of the notes, 1..16"},
      slot_attachment_{processor.parameters(), id::slot_b, slot_},
      live_attachment_{processor.parameters(), id::live, live_},
      bypass_attachment_{processor.parameters(), id::bypass, bypass_} {
    slot_.setTooltip("Slot B instead of A. Both run from the same input; presets load into the one that is heard");
    live_.setTooltip("5 ms of latency instead of 10 ms. A setting for the session: the host compensates anew");
    bypass_.setTooltip("The input, delayed by the same latency");
    for (auto* child : std::initializer_list<juce::Component*>{&presets_, &slot_, &live_, &bypass_, &info_, &widths_, &meter_, &mix_, &limit_, &attack_,
                                                               &release_, &first_note_, &note_length_, &midi_channel_})
        addChildComponent(child);
    for (auto* child : std::initializer_list<juce::Component*>{&presets_, &slot_, &live_, &bypass_, &info_, &widths_, &meter_}) child->setVisible(true);
    setSize(design_width, design_height);
    show(processor_.loaded());
    refresh();
}

void Panel::show(std::shared_ptr<const LoadedPreset> loaded) {
    shown_ = std::move(loaded);
    presets_.show(shown_ ? juce::String::fromUTF8(shown_->source.c_str()) : juce::String());
    info_.show(shown_);
    widths_.show(shown_ ? &shown_->preset->model : nullptr);
    meter_.show(shown_);
    const bool words = shown_ && shown_->preset->kind == TaskKind::keywords;
    for (auto* knob : {&mix_, &limit_, &attack_, &release_}) knob->setVisible(!words);
    for (auto* knob : {&first_note_, &note_length_, &midi_channel_}) knob->setVisible(words);
    repaint();
}

void Panel::refresh() {
    if (auto loaded = processor_.loaded(); loaded != shown_) show(std::move(loaded));
    const juce::String message = processor_.message();
    juce::String footer;
    if (processor_.rate() > 0)
        footer << juce::String(processor_.rate() / 1000.0, 1) << " kHz, latency "
               << juce::String(1000.0 * processor_.getLatencySamples() / processor_.rate(), 1) << " ms ("
               << processor_.getLatencySamples() << " samples)";
    if (message != message_ || footer != footer_) {
        message_ = message;
        footer_ = footer;
        repaint();
    }
    meter_.repaint();
    if (++refreshes_ % refreshes_per_reading != 0) return;
    slot_.setButtonText(processor_.heard_slot() == 0 ? "Slot A" : "Slot B");
    info_.show_load(processor_.cpu(processor_.heard_slot()));
}

void Panel::set_drop_target(bool on) {
    drop_target_ = on;
    repaint();
}

void Panel::paint(juce::Graphics& g) {
    const auto layout = layout_of(getLocalBounds());
    g.fillAll(colour::background);
    auto header = layout.header;
    g.setColour(colour::accent);
    g.setFont(bold_font(25.0f));
    g.drawText("gruve", header.removeFromLeft(90), juce::Justification::centredLeft);
    draw_card(g, layout.info, "PRESET");
    draw_card(g, layout.widths, "BITS OF EACH OPERATOR");
    draw_card(g, layout.meter, meter_.title());
    draw_card(g, layout.controls, shown_ && shown_->preset->kind == TaskKind::keywords ? "NOTES" : "DENOISER");
    g.setFont(plain_font(13.0f));
    g.setColour(message_.isEmpty() ? colour::dim : colour::error);
    auto footer = layout.footer;
    const auto right = footer.removeFromRight(230);
    g.drawFittedText(message_.isEmpty() ? juce::String(processor_.busy() ? "Loading" : "Ready") : message_, footer, juce::Justification::centredLeft, 1);
    g.setColour(colour::dim);
    g.drawText(footer_, right, juce::Justification::centredRight);
}

void Panel::paintOverChildren(juce::Graphics& g) {
    if (!drop_target_) return;
    g.setColour(colour::accent.withAlpha(0.15f));
    g.fillAll();
    g.setColour(colour::accent);
    g.drawRoundedRectangle(getLocalBounds().toFloat().reduced(4.0f), 8.0f, 2.0f);
}

void Panel::resized() {
    auto layout = layout_of(getLocalBounds());
    auto header = layout.header.withTrimmedLeft(90);
    bypass_.setBounds(header.removeFromRight(80));
    header.removeFromRight(8);
    live_.setBounds(header.removeFromRight(64));
    header.removeFromRight(8);
    slot_.setBounds(header.removeFromRight(64));
    header.removeFromRight(12);
    presets_.setBounds(header);
    info_.setBounds(inside_card(layout.info));
    widths_.setBounds(inside_card(layout.widths));
    meter_.setBounds(inside_card(layout.meter));
    const auto place = [](juce::Rectangle<int> area, std::initializer_list<Knob*> knobs) {
        const int width = area.getWidth() / static_cast<int>(knobs.size());
        for (auto* knob : knobs) knob->setBounds(area.removeFromLeft(width));
    };
    const auto controls = inside_card(layout.controls).withTrimmedTop(-16);
    place(controls, {&mix_, &limit_, &attack_, &release_});
    place(controls, {&first_note_, &note_length_, &midi_channel_});
}

Editor::Editor(Processor& gruve) : AudioProcessorEditor{gruve}, gruve_{gruve}, panel_{gruve} {
    setLookAndFeel(&theme_);
    addAndMakeVisible(panel_);
    constexpr double ratio = static_cast<double>(Panel::design_width) / Panel::design_height;
    setResizable(true, true);
    setResizeLimits(Panel::design_width * 3 / 4, Panel::design_height * 3 / 4, Panel::design_width * 5 / 2, Panel::design_height * 5 / 2);
    getConstrainer()->setFixedAspectRatio(ratio);
    setSize(Panel::design_width, Panel::design_height);
    startTimerHz(30);
}

Editor::~Editor() { setLookAndFeel(nullptr); }

void Editor::resized() {
    const float scale = static_cast<float>(getWidth()) / static_cast<float>(Panel::design_width);
    panel_.setTransform(juce::AffineTransform::scale(scale));
    panel_.setTopLeftPosition(0, 0);
}

bool Editor::isInterestedInFileDrag(const juce::StringArray& files) {
    return files.size() == 1 && files[0].endsWithIgnoreCase(".gruve");
}

void Editor::filesDropped(const juce::StringArray& files, int, int) {
    panel_.set_drop_target(false);
    gruve_.load_file(juce::File(files[0]));
}

}  // namespace gruve::plugin

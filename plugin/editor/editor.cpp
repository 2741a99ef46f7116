#include "plugin/editor/editor.h"

#include <algorithm>
#include <utility>

#include "plugin/editor/pages/diagnostics.h"
#include "plugin/editor/pages/user_folders.h"
#include "plugin/editor/style/text.h"
#include "plugin/parameters/parameters.h"

namespace gruve::plugin {

namespace {

constexpr int margin = 14, gap = 10;
constexpr int refreshes_per_reading = 10;  // three readings of the CPU load a second

struct Layout {
    juce::Rectangle<int> header, slots, page, footer;
};

Layout layout_of(juce::Rectangle<int> area) {
    area = area.reduced(margin, gap);
    Layout layout;
    layout.header = area.removeFromTop(34);
    area.removeFromTop(gap);
    layout.slots = area.removeFromTop(96);
    area.removeFromTop(gap);
    layout.footer = area.removeFromBottom(24);
    area.removeFromBottom(6);
    layout.page = area;
    return layout;
}

constexpr int switches_width = 96;  // width of the buttons between the two slots

}  // namespace

Panel::Panel(Processor& processor)
    : processor_{processor},
      library_{user_folders()},
      presets_{processor, library_},
      match_{processor.parameters(), "match"},
      difference_{processor.parameters(), "difference"},
      bypass_{processor.parameters(), "bypass"},
      latency_{processor.parameters()},
      play_{processor},
      browser_{processor, library_},
      abx_{processor} {
    constexpr std::array<const char*, 3> names = {"Play", "Browse", "ABX"};
    constexpr std::array<const char*, 3> tooltips = {"Spectrograms, meters and the controls",
                                                     "All presets: size, metric, CPU load, model card",
                                                     "A blind test of slot A against slot B"};
    for (std::size_t i = 0; i < pages_.size(); ++i) {
        pages_[i].setButtonText(names[i]);
        pages_[i].setTooltip(tooltips[i]);
        pages_[i].onClick = [this, i] { turn_to(static_cast<Page>(i)); };
        addAndMakeVisible(pages_[i]);
    }
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        slots_[i].onClick = [this, i] { select_slot(i); };
        addAndMakeVisible(slots_[i]);
    }
    copy_.setTooltip("Copies version, host, audio format, presets and CPU load to the clipboard, to report a problem");
    copy_.onClick = [this] { copy_diagnostics(); };
    warn_when_on(difference_);
    warn_when_on(bypass_);
    browser_.on_folder = [this] { add_folder(); };
    for (auto* child : std::initializer_list<juce::Component*>{&presets_, &match_, &difference_, &latency_, &bypass_,
                                                               &copy_, &status_})
        addAndMakeVisible(child);
    for (auto* page : std::initializer_list<juce::Component*>{&play_, &browser_, &abx_}) addChildComponent(page);
    setSize(design_width, design_height);
    turn_to(Page::play);
    refresh();
    show_slots();
}

void Panel::turn_to(Page page) {
    if (page != Page::abx) abx_.stop();
    page_ = page;
    const std::array<juce::Component*, 3> views = {&play_, &browser_, &abx_};
    for (std::size_t i = 0; i < views.size(); ++i) {
        const bool on = i == static_cast<std::size_t>(page);
        views[i]->setVisible(on);
        pages_[i].setToggleState(on, juce::dontSendNotification);
    }
    if (page == Page::abx && isShowing()) abx_.grabKeyboardFocus();
    repaint();
}

void Panel::select_slot(std::size_t slot) {
    auto& parameter = parameter_of(processor_.parameters(), "slot_b");
    parameter.beginChangeGesture();
    parameter.setValueNotifyingHost(slot == 0 ? 0.0f : 1.0f);
    parameter.endChangeGesture();
}

void Panel::add_folder() {
    dialog_ = std::make_unique<juce::FileChooser>("Add a folder of presets");
    dialog_->launchAsync(juce::FileBrowserComponent::openMode | juce::FileBrowserComponent::canSelectDirectories,
                         [this](const juce::FileChooser& dialog) {
                             if (const auto folder = dialog.getResult(); folder.isDirectory())
                                 library_.scan(add_user_folder(folder));
                         });
}

void Panel::show_slots() {
    heard_ = processor_.heard_slot();
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        shown_[i] = processor_.loaded(i);
        slots_[i].show(shown_[i]);
        slots_[i].setToggleState(i == heard_, juce::dontSendNotification);
    }
    play_.show(shown_[heard_]);
}

void Panel::refresh() {
    if (processor_.heard_slot() != heard_ || processor_.loaded(0) != shown_[0] || processor_.loaded(1) != shown_[1])
        show_slots();
    presets_.refresh(shown_[heard_] ? utf8(shown_[heard_]->source) : juce::String());
    if (page_ == Page::play) play_.refresh();
    if (page_ == Page::browse) browser_.refresh();
    if (++refreshes_ % refreshes_per_reading != 0) return;

    // During a blind test the slot cards must not reveal which slot is heard, and clicks on them have no effect.
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        slots_[i].show_load(processor_.cpu(i), processor_.asleep(i));
        slots_[i].setEnabled(!abx_.running());
        slots_[i].setToggleState(i == heard_ && !abx_.running(), juce::dontSendNotification);
    }
    if (page_ == Page::abx) abx_.refresh();
    show_status();
    // Loudness is matched only between two denoisers.
    const bool denoisers = std::ranges::all_of(
        shown_, [](const auto& loaded) { return loaded && loaded->preset->kind == TaskKind::denoise; });
    const double offset_db = processor_.loudness_offset_db();
    const juce::String offset =
        denoisers ? "B " + minus((offset_db > -0.005 ? "+" : "-") + juce::String(std::abs(offset_db), 2)) + " dB"
                  : juce::String();
    if (std::exchange(offset_, offset) != offset) repaint(layout_of(getLocalBounds()).slots);
}

void Panel::show_status() {
    juce::String stream;
    if (processor_.rate() <= 0)
        stream << "No audio yet";
    else
        stream << juce::String(processor_.rate() / 1000.0, 1) << " kHz, latency "
               << juce::String(1000.0 * processor_.getLatencySamples() / processor_.rate(), 1) << " ms ("
               << processor_.getLatencySamples() << " samples)";
    if (done_refreshes_ > 0)
        --done_refreshes_;
    else
        done_ = {};
    status_.show(processor_.message(),
                 processor_.busy() ? juce::String("Loading")
                 : done_.isEmpty() ? juce::String("Ready")
                                   : done_,
                 stream);
}

void Panel::copy_diagnostics() {
    juce::SystemClipboard::copyTextToClipboard(diagnostics(processor_));
    done_ = "Diagnostics are on the clipboard";
    done_refreshes_ = 9;  // three seconds
    show_status();
}

std::size_t Panel::slot_at(juce::Point<int> at) const {
    for (std::size_t i = 0; i < slots_.size(); ++i)
        if (slots_[i].getBounds().contains(at)) return i;
    return processor_.heard_slot();
}

void Panel::set_drop_target(std::optional<std::size_t> slot) {
    if (std::exchange(drop_target_, slot) != slot) repaint();
}

void Panel::paint(juce::Graphics& g) {
    const auto layout = layout_of(getLocalBounds());
    g.fillAll(colour::background);
    g.setColour(colour::accent);
    g.setFont(bold_font(25.0f));
    g.drawText("gruve", layout.header, juce::Justification::centredLeft);
    if (page_ != Page::play) {
        g.setColour(colour::card);
        g.fillRoundedRectangle(layout.page.toFloat(), 8.0f);
        g.setColour(colour::outline);
        g.drawRoundedRectangle(layout.page.toFloat().reduced(0.5f), 8.0f, 1.0f);
    }
    g.setFont(plain_font(12.5f));
    g.setColour(colour::dim);
    g.drawText(offset_, layout.slots.withSizeKeepingCentre(switches_width, 20).withBottomY(layout.slots.getBottom()),
               juce::Justification::centred);
}

void Panel::paintOverChildren(juce::Graphics& g) {
    if (!drop_target_) return;
    const auto card = slots_[*drop_target_].getBounds().toFloat();
    g.setColour(colour::background.withAlpha(0.85f));
    g.fillRoundedRectangle(card, 8.0f);
    g.setColour(colour::accent);
    g.drawRoundedRectangle(card.reduced(1.0f), 8.0f, 2.0f);
    g.setFont(bold_font(16.0f));
    g.drawText("Drop to load into " + juce::String(*drop_target_ == 0 ? "A" : "B"), card, juce::Justification::centred);
}

void Panel::resized() {
    auto layout = layout_of(getLocalBounds());
    auto header = layout.header.withTrimmedLeft(90);
    const auto right = [&](juce::Component& component, int width) {
        component.setBounds(header.removeFromRight(width));
        header.removeFromRight(6);
    };
    right(bypass_, 76);
    right(latency_, 136);
    header.removeFromRight(10);
    right(pages_[2], 64);
    right(pages_[1], 76);
    right(pages_[0], 64);
    header.removeFromRight(10);
    presets_.setBounds(header);

    auto slots = layout.slots;
    const int width = (slots.getWidth() - switches_width - 2 * gap) / 2;
    slots_[0].setBounds(slots.removeFromLeft(width));
    slots_[1].setBounds(slots.removeFromRight(width));
    auto switches = slots.reduced(gap, 2);
    match_.setBounds(switches.removeFromTop(32));
    switches.removeFromTop(6);
    difference_.setBounds(switches.removeFromTop(32));

    play_.setBounds(layout.page);
    browser_.setBounds(layout.page.reduced(14));
    abx_.setBounds(layout.page.reduced(14));
    copy_.setBounds(layout.footer.removeFromRight(130));
    status_.setBounds(layout.footer.withTrimmedRight(10));
}

Editor::Editor(Processor& gruve) : AudioProcessorEditor{gruve}, gruve_{gruve}, panel_{gruve} {
    setLookAndFeel(&theme_);
    addAndMakeVisible(panel_);
    constexpr double ratio = static_cast<double>(Panel::design_width) / Panel::design_height;
    setResizable(true, true);
    setResizeLimits(Panel::design_width * 3 / 4, Panel::design_height * 3 / 4, Panel::design_width * 5 / 2,
                    Panel::design_height * 5 / 2);
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

void Editor::filesDropped(const juce::StringArray& files, int x, int y) {
    panel_.set_drop_target(std::nullopt);
    gruve_.load_file(juce::File(files[0]), panel_.slot_at(panel_.getLocalPoint(this, juce::Point(x, y))));
}

juce::AudioProcessorEditor* Processor::createEditor() { return new Editor(*this); }

}  // namespace gruve::plugin

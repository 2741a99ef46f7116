#include "plugin/editor/pages/preset_browser.h"

#include "plugin/editor/style/text.h"
#include "plugin/editor/style/theme.h"

namespace gruve::plugin {

namespace {

constexpr int row_height = 24, gap = 8;
constexpr std::array<const char*, 5> sort_names = {"Task", "Name", "Bytes", "Metric", "CPU"};
constexpr std::array<SortBy, 5> sort_of_column = {SortBy::name, SortBy::task, SortBy::bytes, SortBy::metric,
                                                  SortBy::cpu};

/// The cells of a row: name, task, bytes, metric, CPU.
std::array<juce::Rectangle<int>, 5> cells_of(juce::Rectangle<int> row) {
    row = row.reduced(8, 0);
    const int width = row.getWidth();
    std::array<juce::Rectangle<int>, 5> cells;
    constexpr std::array<double, 5> shares = {0.40, 0.20, 0.14, 0.13, 0.13};
    for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = row.removeFromLeft(juce::roundToInt(shares[i] * width));
    return cells;
}

void draw_row(juce::Graphics& g, juce::Rectangle<int> row, const std::array<juce::String, 5>& values) {
    const auto cells = cells_of(row);
    for (std::size_t i = 0; i < cells.size(); ++i)
        g.drawFittedText(values[i], cells[i].withTrimmedRight(i < 2 ? 6 : 0),
                         i < 2 ? juce::Justification::centredLeft : juce::Justification::centredRight, 1, 0.8f);
}

}  // namespace

void load_entry(Processor& processor, const LibraryEntry& entry, std::size_t slot) {
    if (entry.path.empty())
        processor.load_bytes(entry.loaded->bytes, utf8(entry.name), slot);
    else
        processor.load_file(juce::File(utf8(entry.path.string())), slot);
}

PresetBrowser::PresetBrowser(Processor& processor, PresetLibrary& library) : processor_{processor}, library_{library} {
    search_.setTextToShowWhenEmpty("Search name, task, data", colour::dim);
    search_.setTitle("Search presets");
    search_.setTooltip("Lists the presets whose name, task or training data contain this text");
    search_.onTextChange = [this] { fill(); };
    search_.setFont(plain_font(14.0f));
    search_.setJustification(juce::Justification::centredLeft);
    search_.setIndents(8, 0);
    for (std::size_t i = 0; i < sort_names.size(); ++i)
        sort_.addItem("Sort by " + juce::String(sort_names[i]).toLowerCase().replace("cpu", "CPU"),
                      static_cast<int>(i) + 1);
    sort_.setSelectedId(1, juce::dontSendNotification);
    sort_.setTitle("Sort");
    sort_.setTooltip("Order of the list. Smallest size, best metric or lowest CPU load first");
    sort_.setWantsKeyboardFocus(true);
    sort_.onChange = [this] { fill(); };
    list_.setRowHeight(row_height);
    list_.setTitle("Presets");
    load_a_.setTooltip("Loads the selected preset into slot A");
    load_b_.setTooltip("Loads the selected preset into slot B");
    folder_.setTooltip("Also lists the .gruve files of another folder");
    rescan_.setTooltip("Reads all folders again");
    load_a_.onClick = [this] { load(list_.getSelectedRow(), 0); };
    load_b_.onClick = [this] { load(list_.getSelectedRow(), 1); };
    folder_.onClick = [this] {
        if (on_folder) on_folder();
    };
    rescan_.onClick = [this] { library_.scan(library_.folders()); };
    card_.setMultiLine(true);
    card_.setReadOnly(true);
    card_.setCaretVisible(false);
    card_.setScrollToShowCursor(false);
    card_.setScrollbarsShown(true);
    card_.setIndents(8, 6);
    card_.setTitle("Model card");
    card_.setFont(plain_font(13.0f));
    plot_.on_choose = [this](const LibraryEntry& entry) { list_.selectRow(row_of(entry)); };
    plot_.on_load = [this](const LibraryEntry& entry) { load(row_of(entry), processor_.heard_slot()); };
    for (auto* child : std::initializer_list<juce::Component*>{&search_, &sort_, &list_, &load_a_, &load_b_, &folder_,
                                                               &rescan_, &plot_, &widths_, &card_})
        addAndMakeVisible(child);
    refresh();
}

void PresetBrowser::refresh() {
    if (auto content = library_.content(); content != content_) {
        content_ = std::move(content);
        fill();
    }
    SlotSources now;
    for (std::size_t i = 0; i < now.size(); ++i)
        if (const auto loaded = processor_.loaded(i)) now[i] = loaded->source;
    if (now == in_slots_) return;
    in_slots_ = now;
    choose(list_.getSelectedRow());
    list_.repaint();
}

void PresetBrowser::fill() {
    const int before = list_.getSelectedRow();
    const juce::String chosen = before >= 0 ? getNameForRow(before)
                                : processor_.loaded()
                                    ? utf8(processor_.loaded()->source).upToLastOccurrenceOf(".gruve", false, true)
                                    : juce::String();
    rows_ = select_entries(content_->entries, search_.getText().toStdString(),
                           static_cast<SortBy>(juce::jmax(0, sort_.getSelectedItemIndex())));
    list_.updateContent();
    list_.deselectAllRows();
    int row = rows_.empty() ? -1 : 0;
    for (int i = 0; i < getNumRows(); ++i)
        if (getNameForRow(i) == chosen) row = i;
    if (row >= 0)
        list_.selectRow(row);
    else
        choose(-1);
    list_.repaint();
    repaint();
}

int PresetBrowser::row_of(const LibraryEntry& entry) const {
    for (std::size_t i = 0; i < rows_.size(); ++i)
        if (rows_[i].name == entry.name && rows_[i].path == entry.path) return static_cast<int>(i);
    return -1;
}

void PresetBrowser::choose(int row) {
    const bool any = row >= 0 && row < getNumRows();
    const LibraryEntry* entry = any ? &rows_[static_cast<std::size_t>(row)] : nullptr;
    plot_.show(rows_, entry, in_slots_);
    widths_.show(entry ? &entry->preset() : nullptr);
    show_card(entry ? card_text(entry->preset(), entry->loaded->bytes.size(), entry->loaded->resident_bytes)
                    : juce::String());
    load_a_.setEnabled(any);
    load_b_.setEnabled(any);
}

void PresetBrowser::show_card(const juce::String& text) {
    card_.clear();
    for (const auto& line : juce::StringArray::fromLines(text)) {
        const bool heading = line.startsWith("# ");
        card_.setFont(heading ? bold_font(13.5f) : plain_font(13.0f));
        card_.setColour(juce::TextEditor::textColourId, heading ? colour::accent : colour::text);
        card_.insertTextAtCaret((heading ? line.substring(2) : line) + "\n");
    }
    card_.moveCaretToTop(false);
}

void PresetBrowser::load(int row, std::size_t slot) {
    if (row >= 0 && row < getNumRows()) load_entry(processor_, rows_[static_cast<std::size_t>(row)], slot);
}

juce::String PresetBrowser::getNameForRow(int row) {
    return row >= 0 && row < getNumRows() ? utf8(rows_[static_cast<std::size_t>(row)].name) : juce::String();
}

void PresetBrowser::paintListBoxItem(int row, juce::Graphics& g, int width, int height, bool selected) {
    if (row < 0 || row >= getNumRows()) return;
    const auto& entry = rows_[static_cast<std::size_t>(row)];
    if (selected) {
        g.setColour(colour::track);
        g.fillRoundedRectangle(juce::Rectangle<int>(width, height).toFloat().reduced(1.0f), 4.0f);
    }
    auto name = cells_of({width, height})[0].withTrimmedRight(8);
    for (std::size_t slot = in_slots_.size(); slot-- > 0;)
        if (in_slots_[slot] == source_of(entry)) {
            const auto badge = name.removeFromRight(20).withSizeKeepingCentre(16, 16).toFloat();
            g.setColour(colour::accent);
            g.fillRoundedRectangle(badge, 4.0f);
            g.setColour(colour::background);
            g.setFont(bold_font(12.0f));
            g.drawText(slot == 0 ? "A" : "B", badge, juce::Justification::centred);
        }
    g.setColour((entry.path.empty() ? colour::text : colour::warm).withMultipliedAlpha(too_late(entry) ? 0.45f : 1.0f));
    g.setFont(plain_font(13.5f));
    draw_row(g, {width, height},
             {utf8(entry.name), utf8(entry.preset().task), bytes_text(entry.loaded->parameter_bytes),
              metric_text(entry.scores()), juce::String(100.0 * entry.network_share, 3) + " %"});
}

void PresetBrowser::paint(juce::Graphics& g) {
    g.setColour(colour::dim);
    g.setFont(bold_font(12.0f));
    std::array<juce::String, 5> names{"PRESET", "TASK", "BYTES", "METRIC", "CPU*"};
    for (std::size_t i = 0; i < names.size(); ++i)
        if (static_cast<int>(sort_of_column[i]) == sort_.getSelectedItemIndex())
            names[i] << juce::String::fromUTF8(" ▾");
    draw_row(g, heading(), names);
    g.setFont(plain_font(11.5f));
    juce::String note = "* The network alone, one channel, measured on this machine. Orange: from your folders.";
    if (content_ && !content_->problems.empty())
        note = utf8(content_->problems.front()) +
               (content_->problems.size() > 1 ? " (and " + juce::String(content_->problems.size() - 1) + " more)"
                                              : juce::String());
    g.setColour(content_ && !content_->problems.empty() ? colour::error : colour::dim);
    g.drawFittedText(library_.scanning() ? juce::String(juce::String::fromUTF8("Reading presets…")) : note,
                     heading_.withY(list_.getBottom() + 2).withHeight(18), juce::Justification::centredLeft, 1, 0.8f);
}

void PresetBrowser::paintOverChildren(juce::Graphics& g) {
    if (!rows_.empty() || library_.scanning()) return;
    g.setColour(colour::dim);
    g.setFont(plain_font(14.0f));
    g.drawFittedText(search_.isEmpty() ? juce::String("No presets here yet. Add a folder that contains .gruve files.")
                                       : juce::String::fromUTF8("No preset has a name, task or data with “") +
                                             search_.getText() + juce::String::fromUTF8("”."),
                     list_.getBounds().reduced(20), juce::Justification::centred, 3);
}

/// As wide as a row of the list, which is narrower when the scroll bar is visible.
juce::Rectangle<int> PresetBrowser::heading() const { return heading_.withWidth(list_.getVisibleRowWidth()); }

int PresetBrowser::column_at(juce::Point<int> at) const {
    const auto cells = cells_of(heading());
    for (std::size_t i = 0; i < cells.size(); ++i)
        if (cells[i].contains(at)) return static_cast<int>(i);
    return -1;
}

void PresetBrowser::mouseMove(const juce::MouseEvent& event) {
    setMouseCursor(column_at(event.getPosition()) >= 0 ? juce::MouseCursor::PointingHandCursor
                                                       : juce::MouseCursor::NormalCursor);
}

void PresetBrowser::mouseUp(const juce::MouseEvent& event) {
    if (const int column = column_at(event.getPosition()); column >= 0)
        sort_.setSelectedItemIndex(static_cast<int>(sort_of_column[static_cast<std::size_t>(column)]));
}

bool PresetBrowser::too_late(const LibraryEntry& entry) const {
    return entry.preset().kind == TaskKind::denoise && processor_.rate() > 0 &&
           entry.preset().denoiser.delay_s() > processor_.getLatencySamples() / processor_.rate() + 0.001;
}

juce::String PresetBrowser::getTooltipForRow(int row) {
    if (row < 0 || row >= getNumRows()) return {};
    const auto& entry = rows_[static_cast<std::size_t>(row)];
    return too_late(entry) ? "Needs " + juce::String(juce::roundToInt(1000.0 * entry.preset().denoiser.delay_s())) +
                                 " ms of latency: " + latency_advice(entry.preset().denoiser)
                           : juce::String("Double-click or press Return to load it into the slot that is heard");
}

void PresetBrowser::resized() {
    auto area = getLocalBounds();
    auto left = area.removeFromLeft(area.getWidth() * 52 / 100);
    area.removeFromLeft(2 * gap);
    auto top = left.removeFromTop(30);
    sort_.setBounds(top.removeFromRight(150));
    top.removeFromRight(gap);
    search_.setBounds(top);
    left.removeFromTop(gap);
    heading_ = left.removeFromTop(20);
    auto buttons = left.removeFromBottom(30);
    left.removeFromBottom(22);
    list_.setBounds(left);
    const int width = (buttons.getWidth() - 3 * gap) / 4;
    for (auto* button : {&load_a_, &load_b_, &folder_, &rescan_}) {
        button->setBounds(buttons.removeFromLeft(width));
        buttons.removeFromLeft(gap);
    }
    plot_.setBounds(area.removeFromTop(area.getHeight() * 42 / 100));
    area.removeFromTop(gap);
    widths_.setBounds(area.removeFromTop(64));
    area.removeFromTop(gap);
    card_.setBounds(area);
}

}  // namespace gruve::plugin

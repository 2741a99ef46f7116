#include "plugin/editor/views/keyword_view.h"

#include "engine/streaming/sensitivity.h"
#include "plugin/editor/style/theme.h"

namespace gruve::plugin {

namespace {

constexpr std::size_t shown_refreshes = 180;  // 6 s at 30 refreshes a second
constexpr int log_height = 72, line_height = 18;

const std::vector<std::string>* labels_of(const LoadedPreset* loaded) {
    return loaded && loaded->preset->kind == TaskKind::keywords ? &loaded->preset->labels : nullptr;
}

}  // namespace

juce::String text_of(const std::vector<LoggedDetection>& log, const std::vector<std::string>& labels) {
    juce::String text;
    for (const LoggedDetection& d : log) {
        const auto label = static_cast<std::size_t>(d.label);
        text << juce::String(d.seconds, 3) << " s  "
             << (label < labels.size() ? juce::String::fromUTF8(labels[label].c_str()) : "?") << "  "
             << juce::String(d.score, 2) << "\n";
    }
    return text;
}

KeywordView::KeywordView(const Meters& meters, const KeywordOutput& output, const std::atomic<float>& first_note,
                         const std::atomic<float>& sensitivity)
    : meters_{meters}, output_{output}, first_note_{first_note}, sensitivity_percent_{sensitivity} {
    setTitle("Words heard");
    copy_.setTooltip("Copies the last detections to the clipboard, one per line: time, word, score");
    copy_.onClick = [this] {
        if (const auto* labels = labels_of(loaded_.get()))
            juce::SystemClipboard::copyTextToClipboard(text_of(output_.last(loaded_->number), *labels));
    };
    addAndMakeVisible(copy_);
}

void KeywordView::show(std::shared_ptr<const LoadedPreset> loaded) {
    loaded_ = std::move(loaded);
    history_.clear();
    repaint();
}

void KeywordView::refresh() {
    std::vector<float> now(static_cast<std::size_t>(meters_.count()));
    for (std::size_t i = 0; i < now.size(); ++i) now[i] = meters_.value(static_cast<int>(i));
    history_.push_back(std::move(now));
    if (history_.size() > shown_refreshes) history_.pop_front();
    repaint();
}

void KeywordView::resized() {
    copy_.setBounds(getLocalBounds().removeFromBottom(log_height).removeFromRight(86).removeFromBottom(26));
}

void KeywordView::paint(juce::Graphics& g) {
    const auto* labels = labels_of(loaded_.get());
    if (!labels || labels->empty()) return;
    auto area = getLocalBounds();
    auto log = area.removeFromBottom(log_height).withTrimmedRight(90);
    const std::size_t first = labels->front() == "other" ? 1 : 0;  // "other" is never detected
    thresholds_.resize(labels->size());
    thresholds_at(loaded_->preset->detection, sensitivity_percent_.load() / 100.0f, thresholds_);
    const float row =
        static_cast<float>(area.getHeight()) / static_cast<float>(std::max<std::size_t>(1, labels->size() - first));
    for (std::size_t word = first; word < labels->size(); ++word)
        paint_word(
            g,
            {static_cast<float>(area.getX()), static_cast<float>(area.getY()) + row * static_cast<float>(word - first),
             static_cast<float>(area.getWidth()), row},
            word);

    auto last = output_.last(loaded_->number);
    const auto lines = static_cast<std::size_t>(log.getHeight() / line_height);
    if (last.size() > lines) last.erase(last.begin(), last.end() - static_cast<std::ptrdiff_t>(lines));
    g.setFont(plain_font(13.0f));
    g.setColour(last.empty() ? colour::dim : colour::text);
    auto texts = juce::StringArray::fromLines(last.empty() ? "No word heard yet" : text_of(last, *labels).trimEnd());
    for (const auto& line : texts) g.drawText(line, log.removeFromTop(line_height), juce::Justification::centredLeft);
}

void KeywordView::paint_word(juce::Graphics& g, juce::Rectangle<float> row, std::size_t word) const {
    row = row.reduced(0.0f, juce::jmin(2.0f, row.getHeight() * 0.1f));
    g.setColour(colour::dim);
    g.setFont(plain_font(juce::jmin(14.0f, row.getHeight() * 0.8f)));
    g.drawText(juce::String::fromUTF8(loaded_->preset->labels[word].c_str()),
               row.removeFromLeft(92.0f).withTrimmedRight(8.0f), juce::Justification::centredRight);
    const int note = juce::roundToInt(first_note_.load()) + static_cast<int>(word);
    g.drawText(note < 128 ? "note " + juce::String(note) : juce::String("no note"), row.removeFromRight(62.0f),
               juce::Justification::centredRight);
    g.setColour(colour::background);
    g.fillRoundedRectangle(row, 3.0f);
    const auto y_of = [&](float value) { return row.getBottom() - row.getHeight() * juce::jlimit(0.0f, 1.0f, value); };
    const float step = row.getWidth() / static_cast<float>(shown_refreshes - 1);
    float x = row.getRight() - step * static_cast<float>(history_.size());
    const float threshold = thresholds_[word];
    for (const auto& values : history_) {
        x += step;
        if (word >= values.size() || values[word] < 0.01f) continue;
        g.setColour(values[word] >= threshold ? colour::warm : colour::accent);
        g.fillRect(juce::Rectangle<float>::leftTopRightBottom(x - step, y_of(values[word]), x + 0.5f, row.getBottom()));
    }
    g.setColour(colour::text.withAlpha(0.7f));
    g.drawHorizontalLine(juce::roundToInt(y_of(threshold)), row.getX(), row.getRight());
}

}  // namespace gruve::plugin

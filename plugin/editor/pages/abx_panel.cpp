#include "plugin/editor/pages/abx_panel.h"

#include "plugin/editor/style/text.h"
#include "plugin/editor/style/theme.h"

namespace gruve::plugin {

namespace {
constexpr std::array<int, 4> trial_counts = {8, 12, 16, 24};
}

AbxPanel::AbxPanel(Processor& processor) : processor_{processor} {
    for (int n : trial_counts) trials_.addItem(juce::String(n) + " trials", n);
    trials_.setSelectedId(16, juce::dontSendNotification);
    trials_.setTitle("Number of trials");
    trials_.setTooltip("Number of trials. X is drawn anew in each. Decide before you start");
    trials_.setWantsKeyboardFocus(true);
    trials_.onChange = [this] { repaint(); };
    start_.setTooltip("Starts a blind test of slot A against slot B, matched in loudness");
    a_.setTooltip("Slot A (key A)");
    b_.setTooltip("Slot B (key B)");
    x_.setTooltip("X: either A or B, hidden (key X)");
    is_a_.setTooltip("Answer: X is A (key 1)");
    is_b_.setTooltip("Answer: X is B (key 2)");
    copy_.setTooltip("Copies the names, the answers and the p-value to the clipboard");
    start_.onClick = [this] { running_ ? stop() : start(); };
    a_.onClick = [this] { listen(Heard::a); };
    b_.onClick = [this] { listen(Heard::b); };
    x_.onClick = [this] { listen(Heard::x); };
    is_a_.onClick = [this] { answer(0); };
    is_b_.onClick = [this] { answer(1); };
    copy_.onClick = [this] { juce::SystemClipboard::copyTextToClipboard(report()); };
    for (auto* child :
         std::initializer_list<juce::Component*>{&trials_, &start_, &a_, &b_, &x_, &is_a_, &is_b_, &copy_})
        addAndMakeVisible(child);
    setWantsKeyboardFocus(true);
    setTitle("Blind test");
    refresh();
}

AbxPanel::~AbxPanel() { processor_.listen_blind(std::nullopt); }

void AbxPanel::start() {
    for (std::size_t i = 0; i < names_.size(); ++i)
        names_[i] = processor_.loaded(i) ? processor_.loaded(i)->source : "nothing";
    test_.emplace(trials_.getSelectedId());
    running_ = true;
    listen(Heard::x);
    refresh();
}

void AbxPanel::stop() {
    running_ = false;
    if (test_ && !test_->done()) test_.reset();
    processor_.listen_blind(std::nullopt);
    refresh();
}

void AbxPanel::listen(Heard what) {
    if (!running_) return;
    heard_ = what;
    processor_.listen_blind(what == Heard::a ? 0 : what == Heard::b ? 1 : test_->hidden());
    refresh();
}

void AbxPanel::answer(std::size_t slot) {
    if (!running_) return;
    test_->answer(slot);
    if (test_->done()) {
        offset_db_ = processor_.loudness_offset_db();
        stop();
    } else
        listen(Heard::x);
    refresh();
}

juce::String AbxPanel::report() const {
    return test_ && !running_ ? utf8(test_->report(names_[0], names_[1], offset_db_)) : juce::String();
}

void AbxPanel::refresh() {
    // A new preset in either slot makes the earlier answers void.
    if (running_)
        for (std::size_t i = 0; i < names_.size(); ++i)
            if (const auto loaded = processor_.loaded(i); (loaded ? loaded->source : "nothing") != names_[i]) {
                test_.reset();
                running_ = false;
                processor_.listen_blind(std::nullopt);
                break;
            }
    start_.setButtonText(running_ ? "Stop" : test_ ? "Start again" : "Start");
    trials_.setEnabled(!running_);
    for (auto* button : {&a_, &b_, &x_, &is_a_, &is_b_}) button->setEnabled(running_);
    copy_.setEnabled(test_ && !running_);
    a_.setToggleState(running_ && heard_ == Heard::a, juce::dontSendNotification);
    b_.setToggleState(running_ && heard_ == Heard::b, juce::dontSendNotification);
    x_.setToggleState(running_ && heard_ == Heard::x, juce::dontSendNotification);
    repaint();
}

bool AbxPanel::keyPressed(const juce::KeyPress& key) {
    if (!running_) return false;
    switch (juce::CharacterFunctions::toLowerCase(key.getTextCharacter())) {
        case 'a':
            listen(Heard::a);
            return true;
        case 'b':
            listen(Heard::b);
            return true;
        case 'x':
            listen(Heard::x);
            return true;
        case '1':
            answer(0);
            return true;
        case '2':
            answer(1);
            return true;
        default:
            return false;
    }
}

void AbxPanel::paint(juce::Graphics& g) {
    g.setColour(colour::text);
    g.setFont(bold_font(18.0f));
    auto head = head_;
    const auto line = [&](const juce::String& what, float height, juce::Colour tint) {
        g.setColour(tint);
        g.setFont(height > 16.0f ? bold_font(height) : plain_font(height));
        g.drawFittedText(what, head.removeFromTop(juce::roundToInt(height * 1.6f)), juce::Justification::centredLeft, 1,
                         0.8f);
    };
    if (running_) {
        line("Trial " + juce::String(test_->answered() + 1) + " of " + juce::String(test_->trials()), 20.0f,
             colour::text);
        line(juce::String::fromUTF8("X is A or B, by a fair coin. Listen as often as you like, then answer. Keys: "
                                    "A, B and X to listen, 1 (X is A) and 2 (X is B) to answer."),
             14.0f, colour::dim);
    } else {
        line("Can you hear the difference?", 20.0f, colour::text);
        line(
            "A blind test of slot A against slot B: same input, same latency, same loudness. The result is shown after "
            "the last trial. A test that is stopped earlier is void.",
            14.0f, colour::dim);
    }
    line("Loudness: B turned " + juce::String(processor_.loudness_offset_db() < 0 ? "down" : "up") + " by " +
             juce::String(std::abs(processor_.loudness_offset_db()), 2) + " dB",
         14.0f, colour::dim);
    paint_progress(g);
    if (test_ && !running_) {
        paint_result(g);
        return;
    }
    const int trials = running_ ? test_->trials() : trials_.getSelectedId();
    g.setColour(colour::dim);
    g.setFont(plain_font(14.0f));
    g.drawText(juce::String(convincing(trials)) + " of " + juce::String(trials) +
                   " answers must be right to be convincing: guessing gives as many in fewer than one test in twenty.",
               result_.withHeight(24), juce::Justification::centred);
}

/// One dot for each trial: answered, current or still to come. It doesn't show whether answers are right, which stays
/// hidden until the end.
void AbxPanel::paint_progress(juce::Graphics& g) const {
    if (!test_) return;
    const float step =
        juce::jmin(18.0f, static_cast<float>(progress_.getWidth()) / static_cast<float>(test_->trials()));
    auto dot = juce::Rectangle<float>(10.0f, 10.0f)
                   .withCentre({static_cast<float>(progress_.getRight()) - step * static_cast<float>(test_->trials()) +
                                    step / 2.0f,
                                static_cast<float>(progress_.getCentreY())});
    for (int i = 0; i < test_->trials(); ++i, dot.translate(step, 0.0f)) {
        g.setColour(i < test_->answered() ? colour::accent : colour::track);
        g.fillEllipse(dot);
        if (running_ && i == test_->answered()) {
            g.setColour(colour::text);
            g.drawEllipse(dot.expanded(2.0f), 1.5f);
        }
    }
}

void AbxPanel::paint_result(juce::Graphics& g) const {
    auto area = result_;
    const double p = test_->p_value();
    g.setColour(p < 0.05 ? colour::accent : colour::text);
    g.setFont(bold_font(28.0f));
    g.drawText(juce::String(test_->correct()) + " of " + juce::String(test_->answered()) + " correct",
               area.removeFromTop(40), juce::Justification::centred);
    g.setColour(colour::text);
    g.setFont(plain_font(16.0f));
    g.drawText("p = " + juce::String(p, 4), area.removeFromTop(26), juce::Justification::centred);
    g.setColour(colour::dim);
    g.setFont(plain_font(14.0f));
    g.drawText(
        juce::String(p < 0.05
                         ? "Guessing gives as many in fewer than one test in twenty: you probably heard a difference."
                         : "Guessing often gives as many: this shows no difference."),
        area.removeFromTop(24), juce::Justification::centred);
}

void AbxPanel::resized() {
    auto area = getLocalBounds().reduced(10, 0);
    head_ = area.removeFromTop(92);
    auto setup = area.removeFromTop(34);
    trials_.setBounds(setup.removeFromLeft(140));
    setup.removeFromLeft(8);
    start_.setBounds(setup.removeFromLeft(120));
    setup.removeFromLeft(8);
    copy_.setBounds(setup.removeFromLeft(140));
    setup.removeFromLeft(8);
    progress_ = setup;
    area.removeFromTop(28);
    const auto place = [&](std::initializer_list<juce::TextButton*> buttons, int height) {
        auto row = area.removeFromTop(height);
        const int width =
            (row.getWidth() - 12 * (static_cast<int>(buttons.size()) - 1)) / static_cast<int>(buttons.size());
        for (auto* button : buttons) {
            button->setBounds(row.removeFromLeft(width));
            row.removeFromLeft(12);
        }
        area.removeFromTop(16);
    };
    place({&a_, &x_, &b_}, 84);
    place({&is_a_, &is_b_}, 60);
    result_ = area.withTrimmedTop(10);
}

}  // namespace gruve::plugin

// The ABX page: listen to A, B and X, then say whether X is A or B.
#pragma once

#include <juce_gui_basics/juce_gui_basics.h>

#include <optional>

#include "plugin/compare/abx.h"
#include "plugin/processor/processor.h"

namespace gruve::plugin {

/// While a test runs, it alone decides which slot is heard. The meters go on showing the slot that the parameters
/// select.
class AbxPanel final : public juce::Component {
public:
    explicit AbxPanel(Processor&);
    ~AbxPanel() override;
    void start();
    /// Lets the parameters decide again which slot is heard. The result of a finished test stays visible. An unfinished
    /// test is void: somebody who could see the score so far might stop at a favourable moment.
    void stop();
    bool running() const { return running_; }
    void refresh();
    void paint(juce::Graphics&) override;
    void resized() override;
    bool keyPressed(const juce::KeyPress&) override;
    /// One paragraph to paste. Empty unless a test is finished.
    juce::String report() const;

private:
    enum class Heard { a, b, x };
    void listen(Heard);
    void answer(std::size_t slot);
    void paint_progress(juce::Graphics&) const;
    void paint_result(juce::Graphics&) const;

    Processor& processor_;
    juce::ComboBox trials_;
    juce::TextButton start_{"Start"}, a_{"Listen to A"}, b_{"Listen to B"}, x_{"Listen to X"}, is_a_{"X is A"},
        is_b_{"X is B"}, copy_{"Copy result"};
    std::optional<Abx> test_;
    bool running_ = false;
    Heard heard_ = Heard::x;
    std::array<std::string, 2> names_;
    double offset_db_ = 0;  // the gain of B when the test ended
    juce::Rectangle<int> head_, progress_, result_;
};

}  // namespace gruve::plugin

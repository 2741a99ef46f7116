// The blind test's window: listen to A, B and X, say what X is.
#pragma once

#include <juce_gui_basics/juce_gui_basics.h>

#include <optional>

#include "plugin/compare/abx.h"
#include "plugin/processor/processor.h"

namespace gruve::plugin {

/// While a test runs nothing else decides what is heard; meters show the slot that the parameters name.
class AbxPanel final : public juce::Component {
public:
    explicit AbxPanel(Processor&);
    ~AbxPanel() override;
    void start();
    /// Gives hearing back to the parameters. The result of a test that is done stays to be read; an unfinished one is void: a look at the
    /// score on the way would let one stop when it pleases.
    void stop();
    bool running() const { return running_; }
    void refresh();
    void paint(juce::Graphics&) override;
    void resized() override;
    bool keyPressed(const juce::KeyPress&) override;
    /// One paragraph to paste; empty unless a test is done.
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
    double offset_db_ = 0;  // by which B was turned up when the test ended
    juce::Rectangle<int> head_, progress_, result_;
};

}  // namespace gruve::plugin

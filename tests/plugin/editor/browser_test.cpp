// Choosing presets with mouse and keyboard: list, plot, bit widths, the bar with the arrows, folders.
#include <cstdlib>
#include <set>

#include "engine/preset/serialise_preset.h"
#include "plugin/editor/pages/diagnostics.h"
#include "plugin/editor/pages/preset_bar.h"
#include "plugin/editor/pages/preset_browser.h"
#include "plugin/editor/pages/user_folders.h"
#include "plugin/editor/style/text.h"
#include "tests/plugin/presets/preset_folder.h"
#include "tests/plugin/support.h"

using namespace gruve;
using namespace gruve::plugin;
using namespace gruve::plugin::test;

namespace {

std::vector<std::uint8_t> measured(Preset preset, double metric) {
    preset.test = {"si_sdr_gain_db", metric, metric, metric, 0.1, 10, "test"};
    return serialise(preset);
}

/// Three denoisers, of which the larger is the better, and a keyword spotter.
struct Presets : Folder {
    Presets() {
        add("mine small.gruve", measured(*tiny::denoiser_preset(1, {}, 8), 3.0));
        add("mine middle.gruve", measured(*tiny::denoiser_preset(2, {}, 24), 4.0));
        add("mine large.gruve", measured(*tiny::denoiser_preset(3, {}, 64), 5.0));
        add("mine words.gruve", measured(*tiny::keyword_preset(1), 0.9));
    }
};

juce::MouseEvent mouse_at(juce::Component& component, juce::Point<float> at, int clicks = 1) {
    const auto now = juce::Time::getCurrentTime();
    return {juce::Desktop::getInstance().getMainMouseSource(),
            at,
            juce::ModifierKeys::leftButtonModifier,
            0.5f,
            0,
            0,
            0,
            0,
            &component,
            &component,
            now,
            at,
            now,
            clicks,
            false};
}

template <class Child>
Child& child_of(juce::Component& parent, const juce::String& title = {}) {
    for (auto* child : parent.getChildren()) {
        auto* found = dynamic_cast<Child*>(child);
        auto* button = dynamic_cast<juce::Button*>(child);
        if (found && (title.isEmpty() || child->getTitle() == title || (button && button->getButtonText() == title)))
            return *found;
    }
    throw std::runtime_error("no such child: " + title.toStdString());
}

struct Browser {
    Presets files;
    Processor processor;
    PresetLibrary library{{files.path}};
    PresetBrowser browser{processor, library};
    juce::ListBoxModel& rows = *child_of<juce::ListBox>(browser).getModel();

    Browser() {
        wait_until_loaded(processor);
        all_of(library);
        browser.setSize(900, 500);
        browser.refresh();
        search("mine");
    }
    /// Delivers the messages that components have posted to each other.
    static void deliver() { juce::MessageManager::getInstance()->runDispatchLoopUntil(20); }
    void search(const juce::String& text) {
        child_of<juce::TextEditor>(browser, "Search presets").setText(text, true);
        deliver();
    }
    juce::String listed() {
        juce::StringArray names;
        for (int i = 0; i < rows.getNumRows(); ++i) names.add(rows.getNameForRow(i));
        return names.joinIntoString(", ");
    }
    void choose(const juce::String& name) {
        for (int i = 0; i < rows.getNumRows(); ++i)
            if (rows.getNameForRow(i) == name) child_of<juce::ListBox>(browser).selectRow(i);
    }
    juce::String card() { return child_of<juce::TextEditor>(browser, "Model card").getText(); }
    std::string in_slot(std::size_t slot) {
        wait_until_loaded(processor);
        return processor.loaded(slot) ? processor.loaded(slot)->source : std::string();
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(browser)

BOOST_FIXTURE_TEST_CASE(letters_filter_and_a_click_on_a_heading_sorts, Browser) {
    BOOST_TEST(listed() == "mine small, mine middle, mine large, mine words");  // by task, small ones first
    const float y = 45, width = 900 * 0.52f;
    for (const auto& [share, order] :
         {std::pair{0.1f, "mine large, mine middle, mine small, mine words"},  // name
          {0.78f, "mine large, mine middle, mine small, mine words"},          // metric: best first within each task
          {0.5f, "mine small, mine middle, mine large, mine words"}}) {        // task
        browser.mouseUp(mouse_at(browser, {share * width, y}));
        deliver();
        BOOST_TEST(listed() == order, share);
    }
    browser.mouseUp(mouse_at(browser, {0.1f * width, 300}));  // no heading
    deliver();
    BOOST_TEST(listed() == "mine small, mine middle, mine large, mine words");
    search("LARGE");
    BOOST_TEST(listed() == "mine large");
    search("no preset is called like this");
    BOOST_TEST(listed().isEmpty());
    BOOST_TEST(card().isEmpty());
    BOOST_TEST(!child_of<juce::Button>(browser, "Load into A").isEnabled());
}

BOOST_FIXTURE_TEST_CASE(what_is_chosen_shows_its_card_and_goes_where_it_is_sent, Browser) {
    choose("mine middle");
    BOOST_TEST(card().contains(utf8("SI-SDR gain 4.00 ± 0.10 dB (n = 10)")));
    BOOST_TEST(card().contains("Latency 10 ms\n"));
    child_of<juce::Button>(browser, "Load into B").onClick();
    BOOST_TEST(in_slot(1) == "mine middle.gruve");
    const auto before = in_slot(0);
    rows.returnKeyPressed(2);
    BOOST_TEST(in_slot(0) == "mine large.gruve");
    BOOST_TEST(before != in_slot(0));
    set(processor, "slot_b", 1);
    rows.listBoxItemDoubleClicked(0, mouse_at(browser, {}));
    BOOST_TEST(in_slot(1) == "mine small.gruve");
    BOOST_TEST(in_slot(0) == "mine large.gruve");
    rows.returnKeyPressed(99);  // no such row
    BOOST_TEST(in_slot(1) == "mine small.gruve");
}

BOOST_FIXTURE_TEST_CASE(a_preset_that_live_mode_cannot_play_says_so_before_it_is_loaded, Browser) {
    prepare(processor, 1, 48000);
    BOOST_TEST(rows.getTooltipForRow(0).startsWith("Double-click"));
    set(processor, Latency::live);
    prepare(processor, 1, 48000);
    BOOST_TEST(rows.getTooltipForRow(0) == "Needs 10 ms of latency: set Latency to Quality to play it");
    BOOST_TEST(rows.getTooltipForRow(3).startsWith("Double-click"));  // the keyword spotter
    BOOST_TEST(rows.getTooltipForRow(99).isEmpty());
}

BOOST_FIXTURE_TEST_CASE(every_point_of_the_plot_is_a_preset_to_click, Browser) {
    choose("mine middle");
    auto& plot = child_of<FrontPlot>(browser);
    auto& list = child_of<juce::ListBox>(browser);
    std::map<juce::String, juce::Point<float>> found;  // name → position of its point
    for (float y = 0; y < static_cast<float>(plot.getHeight()); y += 4)
        for (float x = 0; x < static_cast<float>(plot.getWidth()); x += 4) {
            plot.mouseMove(mouse_at(plot, {x, y}));
            if (plot.getTooltip().contains(": ") && plot.getTooltip().startsWith("mine"))
                found.try_emplace(plot.getTooltip().upToFirstOccurrenceOf(":", false, false), x, y);
        }
    BOOST_TEST(found.size() == 3u);  // the keyword spotter has another task
    BOOST_TEST(found["mine small"].x < found["mine middle"].x);
    BOOST_TEST(found["mine middle"].x < found["mine large"].x);
    BOOST_TEST(found["mine small"].y > found["mine middle"].y);  // better is higher
    BOOST_TEST(found["mine middle"].y > found["mine large"].y);
    for (const auto& [name, at] : found) {
        plot.mouseDown(mouse_at(plot, at));
        BOOST_TEST((rows.getNameForRow(list.getSelectedRow()) == name));
        plot.mouseDoubleClick(mouse_at(plot, at, 2));
        BOOST_TEST(in_slot(0) == (name + ".gruve").toStdString());
    }
    const auto chosen = list.getSelectedRow();
    plot.mouseDown(mouse_at(plot, {1, 1}));
    plot.mouseExit(mouse_at(plot, {1, 1}));
    BOOST_TEST(list.getSelectedRow() == chosen);
}

BOOST_AUTO_TEST_CASE(the_strip_names_an_operator_and_its_bits) {
    const auto preset = tiny::denoiser_preset(1);
    const auto gru = std::ranges::find_if(preset->model.layers,
                                          [](const Layer& layer) { return std::holds_alternative<GruLayer>(layer); });
    BOOST_REQUIRE((gru != preset->model.layers.end()));
    const auto& widths = std::get<GruLayer>(*gru).widths;
    WidthStrip strip;
    strip.setSize(17 * 20, 60);
    strip.show(preset.get());
    std::set<juce::String> tooltips;
    for (int i = 0; i < operator_count; ++i) {
        strip.mouseMove(mouse_at(strip, {20.0f * static_cast<float>(i) + 10.0f, 5}));
        const auto name = name_of(static_cast<Operator>(i));
        BOOST_TEST(strip.getTooltip().startsWith(juce::String(name.data(), name.size()) + ": " +
                                                 juce::String(int(widths[static_cast<std::size_t>(i)]))));
        tooltips.insert(strip.getTooltip());
    }
    BOOST_TEST(tooltips.size() == std::size_t{operator_count});
}

BOOST_AUTO_TEST_CASE(the_arrows_go_through_all_presets_and_around) {
    const Presets files;
    Processor processor;
    PresetLibrary library({files.path});
    const auto entries = all_of(library)->entries;
    PresetBar bar(processor, library);
    load(processor, *tiny::denoiser_preset(1), source_of(entries[0]).c_str());
    const auto click = [&](const char* title) {
        bar.refresh(utf8(processor.loaded()->source));
        child_of<juce::Button>(bar, title).onClick();
        wait_until_loaded(processor);
        return processor.loaded()->source;
    };
    BOOST_TEST(click("Previous preset") == source_of(entries.back()));
    for (const auto& entry : entries) BOOST_TEST(click("Next preset") == source_of(entry));
    BOOST_TEST(click("Previous preset") == source_of(entries[entries.size() - 2]));
    load(processor, *tiny::denoiser_preset(1), "from elsewhere");
    BOOST_TEST(click("Next preset") == source_of(entries[0]));
}

BOOST_AUTO_TEST_CASE(a_folder_that_was_added_is_remembered_once) {
    const Folder home;
    const juce::String before(std::getenv("HOME"));
    setenv("HOME", home.path.c_str(), 1);
    const auto at_first = user_folders();
    add_user_folder(juce::File("/some/presets"));
    add_user_folder(juce::File("/more/presets"));
    add_user_folder(juce::File("/some/presets"));
    const auto after = user_folders();
    setenv("HOME", before.toRawUTF8(), 1);
    BOOST_REQUIRE(at_first.size() == 1u);
    BOOST_TEST((after == std::vector<std::filesystem::path>{at_first[0], "/some/presets", "/more/presets"}));
    BOOST_TEST(at_first[0].string().starts_with(home.path.string()));
}

BOOST_AUTO_TEST_CASE(diagnostics_say_what_a_helper_asks_first) {
    Processor processor;
    load(processor, half_preset(), "half.gruve");
    prepare(processor, 2, 44100, 256);
    set(processor, "mix", 70);
    processor.load_bytes({1, 2, 3}, "broken.gruve", 1);
    wait_until_loaded(processor);
    const auto text = diagnostics(processor);
    for (const char* part : {"44100 Hz, 2 channels, blocks up to 256", "Slot A (heard): half.gruve, denoise",
                             "Slot B: empty", "Message: broken.gruve"})
        BOOST_TEST(text.contains(part), part << " is not in\n" << text);
    BOOST_TEST(text.contains("latency " + juce::String(processor.getLatencySamples()) + " samples"));
    BOOST_TEST(text.contains("70"));
}

BOOST_AUTO_TEST_SUITE_END()

// The library of factory presets and user folders.
#include "engine/preset/serialise_preset.h"
#include "plugin/presets/factory_presets.h"
#include "tests/plugin/presets/preset_folder.h"
#include "tests/plugin/support.h"

using namespace gruve;
using namespace gruve::plugin;
using namespace gruve::plugin::test;

BOOST_AUTO_TEST_SUITE(library)

BOOST_AUTO_TEST_CASE(every_preset_that_listens_is_in_the_factory) {
    std::vector<std::string> names;
    for (const char* folder :
         {GRUVE_SOURCE_DIR "/presets", GRUVE_SOURCE_DIR "/presets/float"})  // presets/sequences take no audio
        for (const auto& file : std::filesystem::directory_iterator(folder))
            if (file.path().extension() == ".gruve") names.push_back(file.path().stem().string());
    std::ranges::sort(names);
    std::vector<std::string> factory;
    for (const auto& preset : factory_presets()) factory.push_back(preset.name);
    BOOST_TEST(names == factory, boost::test_tools::per_element());
    PresetLibrary library({});
    const auto content = all_of(library);
    BOOST_TEST(content->entries.size() == names.size());
    BOOST_TEST(content->problems.empty());
    for (const auto& entry : content->entries) BOOST_TEST(entry.network_share > 0.0);
}

BOOST_AUTO_TEST_CASE(folders_are_read_and_what_is_broken_is_named) {
    const Folder folder;
    folder.add("mine.gruve", serialise(*tiny::denoiser_preset(1)));
    folder.add("broken.gruve", {1, 2, 3});
    folder.add("other.txt", {1, 2, 3});
    auto newer = serialise(*tiny::denoiser_preset(1));
    newer[8] = 99;  // the format's version
    folder.add("newer.gruve", newer);
    PresetLibrary library({folder.path, folder.path / "absent"});
    const auto content = all_of(library);
    BOOST_TEST(content->entries.size() == factory_presets().size() + 1);
    BOOST_TEST(content->entries.back().name == "mine");
    BOOST_REQUIRE(content->problems.size() == 2u);
    BOOST_TEST(content->problems[0].starts_with("broken: "));
    BOOST_TEST(content->problems[1].starts_with("newer: "));
    BOOST_TEST(content->problems[1].find("version") != std::string::npos, content->problems[1]);

    folder.add("second.gruve", serialise(*tiny::keyword_preset(1)));
    library.scan(library.folders());
    BOOST_TEST(all_of(library)->entries.size() == factory_presets().size() + 2);
}

BOOST_AUTO_TEST_CASE(too_many_files_are_said_once) {
    const Folder many, more, another;
    for (std::size_t i = 0; i <= PresetLibrary::most_files; ++i) many.add(std::to_string(i) + ".gruve", {1, 2, 3});
    for (const Folder* folder : {&more, &another}) folder->add("1.gruve", {1, 2, 3});
    PresetLibrary library({many.path, more.path, another.path});
    const auto problems = all_of(library)->problems;
    BOOST_TEST(problems.size() == PresetLibrary::most_files + 1);
    BOOST_TEST(std::ranges::count_if(problems, [](const std::string& problem) {
                   return problem.starts_with("more than 500 presets");
               }) == 1);
}

BOOST_AUTO_TEST_CASE(search_and_sort) {
    std::vector<LibraryEntry> all;
    const auto add = [&](const char* name, const std::shared_ptr<const Preset>& preset, double metric, double share) {
        Preset changed = *preset;
        changed.test = {"si_sdr_gain_db", 0, 0, metric, 0.1, 10, "test"};
        all.push_back({name, {}, load_preset(serialise(changed), name), share});
    };
    add("large", tiny::denoiser_preset(1, {}, 64), 5.0, 0.002);
    add("small", tiny::denoiser_preset(1, {}, 8), 3.0, 0.001);
    add("Words", tiny::keyword_preset(1), 0.9, 0.003);
    const auto names = [&](const std::string& search, SortBy by) {
        std::string text;
        for (const auto& entry : select_entries(all, search, by)) text += entry.name + " ";
        return text;
    };
    BOOST_TEST(names("", SortBy::task) == "small large Words ");
    BOOST_TEST(names("", SortBy::name) == "Words large small ");
    BOOST_TEST(names("", SortBy::metric) ==
               "large small Words ");  // within each task, since dB and percent can't be compared
    BOOST_TEST(names("", SortBy::cpu) == "small large Words ");
    BOOST_TEST(names("WORD", SortBy::bytes) == "Words ");
    BOOST_TEST(names("denoise", SortBy::bytes) == "small large ");
    BOOST_TEST(names("nothing like it", SortBy::bytes).empty());
}

BOOST_AUTO_TEST_SUITE_END()

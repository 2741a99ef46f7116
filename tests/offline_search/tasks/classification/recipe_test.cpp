// Recipes of classification tasks: the committed files equal the defaults; unknown and wrong members are refused.
#include "offline_search/tasks/classification/recipe.h"

#include <boost/test/unit_test.hpp>

#include "datasets/support/data_error.h"
#include "tests/datasets/temporary_folder.h"

using namespace gruve;
using namespace gruve::test;

namespace {

/// Every member differs from the defaults of all tasks.
ClassifierRecipe unlike_all() { return {1, 1, 0.5f, 0.5f, 0.5f, 0.5f, 4, 0.5f, {0.5f, 0.5f, 0.5f}}; }

std::string text_of(const ClassifierRecipe& r, bool streams) {
    std::string text;
    for (const float value : {static_cast<float>(r.epochs), static_cast<float>(r.batch), r.learning_rate,
                              r.weight_decay, r.label_smoothing, r.average_epochs})
        text += std::to_string(value) + " ";
    for (const float value : {static_cast<float>(r.streams), r.stream_weight, r.stream_loss.smoothing,
                              r.stream_loss.alarm_weight, r.stream_loss.word_steps})
        if (streams) text += std::to_string(value) + " ";
    return text;
}

std::string message(const std::filesystem::path& file, bool streams) {
    try {
        read_classifier_recipe(file, {}, streams);
    } catch (const DataError& e) {
        return e.what();
    }
    return "accepted";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(classifier_recipe)

BOOST_AUTO_TEST_CASE(committed_recipes_name_every_setting_and_give_what_the_tasks_do_without_one) {
    const std::filesystem::path recipes = GRUVE_SOURCE_DIR "/presets/recipes";
    const auto same = [&](const char* name, const ClassifierRecipe& usual, bool streams) {
        BOOST_TEST(
            text_of(read_classifier_recipe(recipes / name, unlike_all(), streams), streams) == text_of(usual, streams),
            name);
    };
    same("wake_words.json", word_recipe(), false);
    same("digits.json", word_recipe(), false);
    same("words_live.json", live_recipe(), true);
    same("row_mnist.json", row_recipe(), false);
    same("sequences.json", sequence_recipe(), false);
}

BOOST_AUTO_TEST_CASE(a_recipe_changes_what_it_names) {
    const TemporaryFolder folder;
    const ClassifierRecipe recipe = read_classifier_recipe(
        folder.file("good.json", R"({"epochs": 7, "stream_loss": {"word_steps": 10}})"), live_recipe(), true);
    BOOST_TEST(recipe.epochs == 7);
    BOOST_TEST(recipe.batch == live_recipe().batch);
    BOOST_TEST(recipe.stream_loss.word_steps == 10.0f);
    BOOST_TEST(recipe.stream_loss.alarm_weight == live_recipe().stream_loss.alarm_weight);
}

BOOST_AUTO_TEST_CASE(what_a_recipe_may_not_hold_is_refused_with_file_member_and_range) {
    const TemporaryFolder folder;
    const auto refuses = [&](const char* json, const char* part, bool streams = true) {
        const std::string said = message(folder.file("bad.json", json), streams);
        BOOST_TEST((said.find("bad.json: ") != std::string::npos && said.find(part) != std::string::npos), said);
    };
    refuses(R"({"epoch": 3})", "\"epoch\" is unknown, expected one of: average_epochs, batch, epochs");
    refuses(R"({"epochs": 0})", "\"epochs\" is 0, expected a number from 1 to 100000, whole");
    refuses(R"({"epochs": 2.5})", "\"epochs\" is 2.5");
    refuses(R"({"learning_rate": "fast"})", "\"learning_rate\" is \"fast\", expected a number from 1e-06 to 1");
    refuses(R"({"streams": 6})", "\"streams\" is 6, expected a number from 4 to 1024 and a multiple of 4");
    refuses(R"({"streams": 8})", "\"streams\" is unknown", false);
    refuses(R"({"stream_loss": {"word_step": 1}})", "stream_loss: \"word_step\" is unknown");
    refuses(R"({"loss": {"snr": 1}})", "\"loss\" is an object; only \"stream_loss\" may be one");
    refuses(R"({"loss": {"snr": 1}})", "\"loss\" is an object; numbers are expected", false);
    refuses("[1]", "not a JSON object");
}

BOOST_AUTO_TEST_SUITE_END()

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <filesystem>

#include "datasets/support/data_error.h"
#include "datasets/support/interrupt.h"
#include "datasets/support/random.h"
#include "offline_search/network/safetensors.h"
#include "offline_search/quantisation/genome.h"
#include "offline_search/quantisation/quantiser.h"
#include "offline_search/task_table/make_task.h"
#include "offline_search/tasks/classification/task.h"
#include "offline_search/training/backprop.h"
#include "tests/offline_search/random_network.h"

using namespace gruve;

namespace {

/// Three classes: which of three inputs rises first. A network needs memory to know it at the end.
class WhoWasFirst final : public ClipSource {
public:
    WhoWasFirst() {
        for (std::size_t split = 0; split < 3; ++split) {
            std::mt19937_64 random(split + 1);
            for (int i = 0; i < (split == 0 ? 200 : 101); ++i)
                clips_[split].push_back(draw(static_cast<Split>(split), i, random));
        }
    }
    const std::vector<std::string>& labels() const override { return labels_; }
    const std::vector<Clip>& clips(Split split) const override { return clips_[static_cast<std::size_t>(split)]; }
    int training_count() const override { return 200; }
    int training_steps() const override { return 20; }
    Clip draw(Split split, int index, std::mt19937_64& random) const override {
        drawn_[static_cast<std::size_t>(split)] = true;
        Clip clip{Matrix(3, 20), index % 3};
        for (Eigen::Index i = 0; i < clip.features.size(); ++i)
            clip.features.data()[i] = static_cast<float>(0.1 * normal(random));
        const auto first = static_cast<Eigen::Index>(uniform_index(random, 8));
        for (int k = 0; k < 3; ++k) clip.features((clip.label + k) % 3, first + 3 * k) += 2.0f;
        return clip;
    }
    void describe(Preset& preset) const override {
        preset.kind = TaskKind::sequence;
        preset.labels = labels_;
    }

    bool drawn(Split split) const { return drawn_[static_cast<std::size_t>(split)]; }
    void forget() const { std::fill(std::begin(drawn_), std::end(drawn_), false); }

private:
    std::vector<std::string> labels_ = {"a", "b", "c"};
    std::vector<Clip> clips_[3];
    mutable std::atomic<bool> drawn_[3] = {};
};

ClassificationTask small_task() {
    return {"who_was_first", std::make_unique<WhoWasFirst>(),
            ClassifierRecipe{.epochs = 12, .batch = 20, .learning_rate = 1e-2f}};
}

TrainOptions small_options(int jobs) {
    TrainOptions options;
    options.hidden = 12;
    options.jobs = jobs;
    return options;
}

bool same_bits(FloatNetwork a, FloatNetwork b) {
    const auto x = parameters(a), y = parameters(b);
    for (std::size_t p = 0; p < x.size(); ++p) {
        if (!std::equal(x[p].begin(), x[p].end(), y[p].begin(), y[p].end())) return false;
    }
    return x.size() == y.size();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(classification)

BOOST_AUTO_TEST_CASE(training_learns_and_repeats_for_any_number_of_jobs) {
    auto task = small_task();
    const FloatNetwork one = task.train(small_options(1), {}), two = task.train(small_options(2), {});
    BOOST_TEST(same_bits(one, two));
    TrainOptions other = small_options(1);
    other.seed = 2;
    BOOST_TEST(!same_bits(one, task.train(other, {})));
    const Score score = task.evaluate(one, Split::test, 2);
    BOOST_TEST(score.value > 0.95);
    BOOST_TEST(score.n == 101);
    BOOST_TEST(score.steps == 101 * 20);
    BOOST_TEST(task.evaluate(one, Split::test, 1).value == score.value);
}

BOOST_AUTO_TEST_CASE(a_race_gives_the_whole_score_or_a_bound_of_its_error) {
    auto task = small_task();
    TrainOptions options = small_options(2);
    options.epochs = 4;  // leaves some errors
    const FloatNetwork network = task.train(options, {});
    const Quantiser quantiser(network, task.calibration(100), {});
    std::vector<Score> whole;
    for (int width = 8; width >= 2; --width)
        whole.push_back(task.evaluate(Network(quantiser.assemble(homogeneous(network, width))), Split::validation, 1));
    task.learn_race(whole);
    for (int width = 8; width >= 2; --width) {
        const Network integer(quantiser.assemble(homogeneous(network, width)));
        const Score& score = whole[static_cast<std::size_t>(8 - width)];
        BOOST_TEST_MESSAGE(width << " bits: error " << score.error);
        const Score unbeaten = task.race(integer, score.error);
        BOOST_TEST(unbeaten.whole);
        BOOST_TEST(unbeaten.error == score.error);  // the same bits, though the clips were heard in another order
        BOOST_TEST(unbeaten.value == score.value);
        BOOST_TEST(unbeaten.parts.size() == score.parts.size());
        const double limit = 0.5 * score.error;
        const Score beaten = task.race(integer, limit);
        BOOST_TEST(!beaten.whole);
        BOOST_TEST(beaten.error > limit);
        BOOST_TEST(beaten.error <= score.error);
    }
}

BOOST_AUTO_TEST_CASE(training_goes_on_from_a_model_of_any_width_and_refuses_one_of_other_labels) {
    auto task = small_task();
    const auto file = std::filesystem::temp_directory_path() / "gruve_goes_on_from.safetensors";
    const FloatNetwork first = task.train(small_options(1), {});
    save_safetensors(file, first);
    TrainOptions again = small_options(1);
    again.from = file;
    again.epochs = 1;
    const FloatNetwork second = task.train(again, {});
    BOOST_TEST(!same_bits(first, second));
    BOOST_TEST(task.evaluate(second, Split::test, 1).value > 0.9);  // one epoch from random weights reaches far less
    again.hidden += 1;
    BOOST_TEST(task.evaluate(task.train(again, {}), Split::test, 1).value > 0.9);
    save_safetensors(file, random_network(1, 3, 6, 4));
    BOOST_CHECK_EXCEPTION(task.train(again, {}), DataError, [&](const DataError& error) {
        return std::string(error.what())
                   .find(file.string() + ": not a network of 3 features, 1 GRU layers and 3 labels") !=
               std::string::npos;
    });
    std::filesystem::remove(file);
}

BOOST_AUTO_TEST_CASE(a_stop_keeps_what_was_learnt) {
    auto task = small_task();
    int lines = 0;
    const FloatNetwork network = task.train(small_options(1), [&](const std::string& line) {
        BOOST_TEST(line.starts_with("epoch " + std::to_string(++lines) + " of 12"), line);
        return lines < 3;
    });
    BOOST_TEST(lines == 3);
    BOOST_TEST(network.output_size() == 3);
}

BOOST_AUTO_TEST_CASE(ctrl_c_within_an_epoch_keeps_the_weights_of_the_last_whole_one) {
    const auto after_three = [](bool within) {
        int epochs = 0;
        const FloatNetwork network = small_task().train(small_options(2), [&](const std::string&) {
            if (++epochs < 3) return true;
            interrupted = within;
            return within;
        });
        interrupted = false;
        return network;
    };
    const FloatNetwork within = after_three(true);
    BOOST_TEST(within.metadata.at("stopped") == "after 3 of 12 epochs, with the weights of the last one");
    BOOST_TEST(same_bits(within, after_three(false)));
}

BOOST_AUTO_TEST_CASE(a_training_that_was_stopped_goes_on_to_the_same_network) {
    auto task = small_task();
    const FloatNetwork whole = task.train(small_options(2), {});
    TrainOptions options = small_options(1);
    options.state = std::filesystem::temp_directory_path() / "gruve_classifier.training";
    int epochs = 0;
    const FloatNetwork part = task.train(options, [&](const std::string&) { return ++epochs < 5; });
    BOOST_TEST(!same_bits(part, whole));
    options.resume = true;
    epochs = 0;
    BOOST_TEST(same_bits(task.train(options, [&](const std::string&) { return ++epochs > 0; }), whole));
    BOOST_TEST(epochs == 7);  // of 12
    options.seed = 2;
    BOOST_CHECK_EXCEPTION(task.train(options, {}), DataError, [](const DataError& e) {
        return std::string(e.what()).find("another training") != std::string::npos;
    });
    std::filesystem::remove(options.state);
}

BOOST_AUTO_TEST_CASE(the_integer_engine_agrees_with_float_at_8_bits_for_any_number_of_jobs) {
    auto task = small_task();
    const FloatNetwork network = task.train(small_options(2), {});
    const Quantiser quantiser(network, task.calibration(100), {});
    const Network integer(quantiser.assemble(homogeneous(network, 8)));
    const Score score = task.evaluate(integer, Split::validation, 1);
    BOOST_TEST(task.evaluate(integer, Split::validation, 3).value == score.value);
    BOOST_TEST(std::abs(score.value - task.evaluate(network, Split::validation, 1).value) < 0.03);
    const Network coarse(quantiser.assemble(homogeneous(network, 2)));
    BOOST_TEST(task.evaluate(coarse, Split::validation, 1).value < score.value);
}

BOOST_AUTO_TEST_CASE(altered_clips_are_of_the_validation_split) {
    auto owned = std::make_unique<WhoWasFirst>();
    const WhoWasFirst& source = *owned;
    ClassificationTask task("who_was_first", std::move(owned), {});
    FloatNetwork network;
    network.layers = {random_gru(3, 5, 1), random_dense(5, 3, Activation::none, 2)};
    const Network integer(Quantiser(network, task.calibration(50), {}).assemble(homogeneous(network, 8)));
    source.forget();
    const Score first = task.evaluate_fresh(integer, 0, 2), second = task.evaluate_fresh(integer, 1, 1);
    BOOST_TEST(first.n == task.evaluate(integer, Split::validation, 2).n);
    BOOST_TEST(task.fresh_rounds() > 1);
    BOOST_REQUIRE(second.parts.size() == first.parts.size());
    bool other = false;  // draws, of the same units
    for (std::size_t i = 0; i < first.parts.size(); ++i) {
        BOOST_TEST(second.parts[i].unit == first.parts[i].unit);
        other = other || second.parts[i].error != first.parts[i].error;
    }
    BOOST_TEST(other);
    BOOST_TEST(task.evaluate_fresh(integer, 1, 2).error == second.error);
    BOOST_TEST((source.drawn(Split::validation) && !source.drawn(Split::train) && !source.drawn(Split::test)));
    source.forget();
    BOOST_TEST(task.tuning_sequences(300, 1, 2).size() == 300u + 75u);  // a fifth of them unaltered
    BOOST_TEST((source.drawn(Split::train) && !source.drawn(Split::validation) && !source.drawn(Split::test)));
}

BOOST_AUTO_TEST_CASE(calibration_takes_clips_from_the_whole_training_split) {
    auto task = small_task();
    BOOST_TEST(task.calibration(10).size() == 10u);
    BOOST_TEST(task.calibration(1000).size() == 200u);
    BOOST_TEST(task.calibration(0).empty());
}

BOOST_AUTO_TEST_CASE(a_network_of_other_sizes_is_refused) {
    auto task = small_task();
    FloatNetwork network;
    network.layers = {random_gru(4, 5, 1), random_dense(5, 3, Activation::none, 2)};
    BOOST_CHECK_EXCEPTION(task.evaluate(network, Split::test, 1), DataError, [](const DataError& error) {
        return std::string(error.what()).find("4 inputs and 3 outputs, expected 3 and 3") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(unknown_tasks_and_missing_folders_are_refused) {
    BOOST_CHECK_THROW(make_task("words", "no/such/folder", 1), DataError);
    BOOST_CHECK_THROW(make_task("row_mnist_live", std::filesystem::temp_directory_path(), 1), DataError);
    BOOST_CHECK_THROW(make_task("chess", std::filesystem::temp_directory_path(), 1), DataError);
    BOOST_CHECK_THROW(make_task("row_mnist", GRUVE_SOURCE_DIR "/tests", 1), DataError);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(slow_classification)

BOOST_AUTO_TEST_CASE(wake_words_of_unseen_speakers_are_told_apart) {
    const std::filesystem::path data = GRUVE_DATA;
    if (!std::filesystem::exists(data / "keywords")) {
        BOOST_TEST_MESSAGE("skipped: no recordings in " << data);
        return;
    }
    const auto task = make_task("wake_words", data, 1);
    const FloatNetwork network = task->train({}, {});
    BOOST_TEST(task->evaluate(network, Split::test, 2).value >= 0.95);
}

BOOST_AUTO_TEST_SUITE_END()

// The loss of live tasks on streams.
#include "offline_search/tasks/words/stream_loss.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "datasets/support/random.h"
#include "offline_search/tasks/words/drawn_streams.h"

using namespace gruve;

namespace {

constexpr int classes = 3, sequences = 2, steps = 30;

Matrix random_logits(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    Matrix logits(classes, steps * sequences);
    for (float& y : logits.reshaped()) y = static_cast<float>(uniform(random, -2.0, 2.0));
    return logits;
}

/// Word 1 in the first sequence, word 2 in the second; any_label before and after them.
std::vector<std::vector<int>> labels() {
    std::vector<std::vector<int>> made(sequences, std::vector<int>(steps, 0));
    for (int s = 0; s < sequences; ++s)
        for (std::size_t t = 8; t < 25; ++t)
            made[static_cast<std::size_t>(s)][t] = t >= 12 && t < 20 ? s + 1 : any_label;
    return made;
}

double loss_of(const Matrix& logits, const StreamLossConfig& config = {}) {
    Matrix gradient;
    return stream_loss(logits, labels(), config, 1.0f, gradient);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(loss_on_streams)

BOOST_AUTO_TEST_CASE(the_gradient_is_that_of_the_loss) {
    StreamLossConfig config;
    config.alarm_weight = 0;  // otherwise the gradient treats the weights as constant
    Matrix logits = random_logits(1), gradient;
    stream_loss(logits, labels(), config, 1.0f, gradient);
    for (Eigen::Index i = 0; i < logits.size(); ++i) {
        constexpr float step = 1e-2f;
        float& y = logits.reshaped()[i];
        const float before = y;
        y = before + step;
        const double high = loss_of(logits, config);
        y = before - step;
        const double low = loss_of(logits, config);
        y = before;
        BOOST_TEST(std::abs((high - low) / (2.0 * static_cast<double>(step)) -
                            static_cast<double>(gradient.reshaped()[i])) < 2e-3);
    }
}

BOOST_AUTO_TEST_CASE(a_word_asks_only_for_its_best_moment) {
    Matrix logits = random_logits(2);
    const double before = loss_of(logits);
    logits.block(1, 13 * sequences, 1, 7 * sequences)
        .setConstant(9.0f);  // 7 steps that end with the last one of the word
    const double first_only = loss_of(logits);
    BOOST_TEST(first_only != before);
    Matrix gradient;
    stream_loss(logits, labels(), {}, 1.0f, gradient);
    for (Eigen::Index t = 8; t < 25; ++t)
        BOOST_TEST((gradient.col(t * sequences).cwiseAbs().maxCoeff() > 0) == (t >= 13 && t < 20));
    logits.col(9 * sequences).setConstant(5.0f);  // any_label: no loss
    BOOST_TEST(loss_of(logits) == first_only);
}

BOOST_AUTO_TEST_CASE(steps_on_which_a_word_is_wrongly_heard_weigh_more) {
    Matrix logits = Matrix::Zero(classes, steps * sequences);
    logits.row(0).setConstant(5.0f);
    logits(0, 0) = -5.0f;  // the first step of the first sequence: other 0.3 %
    StreamLossConfig plain;
    plain.alarm_weight = 0;
    Matrix with, without;
    stream_loss(logits, labels(), {}, 1.0f, with);
    stream_loss(logits, labels(), plain, 1.0f, without);
    BOOST_TEST(with(1, 0) == 6.0f * without(1, 0), boost::test_tools::tolerance(1e-2f));
    BOOST_TEST(with(1, 1) < 1.1f * without(1, 1));
}

BOOST_AUTO_TEST_SUITE_END()

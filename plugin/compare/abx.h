// ABX, a blind test between two sounds: is X the same as A or as B?
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace gruve::plugin {

/// Probability that guessing gives at least `correct` right answers out of `answered`: the upper tail of the binomial
/// distribution at 0.5.
double chance_of(int correct, int answered);
/// The smallest number of right answers out of `trials` that is significant at 5 %.
int convincing(int trials);

/// Each trial hides A or B behind X, by a fair coin. This class only keeps the answers; it plays nothing and shows
/// nothing.
class Abx {
public:
    explicit Abx(int trials, std::uint32_t seed = std::random_device{}()) : random_{seed}, trials_{trials} { next(); }

    int trials() const { return trials_; }
    int answered() const { return answered_; }
    int correct() const { return correct_; }
    bool done() const { return answered_ >= trials_; }
    /// What X is in this trial: 0 for A, 1 for B. Use it to choose the sound, and never show it.
    std::size_t hidden() const { return hidden_; }
    /// Answers that X is this slot, 0 or 1, and starts the next trial. Ignored after the last trial.
    void answer(std::size_t slot);
    /// One-sided, against guessing.
    double p_value() const { return chance_of(correct_, answered_); }
    /// One paragraph to paste: the names, the answers and the p-value. offset_db: how much B was turned up to match A
    /// in loudness.
    std::string report(const std::string& a, const std::string& b, double offset_db) const;

private:
    void next() { hidden_ = random_() >> 31; }

    std::mt19937 random_;
    int trials_, answered_ = 0, correct_ = 0;
    std::size_t hidden_ = 0;
    std::string history_;  // one letter a trial: 'o' for right, 'x' for wrong
};

}  // namespace gruve::plugin

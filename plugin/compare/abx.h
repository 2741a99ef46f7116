// A blind test between two sounds: is X the same as A or as B?
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace gruve::plugin {

/// Chance of at least `correct` right answers of `answered` by guessing alone: the binomial distribution's upper tail.
double chance_of(int correct, int answered);
/// The fewest right answers of `trials` that guessing gives in fewer than one test of twenty.
int convincing(int trials);

/// Each trial hides A or B behind X, by a fair coin. No sound, no window: only who said what.
class Abx {
public:
    explicit Abx(int trials, std::uint32_t seed = std::random_device{}()) : random_{seed}, trials_{trials} { next(); }

    int trials() const { return trials_; }
    int answered() const { return answered_; }
    int correct() const { return correct_; }
    bool done() const { return answered_ >= trials_; }
    /// What X is in this trial: 0 A, 1 B. For the ears only.
    std::size_t hidden() const { return hidden_; }
    /// "X is this one." Ignored when done. Starts the next trial.
    void answer(std::size_t slot);
    double p_value() const { return chance_of(correct_, answered_); }
    /// One paragraph to paste: names, answers, p-value.
    std::string report(const std::string& a, const std::string& b, double offset_db) const;

private:
    void next() { hidden_ = random_() >> 31; }

    std::mt19937 random_;
    int trials_, answered_ = 0, correct_ = 0;
    std::size_t hidden_ = 0;
    std::string history_;  // o right, x wrong
};

}  // namespace gruve::plugin

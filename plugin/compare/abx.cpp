#include "plugin/compare/abx.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace gruve::plugin {

void Abx::answer(std::size_t slot) {
    if (done()) return;
    const bool right = slot == hidden_;
    correct_ += right;
    ++answered_;
    history_ += right ? 'o' : 'x';
    next();
}

double chance_of(int correct, int answered) {
    double chance = std::pow(0.5, answered),
           sum = 0;  // chance: of exactly k right answers, with k from `answered` downwards
    for (int k = answered; k >= correct; --k) {
        sum += chance;
        chance *= static_cast<double>(k) / (answered - k + 1);
    }
    return std::min(1.0, sum);
}

int convincing(int trials) {
    int correct = trials;
    while (correct > 0 && chance_of(correct - 1, trials) < 0.05) --correct;
    return correct;
}

std::string Abx::report(const std::string& a, const std::string& b, double offset_db) const {
    char line[160];
    std::snprintf(line, sizeof line,
                  "%d of %d correct, p = %.4f (one-sided binomial, guessing 0.5). B turned up by %.2f dB to match A. ",
                  correct_, answered_, p_value(), offset_db);
    return "ABX of A = " + a + " and B = " + b + ": " + line +
           "Answers in order (o right, x wrong): " + (history_.empty() ? "none" : history_) + "\n";
}

}  // namespace gruve::plugin

// The goal of fine-tuning where outputs are classes: to give what the float network gives.
#pragma once

#include <vector>

#include "offline_search/tuning_goal.h"

namespace gruve {

/// Divergence of softmax outputs where the float network's last layer gives logits, squared error otherwise.
class Distillation final : public TuningGoal {
public:
    /// Sequences (features × steps) longer than `longest` steps become pieces of that length, each from a zero state; shorter ones repeat their last step.
    Distillation(const FloatNetwork& teacher, std::vector<Matrix> sequences, int jobs, int longest = 150, int batch = 64);

    int count() const override { return static_cast<int>(sequences_.size()); }
    int batch() const override { return batch_; }
    Matrix inputs(std::span<const int> chosen) const override;
    double loss(std::span<const int> chosen, const Matrix& outputs, int of, Matrix& gradient) const override;

    const std::vector<Matrix>& sequences() const { return sequences_; }  // all of one length
    const std::vector<Matrix>& wanted() const { return wanted_; }        // the float network's outputs × steps

private:
    std::vector<Matrix> sequences_, wanted_;
    int batch_;
    bool logits_;
};

}  // namespace gruve

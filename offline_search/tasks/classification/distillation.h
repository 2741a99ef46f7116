// The goals of fine-tuning where outputs are classes: to give what the float network gives.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include "offline_search/training/tuning_goal.h"

namespace gruve {

/// On clips, the same in every pass: divergence of softmax outputs, most of it on the steps that decide a clip; squared error where the float
/// network's last layer doesn't give logits.
class Distillation final : public TuningGoal {
public:
    /// Sequences (features × steps) longer than `longest` steps become pieces of that length, each from a zero state; shorter ones repeat their last step.
    Distillation(const FloatNetwork& teacher, std::vector<Matrix> sequences, int jobs, int longest = 150,
                 int batch = 64);

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

/// On stretches of streams, others in every pass: divergence of softmax outputs on all steps alike.
class StreamDistillation final : public TuningGoal {
public:
    using Draw =
        std::function<Matrix(std::mt19937_64&)>;  // features × steps, always as many; called from several threads
    /// `count` stretches a pass, `batch` a step of the optimiser. The teacher must outlive it.
    StreamDistillation(const FloatNetwork& teacher, Draw draw, std::uint64_t seed, int count, int batch);

    void renew(int pass, int jobs) override;
    int count() const override { return count_; }
    int batch() const override { return batch_; }
    Matrix inputs(std::span<const int> chosen) const override;
    double loss(std::span<const int> chosen, const Matrix& outputs, int of, Matrix& gradient) const override;

private:
    const FloatNetwork& teacher_;
    Draw draw_;
    std::uint64_t seed_;
    int count_, batch_;
    std::vector<Matrix> stretches_, wanted_;
};

}  // namespace gruve

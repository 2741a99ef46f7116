// Fine-tuning goals of classification tasks: to give the outputs of the float network (the teacher).
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include "offline_search/training/tuning_goal.h"

namespace gruve {

/// Distillation on clips, the same in every pass. The loss is the divergence of the softmax outputs, mostly on the
/// steps that decide a clip. If the last layer of the teacher doesn't give logits, the loss is the squared error on all
/// steps.
class Distillation final : public TuningGoal {
public:
    /// sequences: features × steps. Those longer than `longest` steps are cut into pieces, each of which begins from a
    /// zero state; shorter ones are extended by repeating their last step. batch: sequences a step of the optimiser.
    Distillation(const FloatNetwork& teacher, std::vector<Matrix> sequences, int jobs, int longest = 150,
                 int batch = 64);

    int count() const override { return static_cast<int>(sequences_.size()); }
    int batch() const override { return batch_; }
    Matrix inputs(std::span<const int> chosen) const override;
    double loss(std::span<const int> chosen, const Matrix& outputs, int of, Matrix& gradient) const override;

    const std::vector<Matrix>& sequences() const { return sequences_; }  // all of one length
    const std::vector<Matrix>& wanted() const { return wanted_; }        // outputs of the teacher, outputs × steps

private:
    std::vector<Matrix> sequences_, wanted_;
    int batch_;
    bool logits_;
};

/// Distillation on stretches of streams, which are drawn afresh for every pass. The loss is the divergence of the
/// softmax outputs on all steps.
class StreamDistillation final : public TuningGoal {
public:
    /// Returns features × steps, the same number of steps every time. Called from several threads.
    using Draw = std::function<Matrix(std::mt19937_64&)>;
    /// count: stretches a pass; batch: stretches a step of the optimiser. The teacher must outlive this object.
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

// The loss of the denoiser on random mixtures, for training and for fine-tuning.
#pragma once

#include <vector>

#include "datasets/layouts/noisy_speech.h"
#include "offline_search/tasks/denoising/loss.h"
#include "offline_search/tasks/denoising/recipe.h"
#include "offline_search/training/tuning_goal.h"

namespace gruve {

/// Training example `k` of a seed. With a teacher, the target of speech is the mean of the clean speech and the
/// teacher's output. `maker` is of the recipe's configuration and first stage.
DenoiseExample training_example(const NoisySpeech&, const DenoiseRecipe&, FrameMaker& maker, std::uint64_t seed,
                                std::uint64_t k, const FloatNetwork* teacher = nullptr);

class DenoiseGoal final : public TuningGoal {
public:
    /// count: mixtures a pass; there are none before renew(). The data and the teacher, if any, must outlive this
    /// object.
    DenoiseGoal(const NoisySpeech&, const DenoiseRecipe&, std::uint64_t seed, int count,
                const FloatNetwork* teacher = nullptr);

    void renew(int pass, int jobs) override;
    int count() const override { return count_; }
    int batch() const override { return recipe_.batch; }
    Matrix inputs(std::span<const int> chosen) const override;
    double loss(std::span<const int> chosen, const Matrix& outputs, int of, Matrix& gradient) const override;

private:
    const DenoiseExample& example(std::span<const int> chosen, int s) const {
        return examples_[static_cast<std::size_t>(chosen[static_cast<std::size_t>(s)])];
    }

    const NoisySpeech& data_;
    DenoiseRecipe recipe_;
    std::uint64_t seed_;
    int count_;
    const FloatNetwork* teacher_;
    std::vector<DenoiseExample> examples_;
};

}  // namespace gruve

// The denoiser's loss on random mixtures: what training descends, and fine-tuning after it.
#pragma once

#include <vector>

#include "datasets/layouts/noisy_speech.h"
#include "offline_search/tasks/denoising/loss.h"
#include "offline_search/tasks/denoising/recipe.h"
#include "offline_search/training/tuning_goal.h"

namespace gruve {

/// The k-th training example of a seed. With a teacher, what is wanted of speech lies halfway between it and what the teacher makes of the mixture.
DenoiseExample training_example(const NoisySpeech&, const DenoiseRecipe&, DenoiserBands&, std::uint64_t seed,
                                std::uint64_t k, const FloatNetwork* teacher = nullptr);

class DenoiseGoal final : public TuningGoal {
public:
    /// `count` mixtures a pass; none before renew(). The data and the teacher, where there is one, must outlive it.
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

// The goal of a fine-tuning: sequences and a loss.
#pragma once

#include <span>

#include "offline_search/network/float_network.h"

namespace gruve {

/// Sequences of equal lengths, and a loss of a network's outputs for them. Batches are laid out as in backprop.h:
/// features × (steps · sequences), step t of sequence s in column t · sequences + s.
/// All members except renew() may be called from several threads at once.
class TuningGoal {
public:
    virtual ~TuningGoal() = default;
    /// Called before each pass, which count from 0. Draws new sequences if the task can draw any number of them. Same
    /// pass, same sequences, for any jobs.
    virtual void renew(int /*pass*/, int /*jobs*/) {}
    virtual int count() const = 0;  // sequences, the same for all passes
    virtual int batch() const = 0;  // sequences a step of the optimiser
    /// The batch of the chosen sequences.
    virtual Matrix inputs(std::span<const int> chosen) const = 0;
    /// The share of the chosen sequences in the mean loss over `of` sequences. Sets `gradient` (same shape as
    /// `outputs`) to its gradient.
    virtual double loss(std::span<const int> chosen, const Matrix& outputs, int of, Matrix& gradient) const = 0;
};

/// Makes a batch of matrices of equal sizes. of(i): sequence i.
template <typename Of>
Matrix side_by_side(int count, const Of& of) {
    const Matrix& first = of(0);
    Matrix batch(first.rows(), first.cols() * count);
    for (int s = 0; s < count; ++s)
        for (Eigen::Index t = 0; t < first.cols(); ++t) batch.col(t * count + s) = of(s).col(t);
    return batch;
}

}  // namespace gruve

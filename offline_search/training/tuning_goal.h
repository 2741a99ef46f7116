// What fine-tuning descends.
#pragma once

#include <span>

#include "offline_search/network/float_network.h"

namespace gruve {

/// Sequences, all of one length, and a loss of what a network makes of them. Batches as in backprop.h: features × (steps · sequences),
/// column t · sequences + s. All members but renew() may be called from several threads at once.
class TuningGoal {
public:
    virtual ~TuningGoal() = default;
    /// Before each pass, from 0: other sequences, where the task can draw as many as it likes. Same passes, same sequences, for any jobs.
    virtual void renew(int /*pass*/, int /*jobs*/) {}
    virtual int count() const = 0;  // of sequences, the same for all passes
    virtual int batch() const = 0;  // sequences a step of the optimiser
    virtual Matrix inputs(std::span<const int> chosen) const = 0;
    /// The chosen sequences' share of the mean over `of`; its gradient is written to `gradient`, shaped as `outputs` (× steps · sequences).
    virtual double loss(std::span<const int> chosen, const Matrix& outputs, int of, Matrix& gradient) const = 0;
};

/// Matrices of equal size side by side, step after step. of(i): the i-th.
template <typename Of>
Matrix side_by_side(int count, const Of& of) {
    const Matrix& first = of(0);
    Matrix batch(first.rows(), first.cols() * count);
    for (int s = 0; s < count; ++s)
        for (Eigen::Index t = 0; t < first.cols(); ++t) batch.col(t * count + s) = of(s).col(t);
    return batch;
}

}  // namespace gruve

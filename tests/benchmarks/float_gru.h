// The float GRU to compare with: one step of PyTorch's GRU by Eigen, with matrix-vector products and vectorised σ and
// tanh.
#pragma once

#include <memory>

namespace gruve::benchmarks {

class FloatGru {
public:
    virtual ~FloatGru() = default;
    /// x: input_size floats. Returns the new state, hidden_size floats.
    virtual const float* step(const float* x) = 0;
};

/// Compiled for x86-64-v3 (AVX2, FMA) and x86-64-v4 (AVX-512). fixed: with sizes known to the compiler; returns null
/// for sizes without such a version.
std::unique_ptr<FloatGru> float_gru_v3(int inputs, int hidden, bool fixed);
std::unique_ptr<FloatGru> float_gru_v4(int inputs, int hidden, bool fixed);

}  // namespace gruve::benchmarks

// The peer: one step of a float GRU (PyTorch's) with Eigen, matrix-vector products and vectorised σ and tanh.
#pragma once

#include <memory>

namespace gruve::benchmarks {

class FloatGru {
public:
    virtual ~FloatGru() = default;
    /// x: input_size floats. Returns the state, hidden_size floats.
    virtual const float* step(const float* x) = 0;
};

/// Compiled for x86-64-v3 (AVX2, FMA) and -v4 (AVX-512). `fixed`: sizes known to the compiler; null for sizes not listed.
std::unique_ptr<FloatGru> float_gru_v3(int inputs, int hidden, bool fixed);
std::unique_ptr<FloatGru> float_gru_v4(int inputs, int hidden, bool fixed);

}  // namespace gruve::benchmarks

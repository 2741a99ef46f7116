// A float layer as a kernel reads it: its numbers in the order of use, in one piece of memory. Plain data.
//
// Rows are cut into blocks of two vectors, and one of one vector if an odd number of vectors is left; rows beyond the
// layer's are 0. A block holds, vector after vector:
//     dense   the biases; for every input the column of weights
//     GRU     four biases: of r, of z (both of them summed), of W_in x and of W_hn h; for every input the columns of
//             W_ir, W_iz, W_in; for every unit of the state the columns of W_hr, W_hz, W_hn
#pragma once

#include "engine/model/model.h"

namespace gruve::float_kernels {

/// Vectors in a block, except the last one of an odd number.
inline constexpr int block_vectors = 2;

struct GruPlan {
    int inputs, hidden;
    int vectors;  // ⌈hidden / lanes⌉
    const float* numbers;
};

struct DensePlan {
    Activation activation;
    int inputs;
    int vectors;  // ⌈outputs / lanes⌉
    const float* numbers;
};

}  // namespace gruve::float_kernels

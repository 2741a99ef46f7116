#include "engine/float_kernels/kernel.h"
#include "engine/float_kernels/step.h"

namespace gruve::float_kernels {

const Kernel avx512{.name = "avx512",
                    .runs_here = [] { return __builtin_cpu_supports("avx512f") != 0; },
                    .lanes = Steps<64>::lanes,
                    .gru_step = Steps<64>::gru_step,
                    .dense_step = Steps<64>::dense_step};

}  // namespace gruve::float_kernels

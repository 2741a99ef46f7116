#include "engine/float_kernels/kernel.h"
#include "engine/float_kernels/step.h"

namespace gruve::float_kernels {

const Kernel avx2{.name = "avx2",
                  .runs_here = [] { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); },
                  .lanes = Steps<32>::lanes,
                  .gru_step = Steps<32>::gru_step,
                  .dense_step = Steps<32>::dense_step};

}  // namespace gruve::float_kernels

#include "engine/float_kernels/kernel.h"
#include "engine/float_kernels/step.h"

namespace gruve::float_kernels {

const Kernel four{.name = "four",
                  .runs_here = [] { return true; },
                  .lanes = Steps<16>::lanes,
                  .gru_step = Steps<16>::gru_step,
                  .dense_step = Steps<16>::dense_step};

}  // namespace gruve::float_kernels

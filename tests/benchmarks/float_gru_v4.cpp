#include <cmath>
#define EIGEN_STACK_ALLOCATION_LIMIT 0
#include "tests/benchmarks/float_gru_eigen.h"

namespace gruve::benchmarks {
std::unique_ptr<FloatGru> float_gru_v4(int inputs, int hidden, bool fixed) { return make(inputs, hidden, fixed); }
}  // namespace gruve::benchmarks

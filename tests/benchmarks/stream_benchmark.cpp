#include "tests/benchmarks/benchmarks.h"

namespace gruve::benchmarks {

void register_stream_benchmarks() {}

}  // namespace gruve::benchmarks

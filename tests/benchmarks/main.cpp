#include <benchmark/benchmark.h>

#include "tests/benchmarks/benchmarks.h"

int main(int argc, char** argv) {
    gruve::benchmarks::register_gru_benchmarks();
    gruve::benchmarks::register_stream_benchmarks();
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
}

#!/usr/bin/env bash
# Builds the fuzz targets with clang, AddressSanitizer and UndefinedBehaviorSanitizer into build/fuzz and runs each of them.
# usage: [FUZZ_SEED=N] tests/fuzz/run.sh [SECONDS [TARGET…]]     default: 60 seconds each of preset, session, safetensors, idx, audio
# Seeds and past crashes are in tests/fuzz/corpus/TARGET; what a run discovers stays in build/fuzz/found/TARGET. A crash is written
# to build/fuzz/crashes; once it is fixed, add its file to the corpus.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(preset session safetensors idx audio)
command -v clang++ >/dev/null || { echo "SKIPPED: clang++ is not installed (Debian: clang)"; exit 77; }
build=build/fuzz
mkdir -p "$build/crashes"
echo 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }' >"$build/probe.cpp"
clang++ -fsanitize=fuzzer,address,undefined "$build/probe.cpp" -o "$build/probe" 2>/dev/null ||
    { echo "SKIPPED: clang++ has no libFuzzer (Debian: libclang-rt-dev)"; exit 77; }

cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ \
    -DCMAKE_CXX_FLAGS="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer" \
    -DGRUVE_FUZZ=ON -DGRUVE_SEARCH=OFF -DGRUVE_PLUGIN=OFF -DGRUVE_BENCHMARKS=OFF >"$build/configure.log" 2>&1 || { tail -n 20 "$build/configure.log"; exit 1; }
cmake --build "$build" -j 2 --target "${targets[@]/#/fuzz_}" >"$build/build.log" 2>&1 || { tail -n 30 "$build/build.log"; exit 1; }

failed=0
for target in "${targets[@]}"; do
    found=$build/found/$target corpus=tests/fuzz/corpus/$target log=$build/$target.log
    mkdir -p "$found"
    limits=(-timeout=1 -rss_limit_mb=1024 -malloc_limit_mb=256 -artifact_prefix="$build/crashes/$target-")
    options=(-max_total_time="$seconds" -max_len=8192 -print_final_stats=1 -seed="${FUZZ_SEED:-1}")
    [ ! -e "tests/fuzz/$target.dict" ] || options+=(-dict="tests/fuzz/$target.dict")
    # The corpus whole first: beside others libFuzzer cuts long files to max_len.
    if "$build/bin/fuzz_$target" "${limits[@]}" "$corpus"/* >"$log" 2>&1 &&
        "$build/bin/fuzz_$target" "${limits[@]}" "${options[@]}" "$found" "$corpus" >>"$log" 2>&1; then
        echo "$target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs in $seconds s, no crash, hang or excess of memory"
    else
        echo "$target: FAILED; the input is in $build/crashes, the log is $log"
        grep -E -m 3 'ERROR|SUMMARY|bytes of memory|broken promise|runtime error|unexpected' "$log" || true
        failed=1
    fi
done
exit "$failed"

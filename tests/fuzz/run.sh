#!/usr/bin/env bash
# Builds the fuzz targets with clang, AddressSanitizer and UndefinedBehaviorSanitizer into build/fuzz and runs them, one
# on each processor at a time.
#   [FUZZ_SEED=N] [FUZZ_JOBS=N] [FUZZ_PATIENCE=N] tests/fuzz/run.sh [SECONDS [TARGET…]]      default: 60 s of every
# target SECONDS are processor time, so that a busy machine fuzzes as much as a free one. A target ends at the latest
# after FUZZ_PATIENCE (2) times as many seconds by the clock, and says how much processor time it got.
# Seeds and past crashes are in tests/fuzz/corpus/TARGET; inputs that a run discovers stay in build/fuzz/found/TARGET.
# Inputs that crash, hang (more than a second of processor time) or use too much memory are written to
# build/fuzz/crashes. Once such a fault is mended, add its input to the corpus.
# Exit status 77 (skipped) without clang++ and libFuzzer.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(preset session safetensors model_json npz recipe idx audio folders c_api)
command -v clang++ >/dev/null || { echo "SKIPPED: clang++ is not installed (Debian: clang)"; exit 77; }
build=build/fuzz
mkdir -p "$build/crashes"
echo 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }' >"$build/probe.cpp"
clang++ -fsanitize=fuzzer,address,undefined "$build/probe.cpp" -o "$build/probe" 2>/dev/null ||
    { echo "SKIPPED: clang++ has no libFuzzer (Debian: libclang-rt-dev)"; exit 77; }

# More than -O1 and line tables would make the kernels take minutes to compile.
flags="-O1 -gline-tables-only -fno-omit-frame-pointer"
flags+=" -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all"
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=None -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ \
    -DCMAKE_CXX_FLAGS="$flags" -DGRUVE_FUZZ=ON -DGRUVE_PLUGIN=OFF -DGRUVE_APP_PLUGINS=OFF -DGRUVE_BENCHMARKS=OFF \
    >"$build/configure.log" 2>&1 || { tail -n 20 "$build/configure.log"; exit 1; }
cmake --build "$build" -j "$(nproc)" --target "${targets[@]/#/fuzz_}" >"$build/build.log" 2>&1 ||
    { tail -n 30 "$build/build.log"; exit 1; }

# quick TARGET INPUT: whether this input is harmless when it need not wait for a processor.
quick() {
    local cpu
    cpu=$({ TIMEFORMAT='%U %S'
        time "$build/bin/fuzz_$1" "${limits[@]}" -timeout=100 "$2" >/dev/null 2>&1; } 2>&1) || return 1
    awk '{ exit !($1 + $2 < 1) }' <<<"$cpu"
}
# only_waited TARGET BEGAN: whether the newest hang was no hang: the machine was busy with other work.
only_waited() {
    local input
    input=$(ls -t "$build/crashes/$1"-timeout-* 2>/dev/null | head -n 1)
    [ -n "$input" ] && [ "$input" -nt "$2" ] && quick "$1" "$input" && rm "$input"
}

# count_used TARGET: sets `used` to the seconds of processor time that this shell's programs have taken.
count_used() {
    times >"$build/$1.times"
    used=$(awk -F '[ms]' 'END { printf "%.0f", 60 * ($1 + $3) + $2 + $4 }' "$build/$1.times")
}
# count_left: sets `left` to the seconds that remain, of processor time or by the clock, whichever is less.
count_left() {
    left=$((seconds - used < end - SECONDS ? seconds - used : end - SECONDS))
}

fuzz() {
    local target=$1 found=$build/found/$1 corpus=tests/fuzz/corpus/$1 log=$build/$1.log left used input inputs
    local end=$((SECONDS + seconds * ${FUZZ_PATIENCE:-2}))
    local limits=(-timeout=1 -rss_limit_mb=1024 -malloc_limit_mb=256 -artifact_prefix="$build/crashes/$target-")
    local options=(-max_len=8192 -print_final_stats=1 -seed="${FUZZ_SEED:-1}")
    [ ! -e "tests/fuzz/$target.dict" ] || options+=(-dict="tests/fuzz/$target.dict")
    mkdir -p "$found"
    : >"$log"
    touch "$build/$target.began"
    # First every file of the corpus in full; when it fuzzes, libFuzzer cuts long files to max_len. If that fails, each
    # file alone tells a fault from a busy machine.
    if ! "$build/bin/fuzz_$target" "${limits[@]}" "$corpus"/* >>"$log" 2>&1; then
        for input in "$corpus"/*; do quick "$target" "$input" || { failed "$target" "$input"; return 1; }; done
    fi
    while count_used "$target"; count_left; [ "$left" -gt 0 ]; do
        "$build/bin/fuzz_$target" "${limits[@]}" "${options[@]}" -max_total_time="$left" "$found" "$corpus" \
            >>"$log" 2>&1 || only_waited "$target" "$build/$target.began" || { failed "$target"; return 1; }
    done
    inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | awk '{ n += $1 } END { print n + 0 }')
    echo "$target: $inputs inputs in $used s of processor time, no crash, hang or excess of memory"
}
failed() {
    echo "$1: FAILED; the input is ${2:-in $build/crashes}, the log is $build/$1.log"
    grep -aE -m 3 'ERROR|SUMMARY|bytes of memory|broken promise|runtime error|unexpected' "$build/$1.log" || true
}

status=0
running=0
for target in "${targets[@]}"; do
    if [ "$running" -ge "${FUZZ_JOBS:-$(nproc)}" ]; then
        wait -n || status=1
        running=$((running - 1))
    fi
    fuzz "$target" &
    running=$((running + 1))
done
for ((; running > 0; --running)); do wait -n || status=1; done
exit "$status"

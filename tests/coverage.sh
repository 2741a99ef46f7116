#!/usr/bin/env bash
# Line coverage of each folder by the whole suite: builds with gcov into build/coverage, runs the tests, prints a table.
#   tests/coverage.sh [CTEST ARGUMENTS…]       Debian: gcovr. Takes half an hour on two cores.
# Aims: engine/ 95 %, the rest 85 %. Status 1 where one is missed.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v gcovr >/dev/null || { echo "tests/coverage.sh: gcovr is missing; install it with: apt-get install gcovr" >&2; exit 1; }
build=build/coverage
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DGRUVE_BENCHMARKS=OFF -DCMAKE_C_FLAGS="--coverage -O1" -DCMAKE_CXX_FLAGS="--coverage -O1 -fprofile-update=atomic" >/dev/null
cmake --build "$build" -j "$(nproc)"
find "$build" -name '*.gcda' -delete
ctest --test-dir "$build" --output-on-failure "$@"

missed=0
for folder in engine datasets offline_search plugin; do
    aim=85; [ "$folder" = engine ] && aim=95
    lines=$(gcovr --root . --filter "$folder/" --exclude-throw-branches --json-summary-pretty "$build" 2>/dev/null | sed -n 's/^ *"line_percent": *\([0-9.]*\).*/\1/p' | tail -n 1)
    printf '%-16s %5.1f %% of lines (aim %d %%)\n' "$folder" "${lines:-0}" "$aim"
    awk -v lines="${lines:-0}" -v aim="$aim" 'BEGIN { exit !(lines < aim) }' && missed=1
done
exit $missed

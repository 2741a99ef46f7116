#!/usr/bin/env bash
# Line coverage of each folder: builds our own code with gcov into build/coverage, runs the tests and prints a table.
#   tests/coverage.sh [CTEST ARGUMENT…]       needs gcovr (Debian: gcovr)
# Without arguments it runs all tests of this build. Hosts, other processors and fuzz targets have builds of their own.
# Goals: engine/ 95 %, the other folders 85 %. Exit status 1 if a folder misses its goal or a test fails.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/setup.sh
command -v gcovr >/dev/null || die "gcovr is missing; install it with: apt-get install gcovr"
# survival kills its programs, and a program that is killed writes no counts.
[ $# -gt 0 ] || set -- -E '^(hosts_|fuzz|same_hash|survival)'
build coverage engine_tests slots_tests datasets_tests pool_tests offline_search_tests plugin_tests gruve
build=build/coverage
find "$build" -name '*.gcda' -delete
say "Testing"
missed=0
ctest --test-dir "$build" --output-on-failure "$@" || missed=1

say "Lines that ran"
# Threads may lose each other's counts, which can make the count of a branch negative; gcovr leaves such branches out.
gcovr --root . --filter '(engine|datasets|offline_search|plugin)/' --exclude-throw-branches --gcov-ignore-parse-errors \
    -j "$(nproc)" --json "$build/lines.json" "$build" >"$build/gcovr.log" 2>&1 ||
    { tail -n 5 "$build/gcovr.log" >&2; die "gcovr failed; its log is $build/gcovr.log"; }
# of FOLDER OPTION…: a report of the lines counted there
of() { gcovr --root . --add-tracefile "$build/lines.json" --filter "$@"; }
# percent_of FOLDER: the summary's last entry is the sum over all files
percent_of() {
    of "$1/" --json-summary-pretty | sed -n 's/^ *"line_percent": *\([0-9.]*\).*/\1/p' | tail -n 1
}
for folder in engine datasets offline_search plugin; do
    goal=85; [ "$folder" = engine ] && goal=95
    lines=$(percent_of "$folder")
    printf '%-16s %5.1f %% of lines (goal %d %%)\n' "$folder" "${lines:-0}" "$goal"
    awk -v lines="${lines:-0}" -v goal="$goal" 'BEGIN { exit !(lines < goal) }' && missed=1
done
of . >"$build/lines.txt"
echo "The lines of each file that did not run: $build/lines.txt"
exit $missed

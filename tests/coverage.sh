#!/usr/bin/env bash
# Line coverage of each folder: builds our own code with gcov into build/coverage, runs the tests, prints a table.
#   tests/coverage.sh [CTEST ARGUMENTS…]       Debian: gcovr. Without arguments all tests that run in this build: not the hosts, other
#                                              processors and fuzz targets, which have builds of their own.
# Aims: engine/ 95 %, the rest 85 %. Status 1 where one is missed or a test failed.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/setup.sh
command -v gcovr >/dev/null || die "gcovr is missing; install it with: apt-get install gcovr"
# A program that was killed counts nothing.
[ $# -gt 0 ] || set -- -E '^(hosts_|fuzz|same_hash|survival)'
build coverage engine_tests slots_tests datasets_tests pool_tests offline_search_tests plugin_tests gruve
build=build/coverage
find "$build" -name '*.gcda' -delete
say "Testing"
missed=0
ctest --test-dir "$build" --output-on-failure "$@" || missed=1

say "Lines that ran"
# Counts that threads lost to each other can make others negative: such branches are left out.
gcovr --root . --filter '(engine|datasets|offline_search|plugin)/' --exclude-throw-branches --gcov-ignore-parse-errors -j "$(nproc)" --json "$build/lines.json" "$build" >"$build/gcovr.log" 2>&1 ||
    { tail -n 5 "$build/gcovr.log" >&2; die "gcovr failed; its log is $build/gcovr.log"; }
# of FOLDER OPTIONS…: what was counted there
of() { gcovr --root . --add-tracefile "$build/lines.json" --filter "$@"; }
for folder in engine datasets offline_search plugin; do
    aim=85; [ "$folder" = engine ] && aim=95
    lines=$(of "$folder/" --json-summary-pretty | sed -n 's/^ *"line_percent": *\([0-9.]*\).*/\1/p' | tail -n 1)  # the last one is that of all files
    printf '%-16s %5.1f %% of lines (aim %d %%)\n' "$folder" "${lines:-0}" "$aim"
    awk -v lines="${lines:-0}" -v aim="$aim" 'BEGIN { exit !(lines < aim) }' && missed=1
done
of . >"$build/lines.txt"
echo "File by file, with the lines that did not run: $build/lines.txt"
exit $missed

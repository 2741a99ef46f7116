#!/usr/bin/env bash
# Line coverage of each folder: builds our own code with gcov into build/coverage, runs the tests, prints a table.
#   tests/coverage.sh [CTEST ARGUMENTS…]       Debian: gcovr. Without arguments all tests that run in this build: not the hosts, other
#                                              processors and fuzz targets, which have builds of their own.
# Aims: engine/ 95 %, the rest 85 %. Status 1 where one is missed.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/setup.sh
command -v gcovr >/dev/null || die "gcovr is missing; install it with: apt-get install gcovr"
[ $# -gt 0 ] || set -- -E '^(hosts_|fuzz|same_hash)'
build coverage engine_tests slots_tests datasets_tests pool_tests offline_search_tests plugin_tests gruve
build=build/coverage
find "$build" -name '*.gcda' -delete
say "Testing"
ctest --test-dir "$build" --output-on-failure "$@"

say "Lines that ran"
missed=0
for folder in engine datasets offline_search plugin; do
    aim=85; [ "$folder" = engine ] && aim=95
    lines=$(gcovr --root . --filter "$folder/" --exclude-throw-branches --json-summary-pretty "$build" 2>/dev/null | sed -n 's/^ *"line_percent": *\([0-9.]*\).*/\1/p' | tail -n 1)
    printf '%-16s %5.1f %% of lines (aim %d %%)\n' "$folder" "${lines:-0}" "$aim"
    awk -v lines="${lines:-0}" -v aim="$aim" 'BEGIN { exit !(lines < aim) }' && missed=1
done
exit $missed

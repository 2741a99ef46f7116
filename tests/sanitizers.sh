#!/usr/bin/env bash
# The fast tests under AddressSanitizer with UndefinedBehaviorSanitizer, then what runs on several threads (the plugin's swaps and meters,
# training and search) under ThreadSanitizer. Builds into build/asan and build/tsan; only our own code is instrumented.
#   tests/sanitizers.sh [asan|tsan [TESTS…]]      both without arguments; TESTS: of engine datasets offline_search plugin
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/setup.sh

# sanitise PRESET TESTS…
sanitise() {
    local preset=$1; shift
    build "$preset" "${@/%/_tests}"
    say "Testing ($preset)"
    local pattern; pattern=$(IFS='|'; echo "^($*)\$")
    UBSAN_OPTIONS=print_stacktrace=1 ctest --test-dir "build/$preset" --output-on-failure --no-tests=error -L fast -R "$pattern" ||
        die "a test failed under $preset; run it again with: ctest --test-dir build/$preset --rerun-failed --output-on-failure"
}

asan=(engine datasets offline_search plugin) tsan=(offline_search plugin)
preset=${1:-both}
[ $# = 0 ] || shift
[ $# = 0 ] || asan=("$@") tsan=("$@")
case $preset in
    both) sanitise asan "${asan[@]}"; sanitise tsan "${tsan[@]}" ;;
    asan) sanitise asan "${asan[@]}" ;;
    tsan) sanitise tsan "${tsan[@]}" ;;
    *) echo "usage: tests/sanitizers.sh [asan|tsan [engine|datasets|offline_search|plugin]...]" >&2; exit 2 ;;
esac

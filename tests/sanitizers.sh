#!/usr/bin/env bash
# The fast tests under AddressSanitizer with UndefinedBehaviorSanitizer, then what runs on several threads (the plugin's swaps and meters,
# training and search) under ThreadSanitizer. Builds into build/asan and build/tsan; only our own code is instrumented.
#   tests/sanitizers.sh [asan|tsan]...      both without arguments
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/setup.sh
[ $# -gt 0 ] || set -- asan tsan

for preset in "$@"; do
    case $preset in
        asan) tests=(engine datasets offline_search plugin) ;;
        tsan) tests=(offline_search plugin) ;;
        *) echo "usage: tests/sanitizers.sh [asan|tsan]..." >&2; exit 2 ;;
    esac
    build "$preset" "${tests[@]/%/_tests}"
    say "Testing ($preset)"
    pattern=$(IFS='|'; echo "^(${tests[*]})\$")
    UBSAN_OPTIONS=print_stacktrace=1 ctest --test-dir "build/$preset" --output-on-failure --no-tests=error -L fast -R "$pattern" ||
        die "a test failed under $preset; run it again with: ctest --test-dir build/$preset --rerun-failed --output-on-failure"
done

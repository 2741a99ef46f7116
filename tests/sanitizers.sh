#!/usr/bin/env bash
# The fast tests under sanitisers, with builds of their own in build/asan, build/tsan and build/rtsan:
#   asan   AddressSanitizer and UndefinedBehaviorSanitizer: everything
#   tsan   ThreadSanitizer: what runs on several threads (the plugin's swaps and meters, training and search)
#   rtsan  RealtimeSanitizer: the engine; it stops a function marked GRUVE_REAL_TIME that waits or asks for memory
# Only our own code is instrumented.
#   tests/sanitizers.sh [asan|tsan|rtsan [TEST…]]      without arguments all three
#                                                      TEST: engine native slots datasets pool offline_search plugin
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/setup.sh

# sanitise PRESET TEST…
sanitise() {
    local preset=$1; shift
    build "$preset" "${@/%/_tests}"
    say "Testing ($preset)"
    local pattern; pattern=$(IFS='|'; echo "^($*)\$")
    UBSAN_OPTIONS=print_stacktrace=1 TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp" \
        ctest --test-dir "build/$preset" --output-on-failure --no-tests=error -L fast -R "$pattern" ||
        die "a test failed under $preset; to repeat: ctest --test-dir build/$preset --rerun-failed --output-on-failure"
}

# In a shell of its own, because it sets another compiler. Skipped with a message where there is no such compiler.
real_time() (
    mkdir -p build/rtsan
    CXX=$(tests/real_time/rtsan_compiler.sh build/rtsan/compiler) ||
        { [ $? = 77 ] || die "tests/real_time/rtsan_compiler.sh failed"; return 0; }
    export CXX
    sanitise rtsan engine
)

asan=(engine native slots datasets pool offline_search plugin) tsan=(slots pool offline_search plugin)
preset=${1:-all}
[ $# = 0 ] || shift
[ $# = 0 ] || asan=("$@") tsan=("$@")
case $preset in
    all) sanitise asan "${asan[@]}"; sanitise tsan "${tsan[@]}"; real_time ;;
    asan) sanitise asan "${asan[@]}" ;;
    tsan) sanitise tsan "${tsan[@]}" ;;
    rtsan) real_time ;;
    *) echo "usage: tests/sanitizers.sh [asan|tsan|rtsan [engine|slots|datasets|pool|offline_search|plugin]…]" >&2
        exit 2 ;;
esac

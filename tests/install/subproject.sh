#!/usr/bin/env bash
# add_subdirectory(gruve) in a project of somebody else's: the library alone is built, without flatc, JUCE, training
# libraries, tests, warnings as errors, and without a header of ours on their include path but the API's.
# usage: subproject.sh SOURCE_DIR GRUVE
set -euo pipefail
source_dir=$(cd "$1" && pwd) gruve=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }

mkdir "$work/theirs"
cp "$source_dir/engine/examples/denoise_wav.c" "$work/theirs/"
cat >"$work/theirs/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(theirs LANGUAGES C CXX)
find_package(PkgConfig REQUIRED)
pkg_check_modules(SNDFILE REQUIRED IMPORTED_TARGET sndfile)
enable_testing()
add_subdirectory(${GRUVE} gruve)
add_executable(theirs denoise_wav.c api.cpp)
target_link_libraries(theirs PRIVATE gruve::gruve_static PkgConfig::SNDFILE)
add_executable(shared denoise_wav.c)
target_link_libraries(shared PRIVATE gruve::gruve PkgConfig::SNDFILE)
install(TARGETS theirs)
END
cat >"$work/theirs/api.cpp" <<'END'
#include <gruve/gruve.hpp>
#if __has_include("engine/preset/preset.h") || __has_include("preset_generated.h")
#error "headers of ours are to be seen"
#endif
int unused_without_a_warning(int value) { return gruve_version() == nullptr ? value : 0; }
END

echo "== Configuring (Debug, which compiles in half the time)"
cmake -S "$work/theirs" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DGRUVE="$source_dir" \
    -DCMAKE_INSTALL_PREFIX="$work/prefix" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON >"$work/log" ||
    { cat "$work/log"; fail "configuring"; }
if grep -E '^(FLATC|Eigen3_DIR|JUCE_DIR|CLI11_DIR|Pagmo_DIR|Boost_DIR|LV2_INCLUDE|LADSPA_INCLUDE|benchmark_DIR):' \
    "$work/build/CMakeCache.txt"; then
    fail "the library alone looks for the above"
fi
python3 - "$work/build/compile_commands.json" "$source_dir" <<'END'
import json, sys
commands, ours = json.load(open(sys.argv[1])), sys.argv[2]
theirs = [c["command"] for c in commands if not c["file"].startswith(ours + "/")]
library = [c for c in commands if c["file"].startswith(ours + "/")]
parts = {c["file"][len(ours) + 1:].split("/")[0] for c in library}
assert len(theirs) == 3 and parts == {"engine"}, (theirs, parts)
for command in theirs:
    for option in ("-W", "-ffp-contract", "include_roots", "-std=gnu++20", "generated"):
        assert option not in command, f"{option} reaches them: {command}"
assert not any("-Werror" in c["command"] for c in library), "our warnings stop their build"
END
ctest --test-dir "$work/build" -N | grep -q 'Total Tests: 0' || fail "our tests are in their ctest"

echo "== Building"
cmake --build "$work/build" >"$work/log" || { cat "$work/log"; fail "building"; }
cmake --install "$work/build" >"$work/log" || { cat "$work/log"; fail "installing"; }
[ "$(cd "$work/prefix" && find . -type f)" = ./bin/theirs ] || fail "installed: $(find "$work/prefix" -type f)"

echo "== Playing"
preset=$source_dir/presets/denoise-recommended.gruve
python3 "$source_dir/tests/hosts/compare_wav.py" make "$work/noisy.wav"
"$gruve" render --preset "$preset" "$work/noisy.wav" "$work/expected.wav" >/dev/null
for program in prefix/bin/theirs build/shared; do
    "$work/$program" "$preset" "$work/noisy.wav" "$work/got.wav"
    python3 "$source_dir/tests/hosts/within_a_step.py" "$work/expected.wav" "$work/got.wav"
done
echo "The library builds inside another project."

#!/usr/bin/env bash
# Installs the library to a prefix of its own, then builds and runs engine/examples in a project outside the tree, as a
# user would: by find_package against the shared library, by pkg-config against both. The denoised file equals that of
# `gruve render`.
# usage: consumer.sh SOURCE_DIR BUILD_DIR GRUVE
set -euo pipefail
source_dir=$1 build_dir=$2 gruve=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }

for component in library development; do
    cmake --install "$build_dir" --prefix "$work/prefix" --component "$component" >"$work/install.log" ||
        { cat "$work/install.log"; fail "install"; }
done
prefix=$work/prefix
find "$prefix" \( -type f -o -type l \) -printf '  %P\n' | sort

echo "== Only the API is exported"
library=$(find "$prefix" -name 'libgruve.so')
others=$(nm -D --defined-only "$library" | awk '{print $3}' | grep -vE '^(gruve_[a-z_]+@@GRUVE_0|GRUVE_0)$' || true)
[ -z "$others" ] || fail "exported beside the API: $others"
declared=$(grep -oE '\bgruve_[a-z_]+\(' "$source_dir/engine/include/gruve/gruve.h" | tr -d '(' | sort -u)
exported=$(nm -D --defined-only "$library" | grep -oE 'gruve_[a-z_]+@' | tr -d '@' | sort -u)
[ "$declared" = "$exported" ] ||
    fail "declared and exported functions differ: $(diff <(echo "$declared") <(echo "$exported"))"

echo "== find_package"
cp -r "$source_dir/engine/examples" "$work/examples"
cmake -S "$work/examples" -B "$work/build" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_BUILD_TYPE=Release \
    >"$work/configure.log" || { cat "$work/configure.log"; fail "find_package(gruve)"; }
cmake --build "$work/build" >"$work/build.log" || { cat "$work/build.log"; fail "the examples don't build"; }

echo "== pkg-config, C99 without warnings, C++17"
export PKG_CONFIG_PATH
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name gruve.pc)")
# shellcheck disable=SC2046  # flags are meant to split
gcc -std=c99 -D_DEFAULT_SOURCE -Wall -Wextra -Wpedantic -Werror "$work/examples/denoise_wav.c" -o "$work/shared" \
    $(pkg-config --cflags --libs gruve sndfile)
# shellcheck disable=SC2046
gcc -std=c99 "$work/examples/print_words.c" -o "$work/static" $(pkg-config --cflags gruve) \
    "$(find "$prefix" -name libgruve.a)" -lstdc++ -lm $(pkg-config --libs sndfile)
echo '#include <gruve/gruve.hpp>' >"$work/header.cpp"
g++ -std=c++17 -Wall -Wextra -Werror -fsyntax-only -I"$prefix/include" "$work/header.cpp"

echo "== The examples run"
preset=$source_dir/presets/denoise-recommended.gruve
python3 "$source_dir/tests/hosts/compare_wav.py" make "$work/noisy.wav"
"$gruve" render --preset "$preset" "$work/noisy.wav" "$work/expected.wav" >/dev/null
export LD_LIBRARY_PATH
LD_LIBRARY_PATH=$(dirname "$library")
for example in "$work/build/denoise_wav" "$work/build/denoise_wav_cpp" "$work/shared"; do
    "$example" "$preset" "$work/noisy.wav" "$work/got.wav"
    python3 "$source_dir/tests/hosts/within_a_step.py" "$work/expected.wav" "$work/got.wav"
done
words=$source_dir/presets/wake_words_live-recommended.gruve
"$work/static" "$words" "$work/noisy.wav"
"$work/build/print_words" "$words" "$work/noisy.wav"
if "$work/shared" "$preset" "$work/missing.wav" "$work/got.wav" 2>"$work/error.txt"; then
    fail "a missing file is no error"
fi
if "$work/shared" "$work/noisy.wav" "$work/noisy.wav" "$work/got.wav" 2>"$work/error.txt"; then
    fail "a WAV file is no preset"
fi
grep -q 'not a Gruve preset' "$work/error.txt" || fail "the error doesn't say what is wrong: $(cat "$work/error.txt")"
echo "The library installs, links and plays."

#!/usr/bin/env bash
# Cross-builds the engine for aarch64, runs it under qemu-user and compares hashes with this machine's: of the integer
# networks on every kernel, and of whole streams, from samples to samples or posteriors.
#   same_hash_on_aarch64.sh SOURCE_DIR BINARY_DIR
set -euo pipefail
source_dir=$1 binary_dir=$2
source "$(dirname "$0")/emulated_presets.sh"
emulated_presets "$source_dir"
[ ${#presets[@]} -gt 0 ] || { echo "SKIPPED: no presets in $source_dir/presets"; exit 77; }
for tool in aarch64-linux-gnu-g++ qemu-aarch64; do
    command -v "$tool" >/dev/null || { echo "SKIPPED: $tool is not installed"; exit 77; }
done

cross=$binary_dir/aarch64
cmake -S "$source_dir" -B "$cross" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_TOOLCHAIN_FILE="$source_dir/tests/portable/aarch64.cmake" -DGRUVE_SEARCH=OFF -DGRUVE_PLUGIN=OFF \
    -DGRUVE_APP_PLUGINS=OFF -DGRUVE_BENCHMARKS=OFF -DGRUVE_TESTS=OFF -DGRUVE_OUTPUT_HASH=ON >"$cross.log" 2>&1 ||
    { tail -n 20 "$cross.log"; exit 1; }
cmake --build "$cross" --target gruve_output_hash gruve_stream_hash >>"$cross.log" 2>&1 ||
    { tail -n 20 "$cross.log"; exit 1; }

# compare PROGRAM PRESET…
compare() {
    local program=$1 here there; shift
    here=$("$binary_dir/bin/$program" "$@" 2>"$cross.here")
    there=$(qemu-aarch64 -L /usr/aarch64-linux-gnu "$cross/bin/$program" "$@" 2>"$cross.there") ||
        { cat "$cross.there"; exit 1; }
    [ "$here" = "$there" ] ||
        { printf '%s: aarch64 differs.\nhere:\n%s\nthere:\n%s\n' "$program" "$here" "$there"; exit 1; }
}
compare gruve_stream_hash "${presets[@]}"
compare gruve_output_hash "${presets[@]}"
ran="here ($(tail -n 1 "$cross.here")) and on aarch64 ($(tail -n 1 "$cross.there"))"
echo "the same hashes of streams and networks $ran"

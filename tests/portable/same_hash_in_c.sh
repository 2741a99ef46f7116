#!/usr/bin/env bash
# Exports presets as C headers, compiles them with the C99 runtime, with warnings and sanitizers on, and compares the
# hashes of their outputs with the engine's.
#   same_hash_in_c.sh SOURCE_DIR BINARY_DIR [PRESET…]    default: tiny ones of every kind and a factory network of bands
set -euo pipefail
source_dir=$1 binary_dir=$2
shift 2
command -v gcc >/dev/null || { echo "SKIPPED: gcc is not installed"; exit 77; }

work=$binary_dir/same_hash_in_c
rm -rf "$work"
flags=(-std=c99 -O1 -Wall -Wextra -Wconversion -Wpedantic -Werror -fsanitize=address,undefined -fno-sanitize-recover=all
    -I"$source_dir/engine/device" -I"$source_dir/tests/portable" -I"$work")
count=0
list=$("$binary_dir/bin/gruve_device_headers" "$work" "$@")
[ $# -gt 0 ] ||
    list+=$'\n'$("$binary_dir/bin/gruve_device_headers" "$work" \
        "$source_dir/presets/denoise_live_fine-recommended.gruve")
for part in device bands dot; do
    gcc "${flags[@]}" -c "$source_dir/engine/device/gruve_$part.c" -o "$work/gruve_$part.o"
done
while IFS=$'\t' read -r header name runtime preset; do
    gcc "${flags[@]}" -DMODEL="$name" -DRUNTIME="$runtime" -DMODEL_HEADER="\"$(basename "$header")\"" \
        "$source_dir/tests/portable/run_exported.c" "$work"/gruve_{device,bands,dot}.o -o "$work/run"
    expected=$("$binary_dir/bin/gruve_output_hash" "$preset" 2>/dev/null)
    found=$("$work/run")
    [ "$found" = "${expected%% *}" ] || { echo "$preset: exported C gives $found, the engine ${expected%% *}"; exit 1; }
    count=$((count + 1))
done <<<"$list"
[ "$count" -gt 0 ] || { echo "no preset was exported"; exit 1; }
echo "$count networks: the same hashes from exported C and from the engine"

#!/usr/bin/env bash
# Compares the library's binary interface with the released one (tests/install/libgruve.abi): functions, types, symbols.
# usage: abi.sh BUILD_DIR [--update]      Status 77 where libabigail is not installed (Debian: abigail-tools).
set -euo pipefail
build=$1 here=$(cd "$(dirname "$0")" && pwd)
command -v abidw >/dev/null || { echo "SKIPPED: abidw is not installed (Debian: abigail-tools)"; exit 77; }
library=$build/engine/c_api/libgruve.so
headers=$here/../../engine/include/gruve
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
abidw --suppressions "$here/only_the_api.abignore" --headers-dir "$headers" --drop-private-types \
    --exported-interfaces-only --no-show-locs --no-comp-dir-path --no-corpus-path "$library" >"$work/now.abi"
if [ "${2:-}" = --update ]; then cp "$work/now.abi" "$here/libgruve.abi"; exit 0; fi
status=0
abidiff --no-show-locs "$here/libgruve.abi" "$work/now.abi" >"$work/report.txt" || status=$?
# 4: something changed, 8: incompatibly. An addition is compatible, and becomes part of the baseline with --update.
if [ $((status & 11)) != 0 ]; then
    cat "$work/report.txt"
    echo "FAILED: programs that link the released library would break" >&2
    exit 1
elif [ "$status" != 0 ]; then
    cat "$work/report.txt"
    echo "Additions only: tests/install/abi.sh BUILD_DIR --update makes them part of the baseline"
fi
# The check can fail: a baseline that has one function more, or another number for a status, is refused.
sed "0,/name='gruve_spotter_reset'/s//name='gruve_spotter_gone'/" "$here/libgruve.abi" >"$work/more.abi"
sed "s/name='GRUVE_ERROR_KIND' value='-4'/name='GRUVE_ERROR_KIND' value='-9'/" "$here/libgruve.abi" >"$work/other.abi"
for planted in more other; do
    if abidiff "$work/$planted.abi" "$work/now.abi" >/dev/null 2>&1; then
        echo "FAILED: the planted change \"$planted\" isn't noticed" >&2
        exit 1
    fi
done
echo "The binary interface is the released one."

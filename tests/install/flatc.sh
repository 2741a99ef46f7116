#!/usr/bin/env bash
# The committed reader and writer of presets is what flatc makes of engine/preset/preset.fbs.
# usage: flatc.sh [--update]      Status 77 without the flatc that it was made with: others write other code.
set -euo pipefail
cd "$(dirname "$0")/../../engine/preset"
committed=generated/preset_generated.h
version=$(grep -oE 'FLATBUFFERS_VERSION_[A-Z]+ == [0-9]+' $committed | grep -oE '[0-9]+$' | paste -sd .)
command -v flatc >/dev/null || { echo "SKIPPED: flatc is not installed (Debian: flatbuffers-compiler)"; exit 77; }
if [ "${1:-}" = --update ]; then flatc --cpp -o generated preset.fbs; exit 0; fi
[ "$(flatc --version)" = "flatc version $version" ] || { echo "SKIPPED: $(flatc --version), not $version"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flatc --cpp -o "$work" preset.fbs
diff -u $committed "$work/preset_generated.h" ||
    { echo "FAILED: preset.fbs has changed since; tests/install/flatc.sh --update writes the header" >&2; exit 1; }
# The check can fail.
sed 's/^root_type/table Planted { x:int; }\n&/' preset.fbs >"$work/preset.fbs"
flatc --cpp -o "$work" "$work/preset.fbs"
! cmp -s $committed "$work/preset_generated.h" || { echo "FAILED: a planted table isn't noticed" >&2; exit 1; }
echo "The committed header is what flatc $version writes."

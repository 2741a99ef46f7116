#!/usr/bin/env bash
# A page that plays, in Chromium without a window (play.py).
#   play.sh SOURCE_DIR GRUVE WORK       status 77 (skipped) without the package, chromium or its driver
set -euo pipefail
source_dir=$1 gruve=$2 work=$3
for tool in chromium chromedriver; do
    command -v "$tool" >/dev/null ||
        { echo "SKIPPED: $tool is not installed (Debian: chromium, chromium-driver)"; exit 77; }
done
package=$source_dir/build/web/gruve
[ -f "$package/gruve.wasm" ] ||
    { echo "SKIPPED: no browser package; plugin/web/pack builds it with emscripten"; exit 77; }
rm -rf "$work"
mkdir -p "$work"
python3 "$source_dir/tests/web/noisy_wav.py" "$work/noisy.wav"
python3 "$source_dir/tests/web/vowels_wav.py" "$work/vowels.wav"
python3 "$source_dir/tests/web/play.py" "$gruve" "$package" "$source_dir/presets" "$work/noisy.wav" "$work/vowels.wav" \
    "$work"

#!/usr/bin/env bash
# Builds the browser's package and runs its engine in Node: the same hashes of networks and streams as here, the same
# samples as `gruve render`, sentences for bad presets, and the time of a block beside this machine's own.
#   package.sh SOURCE_DIR BINARY_DIR GRUVE       status 77 (skipped) without emscripten and Node
set -euo pipefail
source_dir=$1 binary_dir=$2 gruve=$3
for tool in emcc node; do
    command -v "$tool" >/dev/null || { echo "SKIPPED: $tool is not installed (Debian: emscripten, nodejs)"; exit 77; }
done
"$source_dir/plugin/web/pack"
package=$source_dir/build/web/gruve wasm=$source_dir/build/wasm/bin here=$source_dir/tests/web
size=$(wc -c <"$package/gruve.wasm")
[ "$size" -le 250000 ] || { echo "gruve.wasm has $size bytes, allowed 250000"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

source "$source_dir/tests/portable/emulated_presets.sh"
emulated_presets "$source_dir"
for program in gruve_output_hash gruve_stream_hash; do
    "$binary_dir/bin/$program" "${presets[@]}" >"$work/here" 2>/dev/null
    node --no-experimental-fetch "$wasm/$program.js" "${presets[@]}" >"$work/there" 2>"$work/ran" ||
        { cat "$work/ran"; exit 1; }
    diff "$work/here" "$work/there" || { echo "$program: WebAssembly differs"; exit 1; }
    echo "$program: ${#presets[@]} presets, the same hashes. $(tail -n 1 "$work/ran")"
done

python3 "$here/noisy_wav.py" "$work/in.wav"
render() { node "$here/node_render.mjs" "$package" "$@"; }
for name in denoise-recommended denoise_live-8bit denoise_small-recommended; do
    preset=$source_dir/presets/$name.gruve
    "$gruve" render --preset "$preset" "$work/in.wav" "$work/here.wav" >/dev/null
    render "$preset" "$work/in.wav" "$work/there.wav"
    render "$preset" "$work/in.wav" "$work/copied.wav" --image
    python3 "$here/same_samples.py" "$work/here.wav" "$work/there.wav" "$work/copied.wav"
done
head -c 1000 "$preset" >"$work/cut.gruve"
if render "$work/cut.gruve" "$work/in.wav" "$work/none.wav" 2>"$work/sentence"; then
    echo "half a preset was taken"; exit 1
fi
echo "half a preset: $(cat "$work/sentence")"
echo "10 ms of denoise-recommended in Node: $(render "$source_dir/presets/denoise-recommended.gruve" "$work/in.wav" \
    "$work/none.wav" --time) ms"

#!/bin/sh
# ardour_export.sh BUILD_DIR [PRESET.gruve]: Ardour's headless export through the built VST3 equals `gruve render` of the same file.
# Exit status 77 (skipped) where Ardour or the gruve command is missing.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
scanner=/usr/lib/ardour7/ardour-vst3-scanner
vst3=$(find "$build/plugin" -name Gruve.vst3 -type d | head -n 1)
preset=${2:-$(ls "$here"/../../presets/*denoise*.gruve 2>/dev/null | head -n 1)}
preset=${preset:-$here/../fuzz/corpus/preset/denoise.gruve}
for need in "$scanner" "$(command -v ardour7-lua || echo ardour7-lua)" "$(command -v ardour7-export || echo ardour7-export)" \
  "$build/bin/gruve" "$vst3/" "$preset"; do
  [ -e "$need" ] || { echo "skipped: $need is missing"; exit 77; }
done

work=$(mktemp -d /tmp/gruve_ardour_XXXXXX)
trap 'rm -rf "$work"' EXIT
unset XDG_CONFIG_HOME XDG_CACHE_HOME  # Ardour finds the cache of its scanner only in its default place
export HOME="$work" SESSION_DIR="$work/session"
python3 "$here/compare_wav.py" make "$work/in.wav"

mkdir -p "$HOME/.vst3"
cp -a "$vst3" "$HOME/.vst3/"  # with its old date: Ardour mistrusts a cache of the same second
LD_LIBRARY_PATH=/usr/lib/ardour7 "$scanner" -f "$HOME/.vst3/Gruve.vst3" >"$work/scan.log" 2>&1
uid=$(cat "$HOME"/.cache/ardour7/vst/*.v3i | tr ' ' '\n' | sed -n 's/^uid="\([0-9A-Fa-f]*\)".*/\1/p' | head -n 1)
[ -n "$uid" ] || { echo "the scanner finds no plugin in $vst3"; exit 1; }
PLUGIN_UID=$uid ardour7-lua "$here/ardour_session.lua" >"$work/lua.log" 2>&1 || { cat "$work/lua.log"; exit 1; }
python3 "$here/edit_ardour_session.py" "$SESSION_DIR/s.ardour" "$work/in.wav" "$preset"
ardour7-export -b float -s 48000 -o "$work/ardour.wav" "$SESSION_DIR" s >"$work/export.log" 2>&1 || { cat "$work/export.log"; exit 1; }

"$build/bin/gruve" render --preset "$preset" "$work/in.wav" "$work/render.wav"
python3 "$here/compare_wav.py" compare "$work/render.wav" "$work/ardour.wav" "$work/in.wav"

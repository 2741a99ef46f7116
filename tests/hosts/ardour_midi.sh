#!/bin/sh
# ardour_midi.sh BUILD_DIR DATA [PRESET.gruve]: what Ardour records of the built VST3's MIDI, while it plays spoken wake words, are the
# detections of `gruve render` of the same file. Exit status 77 (skipped) where Ardour, sox, the gruve command or the recordings are missing.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
scanner=/usr/lib/ardour7/ardour-vst3-scanner
vst3=$(find "$build/plugin" -name Gruve.vst3 -type d | head -n 1)
preset=${3:-$here/../../presets/wake_words_live-recommended.gruve}
for need in "$scanner" "$(command -v ardour7-lua || echo ardour7-lua)" "$(command -v sox || echo sox)" "$build/bin/gruve" "$vst3/" "$preset" "$2/keywords"; do
  [ -e "$need" ] || { echo "skipped: $need is missing"; exit 77; }
done
data=$(cd "$2" && pwd)
preset=$(cd "$(dirname "$preset")" && pwd)/$(basename "$preset")

work=$(mktemp -d /tmp/gruve_ardour_XXXXXX)
trap 'rm -rf "$work"' EXIT
unset XDG_CONFIG_HOME XDG_CACHE_HOME  # Ardour finds the cache of its scanner only in its default place
export HOME="$work" SESSION_DIR="$work/session"
words=
for word in alexa computer jarvis snowboy; do
  sox -D "$(ls "$data/keywords/$word"/*.flac | head -n 1)" -r 48000 -c 2 -b 16 "$work/$word.wav" pad 1.5 0.5
  words="$words $work/$word.wav"
done
sox -D $words "$work/in.wav"  # no dither, which sox draws anew each time

mkdir -p "$HOME/.vst3"
cp -a "$vst3" "$HOME/.vst3/"  # with its old date: Ardour mistrusts a cache of the same second
LD_LIBRARY_PATH=/usr/lib/ardour7 "$scanner" -f "$HOME/.vst3/Gruve.vst3" >"$work/scan.log" 2>&1
uid=$(cat "$HOME"/.cache/ardour7/vst/*.v3i | tr ' ' '\n' | sed -n 's/^uid="\([0-9A-Fa-f]*\)".*/\1/p' | head -n 1)
[ -n "$uid" ] || { echo "the scanner finds no plugin in $vst3"; exit 1; }
PLUGIN_UID=$uid ardour7-lua "$here/ardour_session.lua" >"$work/lua.log" 2>&1 || { cat "$work/lua.log"; exit 1; }
python3 "$here/edit_ardour_session.py" "$SESSION_DIR/s.ardour" "$work/in.wav" "$preset"
seconds=$(($(sox --i -s "$work/in.wav") / 48000))  # whole ones; Ardour starts to roll a little late
ROLL_SECONDS=$((seconds + 4)) ardour7-lua "$here/ardour_record_midi.lua" >"$work/record.log" 2>&1 || { cat "$work/record.log"; exit 1; }
midi=$(find "$SESSION_DIR" -name '*.mid' | head -n 1)
[ -n "$midi" ] || { echo "Ardour recorded no MIDI"; cat "$work/record.log"; exit 1; }

python3 "$here/compare_midi.py" "$build/bin/gruve" "$preset" "$work/in.wav" "$midi" "other alexa computer jarvis smart_mirror snowboy view_glass" 60

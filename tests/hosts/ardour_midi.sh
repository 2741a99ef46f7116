#!/bin/sh
# Ardour plays spoken wake words through a built plugin and records its MIDI: the notes are the detections of `gruve
# render` of the same file.
#   ardour_midi.sh BUILD_DIR DATA [vst3|lv2]        lv2: the plain words plugin
# Exit status 77 (skipped) without Ardour, sox, the gruve command or the recordings in DATA/keywords.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/common.sh"
build=$(cd "$1" && pwd)
vst3=$(built_bundle "$build" Gruve.vst3)
lv2=$build/lv2/gruve-words.lv2 kind=${3:-vst3}
preset=$here/../../presets/wake_words_live-recommended.gruve  # the words plugin's first one
need "$build/bin/gruve" "$preset" "$2/keywords"
if [ "$kind" = lv2 ]; then need "$lv2"; else need "$ardour_scanner" "${vst3:-$build/plugin/Gruve.vst3}"; fi
need_program ardour7-lua sox
data=$(cd "$2" && pwd)
preset=$(cd "$(dirname "$preset")" && pwd)/$(basename "$preset")

work=$(mktemp -d /tmp/gruve_ardour_XXXXXX)
trap 'rm -rf "$work"' EXIT
export HOME="$work" SESSION_DIR="$work/session"
words=
for word in alexa computer jarvis snowboy; do
  clip=$(ls "$data/keywords/$word"/*.flac | head -n 1)
  sox -D "$clip" -r 48000 -c 2 -b 16 "$work/$word.wav" pad 1.5 0.5
  words="$words $work/$word.wav"
done
sox -D $words "$work/in.wav"  # -D: no dither, which sox draws anew each time

if [ "$kind" = lv2 ]; then
  TRACK_CHANNELS=1 make_ardour_lv2_session "$build/lv2" https://gruve.audio/lv2/words "$work/in.wav"
else
  make_ardour_session "$vst3" "$preset" "$work/in.wav"
fi
seconds=$(($(sox --i -s "$work/in.wav") / 48000))
ROLL_SECONDS=$((seconds + 2)) ardour7-lua "$here/ardour_record_midi.lua" >"$work/record.log" 2>&1 ||
  { cat "$work/record.log"; exit 1; }
midi=$(find "$SESSION_DIR" -name '*.mid' | head -n 1)
[ -n "$midi" ] || { echo "Ardour recorded no MIDI"; cat "$work/record.log"; exit 1; }

labels="other alexa computer jarvis smart_mirror snowboy view_glass"
python3 "$here/compare_midi.py" "$build/bin/gruve" "$preset" "$work/in.wav" "$midi" "$labels" 60

#!/bin/sh
# Ardour's headless export through the built VST3 equals `gruve render` of the same file.
#   ardour_export.sh BUILD_DIR [PRESET.gruve]        exit status 77 (skipped) without Ardour or the gruve command
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/common.sh"
build=$(cd "$1" && pwd)
vst3=$(built_bundle "$build" Gruve.vst3)
preset=${2:-$(ls "$here"/../../presets/*denoise*.gruve 2>/dev/null | head -n 1)}
preset=${preset:-$here/../fuzz/corpus/preset/denoise.gruve}
need "$ardour_scanner" "$build/bin/gruve" "${vst3:-$build/plugin/Gruve.vst3}" "$preset"
need_program ardour7-lua ardour7-export

work=$(mktemp -d /tmp/gruve_ardour_XXXXXX)
trap 'rm -rf "$work"' EXIT
export HOME="$work" SESSION_DIR="$work/session"
python3 "$here/compare_wav.py" make "$work/in.wav"
make_ardour_session "$vst3" "$preset" "$work/in.wav"
# Ardour 7.3 spoils its heap while it exports: of a session without any plugin, 12 of 100 exports aborted. So an abort,
# and nothing else, is tried again. Six in a row would be one in 300,000.
try=1
while :; do
  status=0
  ardour7-export -b float -s 48000 -o "$work/ardour.wav" "$SESSION_DIR" s >"$work/export.log" 2>&1 || status=$?
  [ "$status" != 0 ] || break
  cat "$work/export.log"
  [ "$status" = 134 ] && [ "$try" -lt 6 ] || exit 1
  echo "Ardour aborted; trying again"
  try=$((try + 1))
done

"$build/bin/gruve" render --preset "$preset" "$work/in.wav" "$work/render.wav"
python3 "$here/compare_wav.py" compare "$work/render.wav" "$work/ardour.wav" "$work/in.wav"

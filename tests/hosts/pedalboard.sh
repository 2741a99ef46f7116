#!/bin/sh
# The VST3 in pedalboard gives what `gruve render` gives, and a session saved there opens with the same sound.
#   pedalboard.sh BUILD_DIR        exit status 77 (skipped) if pedalboard cannot be installed
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/common.sh"
build=$(cd "$1" && pwd)
vst3=$(built_bundle "$build" Gruve.vst3)
preset=$here/../../presets/denoise-8bit.gruve  # another one than a new instance plays
need "$build/bin/gruve" "${vst3:-$build/plugin/Gruve.vst3}" "$preset"
venv=$build/pedalboard_venv log=$build/pedalboard_install.log
install() {
  python3 -m venv "$venv"
  timeout 240 "$venv/bin/pip" install --quiet --disable-pip-version-check pedalboard==0.9.26 numpy
}
if ! "$venv/bin/python" -c "import pedalboard" 2>/dev/null; then
  install >"$log" 2>&1 || { echo "skipped: pedalboard cannot be installed ($(tail -n 1 "$log"))"; exit 77; }
fi
work=$(mktemp -d /tmp/gruve_pedalboard_XXXXXX)
trap 'rm -rf "$work"' EXIT
export HOME="$work"
python3 "$here/compare_wav.py" make "$work/in.wav"
"$venv/bin/python" "$here/pedalboard_host.py" "$vst3" "$preset" "$work/in.wav" "$work/pedalboard.wav"
"$build/bin/gruve" render --preset "$preset" "$work/in.wav" "$work/render.wav"
python3 "$here/compare_wav.py" compare "$work/render.wav" "$work/pedalboard.wav" "$work/in.wav"

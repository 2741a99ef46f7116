#!/bin/sh
# pedalboard.sh BUILD_DIR: the VST3 in pedalboard gives what `gruve render` gives, and a session saved there opens with the same sound.
# Exit status 77 (skipped) where pedalboard can't be installed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
vst3=$(find "$build/plugin" -name Gruve.vst3 -type d | head -n 1)
preset=$here/../../presets/denoise-8bit.gruve  # not the one that a new instance plays
for need in "$build/bin/gruve" "$vst3/" "$preset"; do
  [ -e "$need" ] || { echo "skipped: $need is missing"; exit 77; }
done
venv=$build/pedalboard_venv
if ! "$venv/bin/python" -c "import pedalboard" 2>/dev/null; then
  { python3 -m venv "$venv" && timeout 240 "$venv/bin/pip" install --quiet --disable-pip-version-check pedalboard==0.9.26 numpy; } >"$build/pedalboard_install.log" 2>&1 ||
    { echo "skipped: pedalboard can't be installed ($(tail -n 1 "$build/pedalboard_install.log"))"; exit 77; }
fi
work=$(mktemp -d /tmp/gruve_pedalboard_XXXXXX)
trap 'rm -rf "$work"' EXIT
export HOME="$work"
python3 "$here/compare_wav.py" make "$work/in.wav"
"$venv/bin/python" "$here/pedalboard_host.py" "$vst3" "$preset" "$work/in.wav" "$work/pedalboard.wav"
"$build/bin/gruve" render --preset "$preset" "$work/in.wav" "$work/render.wav"
python3 "$here/compare_wav.py" compare "$work/render.wav" "$work/pedalboard.wav" "$work/in.wav"

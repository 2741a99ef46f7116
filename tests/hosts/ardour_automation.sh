#!/bin/sh
# Ardour exports a track through the plain LV2 with its mix automated from 100 % to 50 % to 0 %: where the mix stands
# still, the samples are those of `gruve render`, its mean with the input, and the input.
#   ardour_automation.sh BUILD_DIR        exit status 77 (skipped) without Ardour or the gruve command
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/common.sh"
build=$(cd "$1" && pwd)
preset=$here/../../presets/denoise-recommended.gruve  # number 1 of presets/numbers.txt
need "$build/bin/gruve" "$build/lv2/gruve-denoise.lv2" "$preset"
need_program ardour7-lua ardour7-export

work=$(mktemp -d /tmp/gruve_ardour_XXXXXX)
trap 'rm -rf "$work"' EXIT
export HOME="$work" SESSION_DIR="$work/session"
python3 "$here/compare_wav.py" make "$work/in.wav"
export MIX_AUTOMATION="0 100, 1 100, 1.01 50, 2 50, 2.01 0, 3 0"
make_ardour_lv2_session "$build/lv2" https://gruve.audio/lv2/denoise-stereo "$work/in.wav"
ardour7-export -b float -s 48000 -o "$work/ardour.wav" "$SESSION_DIR" s >"$work/export.log" 2>&1 ||
  { cat "$work/export.log"; exit 1; }

"$build/bin/gruve" render --preset "$preset" "$work/in.wav" "$work/render.wav"
# Ardour hands a control's value over once per cycle, and the plugin ramps to it in 20 ms.
python3 - "$here" "$work" <<'END'
import sys
sys.path.insert(0, sys.argv[1])
from compare_wav import read

wet, dry, got = (read(f"{sys.argv[2]}/{name}.wav") for name in ("render", "in", "ardour"))
if abs(len(got) - len(dry)) > 2 * 1024:
    sys.exit(f"{len(got)} samples, expected {len(dry)}")
for begin, end, mix in ((0.0, 0.98, 1.0), (1.2, 1.98, 0.5), (2.2, 2.95, 0.0)):
    part = range(int(begin * 48000) * 2, int(end * 48000) * 2)
    worst = max(abs(got[i] - (mix * wet[i] + (1 - mix) * dry[i])) for i in part)
    effect = max(abs(wet[i] - dry[i]) for i in part)
    print(f"{begin:.2f} to {end:.2f} s, mix {mix}: largest difference {worst:.3g}, the preset's effect {effect:.3g}")
    if worst > 1 / 32768 or effect < 100 / 32768:
        sys.exit("allowed: a step of 16 bits, where the preset changes a hundred")
END

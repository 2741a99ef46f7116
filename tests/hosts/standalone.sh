#!/bin/sh
# standalone.sh BUILD_DIR: the Standalone on a screen without a monitor: browser, a preset into B, listening to B, the blind test.
# Every click must change the picture; the pictures stay in BUILD_DIR/screenshots. Exit status 77 (skipped) without Xvfb and its tools.
set -eu
build=$(cd "$1" && pwd)
program=$(find "$build/plugin" -path '*Standalone/Gruve' -type f | head -n 1)
[ -x "$program" ] || { echo "skipped: the Standalone is not built"; exit 77; }
for need in xvfb-run xdotool import compare; do
  command -v "$need" >/dev/null || { echo "skipped: $need is not installed"; exit 77; }
done
if [ -z "${GRUVE_UNDER_XVFB:-}" ]; then
  GRUVE_UNDER_XVFB=1 exec xvfb-run -a -s "-screen 0 1280x960x24" sh "$0" "$build"
fi

work=$(mktemp -d /tmp/gruve_standalone_XXXXXX)
export HOME="$work"
"$program" >"$work/log" 2>&1 & gruve=$!
trap 'kill $gruve 2>/dev/null || true; rm -rf "$work"' EXIT
window=
for _ in $(seq 100); do
  window=$(xdotool search --onlyvisible --name '^Gruve$' 2>/dev/null | head -n 1) && [ -n "$window" ] && break
  sleep 0.2
done
[ -n "$window" ] || { echo "no window"; cat "$work/log"; exit 1; }
sleep 3

pictures=$build/screenshots
mkdir -p "$pictures"
import -window "$window" "$pictures/standalone_start.png"
last=start
# click NAME X Y: at X, Y of the editor, below the window's own title and notice.
click() {
  xdotool mousemove --window "$window" $(($2 + 4)) $(($3 + 59)) click 1
  sleep 1.5
  import -window "$window" "$pictures/standalone_$1.png"
  changed=$(compare -metric AE "$pictures/standalone_$last.png" "$pictures/standalone_$1.png" null: 2>&1 || true)
  echo "$1: $changed pixels changed"
  [ "${changed%%.*}" -gt "$4" ] || { echo "the click did nothing"; exit 1; }
  last=$1
}
click browse 700 27 50000
click row 120 268 2000
click load_b 206 650 500
click slot_b 757 102 300
click abx 776 27 20000
click abx_start 245 283 1000
click play 624 27 50000
kill -0 $gruve || { echo "the program ended"; cat "$work/log"; exit 1; }

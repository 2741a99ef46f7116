#!/bin/sh
# The Standalone on a screen without a monitor: the browser, search by typing, a preset into B, listening to B, the
# blind test by keys alone, the controls by Tab. Every click and key must change the picture.
#   standalone.sh BUILD_DIR        the pictures stay in BUILD_DIR/screenshots
# Exit status 77 (skipped) without Xvfb and its tools.
set -eu
. "$(cd "$(dirname "$0")" && pwd)/common.sh"
build=$(cd "$1" && pwd)
program=$(find "$build/plugin" -path '*Standalone/Gruve' -type f | head -n 1)
[ -x "$program" ] || { echo "skipped: the Standalone is not built"; exit 77; }
need_program xvfb-run xdotool import compare
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
xdotool windowfocus "$window"

pictures=$build/screenshots
mkdir -p "$pictures"
import -window "$window" "$pictures/standalone_start.png"
last=start
# expect NAME PIXELS [REGION]: since the last picture more than PIXELS of the window, or of that part of it, have
# changed.
expect() {
  sleep 1.5
  import -window "$window" "$pictures/standalone_$1.png"
  before=$pictures/standalone_$last.png now=$pictures/standalone_$1.png
  changed=$(compare -metric AE "$before${3:-}" "$now${3:-}" null: 2>&1 || true)
  echo "$1: $changed pixels changed"
  [ "${changed%%.*}" -gt "$2" ] || { echo "nothing happened"; exit 1; }
  last=$1
}
# click NAME X Y PIXELS: clicks at X, Y of the editor, which lies below the window's own title and notice.
click() {
  xdotool mousemove --window "$window" $(($2 + 4)) $(($3 + 59)) click 1
  expect "$1" "$4"
}
# keys NAME PIXELS REGION KEY…: types the keys; the control that has the focus gets them.
keys() {
  name=$1 pixels=$2 region=$3
  shift 3
  xdotool key --delay 60 "$@"
  expect "$name" "$pixels" "$region"
}
header='[980x50+4+59]' list='[490x380+20+290]'
click browse 624 27 50000
click search 120 190 20
keys search_live 2000 "$list" l i v e
click row 120 268 2000
click load_b 206 650 500
click slot_b 757 102 300
click abx 700 27 20000
click abx_start 245 283 1000
keys abx_listen 2000 "" a
keys abx_answer 500 "" 2
click play 548 27 50000
keys focus 100 "$header" Tab Tab Tab
kill -0 $gruve || { echo "the program ended"; cat "$work/log"; exit 1; }

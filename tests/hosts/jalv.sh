#!/bin/sh
# jalv.sh BUILD_DIR: the LV2 in jalv under a JACK server without a sound card gives what `gruve render` gives, its reported latency
# later. Real time, so some fifteen seconds. Exit status 77 (skipped) where jalv, JACK or jack-stdio is missing.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
lv2=$(find "$build/plugin" -name Gruve.lv2 -type d | head -n 1)
preset=$here/../../presets/denoise-recommended.gruve  # what a new instance plays
for need in "$build/bin/gruve" "$lv2/" "$preset"; do
  [ -e "$need" ] || { echo "skipped: $need is missing"; exit 77; }
done
for program in jalv jackd jack_connect jack_lsp jack-stdin jack-stdout; do
  command -v "$program" >/dev/null || { echo "skipped: $program is not installed"; exit 77; }
done

work=$(mktemp -d /tmp/gruve_jalv_XXXXXX)
export HOME="$work" JACK_DEFAULT_SERVER="gruve_test_$$" JACK_NO_START_SERVER=1 JACK_NO_AUDIO_RESERVATION=1
pids=
trap 'exec 3>&-; for p in $pids; do kill "$p" 2>/dev/null || true; done; rm -rf "$work"' EXIT

# until COMMAND…: waits up to 20 s for it to succeed.
until_true() {
  tries=0
  while ! "$@" >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ $tries -lt 200 ] || { echo "gave up waiting for: $*"; cat "$work"/*.log; exit 1; }
    sleep 0.1
  done
}
port() { jack_lsp | grep -qx "$1"; }

python3 "$here/compare_wav.py" make "$work/in.wav"
"$build/bin/gruve" render --preset "$preset" "$work/in.wav" "$work/render.wav"
python3 "$here/raw_audio.py" to_raw "$work/in.wav" "$work/in.raw"

jackd --name "$JACK_DEFAULT_SERVER" --no-realtime -S -t 5000 -d dummy -r 48000 -p 2048 >"$work/jackd.log" 2>&1 & pids="$pids $!"
until_true jack_lsp
mkdir -p "$work/lv2"
cp -a "$lv2" "$work/lv2/"
mkfifo "$work/commands"  # jalv leaves when its input ends

# play: input and output of a fresh instance, recorded on one clock.
play() {
  LV2_PATH="$work/lv2:/usr/lib/lv2" jalv -x -n gruve https://gruve.audio/plugin <"$work/commands" >"$work/jalv.log" 2>&1 & jalv=$!; pids="$pids $jalv"
  exec 3>"$work/commands"
  until_true port gruve:audio_in_1
  sleep 1  # the preset loads
  jack-stdout -q -e float -d 10 system:capture_1 system:capture_2 gruve:audio_out_1 gruve:audio_out_2 >"$work/out.raw" 2>"$work/out.log" & recorder=$!
  until_true port jstdout:input1
  jack-stdin -q -e float gruve:audio_in_1 gruve:audio_in_2 <"$work/in.raw" >"$work/in.log" 2>&1 & pids="$pids $!"
  until_true port jstdin:input1
  # Its output ports are called input, too.
  jack_connect jstdin:input1 jstdout:input1
  jack_connect jstdin:input2 jstdout:input2
  wait $recorder
  exec 3>&-
  wait $jalv
}

# A busy machine makes JACK lose blocks; then the recording of the input says so, and only then is there another try.
for try in 1 2 3; do
  play
  status=0
  python3 "$here/raw_audio.py" compare "$work/out.raw" "$work/in.wav" "$work/render.wav" 480 || status=$?
  [ $status = 3 ] || exit $status
done
exit 1

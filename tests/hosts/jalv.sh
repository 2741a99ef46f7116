#!/bin/sh
# An LV2 in jalv, under a JACK server without a sound card, gives what `gruve render` gives, later by the latency that
# it reports. JUCE's is then bypassed: by the host's switch, and by the plugin's own parameter, which stays on when the
# host switches off and on. It plays in real time, for some fifteen seconds each.
#   jalv.sh BUILD_DIR [juce|plain]        exit status 77 (skipped) without jalv, JACK or jack-stdio
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/common.sh"
build=$(cd "$1" && pwd)
case "${2:-juce}" in
  juce) lv2=$(built_bundle "$build" Gruve.lv2) uri=https://gruve.audio/plugin
    in1=audio_in_1 in2=audio_in_2 out1=audio_out_1 out2=audio_out_2 ;;
  plain) lv2=$build/lv2/gruve-denoise.lv2 uri=https://gruve.audio/lv2/denoise-stereo
    in1=input_left in2=input_right out1=output_left out2=output_right ;;
  *) echo "unknown plugin $2"; exit 2 ;;
esac
preset=$here/../../presets/denoise-recommended.gruve  # a new instance plays this one
need "$build/bin/gruve" "${lv2:-$build/plugin/Gruve.lv2}" "$preset"
need_program jalv jackd jack_connect jack_lsp jack-stdin jack-stdout

work=$(mktemp -d /tmp/gruve_jalv_XXXXXX)
export HOME="$work" JACK_DEFAULT_SERVER="gruve_test_$$" JACK_NO_START_SERVER=1 JACK_NO_AUDIO_RESERVATION=1
pids=
trap 'exec 3>&-; for p in $pids; do kill "$p" 2>/dev/null || true; done; rm -rf "$work"' EXIT

# until_true COMMAND…: waits up to 20 s for it to succeed.
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

jackd --name "$JACK_DEFAULT_SERVER" --no-realtime -S -t 5000 -d dummy -r 48000 -p 2048 >"$work/jackd.log" 2>&1 &
pids="$pids $!"
until_true jack_lsp
mkdir -p "$work/lv2"
cp -a "$lv2" "$work/lv2/"
mkfifo "$work/commands"  # jalv ends when its standard input ends

# play [OPTION…]: records input and output of a fresh instance together, so that they have one clock. $typed: commands
# for jalv.
play() {
  LV2_PATH="$work/lv2:/usr/lib/lv2" jalv -x -n gruve "$@" "$uri" <"$work/commands" \
    >"$work/jalv.log" 2>&1 & jalv=$!
  pids="$pids $jalv"
  exec 3>"$work/commands"
  until_true port gruve:$in1
  sleep 1  # the preset loads
  for command in $typed; do
    echo "$command" >&3
    sleep 0.3
  done
  jack-stdout -q -e float -d 10 system:capture_1 system:capture_2 gruve:$out1 gruve:$out2 \
    >"$work/out.raw" 2>"$work/out.log" & recorder=$!
  until_true port jstdout:input1
  jack-stdin -q -e float gruve:$in1 gruve:$in2 <"$work/in.raw" >"$work/in.log" 2>&1 & pids="$pids $!"
  until_true port jstdin:input1
  # jack-stdin calls its output ports input, too.
  jack_connect jstdin:input1 jstdout:input1
  jack_connect jstdin:input2 jstdout:input2
  wait $recorder
  exec 3>&-
  wait $jalv
}

# check EXPECTED.wav [OPTION…]: on a busy machine JACK loses blocks. The recording of the input shows that; only then is
# there another try.
check() {
  expected=$1
  shift
  for try in 1 2 3; do
    play "$@"
    status=0
    python3 "$here/raw_audio.py" compare "$work/out.raw" "$work/in.wav" "$expected" 480 || status=$?
    [ $status = 3 ] || break
  done
  [ $status = 0 ] || exit $status
}
typed=
check "$work/render.wav"
[ "${2:-juce}" = juce ] || exit 0
echo "Bypassed by the host:"
typed="enabled=0"
check "$work/in.wav"
echo "Bypassed by the plugin's own parameter:"
mkdir "$work/state"
python3 "$here/juce_session.py" "$preset" "$work/state/state.ttl" bypass=1
typed="enabled=0 enabled=1"
check "$work/in.wav" -l "$work/state"

#!/usr/bin/env bash
# Plays a noisy recording through the LADSPA or LV2 plugin in an app that streams, and compares its samples with those
# of `gruve render`.
# usage: stream_app.sh BUILD_DIR ffmpeg_ladspa|ffmpeg_lv2|gstreamer_ladspa|gstreamer_lv2|sox|pipewire
# Status 77 where the app is not installed.
set -euo pipefail
build=$1 app=$2
source_dir=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
need() { command -v "$1" >/dev/null || { echo "SKIPPED: $1 is not installed"; exit 77; }; }

export LADSPA_PATH=$build/ladspa LV2_PATH=$build/lv2 HOME=$work XDG_CACHE_HOME=$work/cache GRUVE_PRESETS=$work/none
uri=https://gruve.audio/lv2/denoise-stereo
preset=$source_dir/presets/denoise-recommended.gruve # number 1 of presets/numbers.txt
compare() { python3 "$source_dir/tests/hosts/within_a_step.py" "$work/expected.wav" "$work/got.wav" "$@"; }
render() { "$build/bin/gruve" render --preset "$preset" "$1" "$work/expected.wav" >/dev/null; }
latency=480 # 10 ms at 48 kHz

python3 "$source_dir/tests/hosts/compare_wav.py" make "$work/noisy.wav"
render "$work/noisy.wav"

filter_file() { ffmpeg -loglevel error -i "$work/noisy.wav" -af "$1" -c:a pcm_f32le "$work/got.wav"; } # FILTER

gstreamer() { # ELEMENT
    need gst-launch-1.0
    gst-inspect-1.0 "$1" >/dev/null || { echo "FAILED: GStreamer does not list $1" >&2; exit 1; }
    gst-launch-1.0 -q filesrc location="$work/noisy.wav" ! wavparse ! audioconvert ! "$1" preset=1 ! audioconvert ! \
        audio/x-raw,format=F32LE ! wavenc ! filesink location="$work/got.wav"
}

# A private daemon with a made-up microphone: the shipped filter-chain file makes the denoised one, which is recorded.
pipewire_microphone() {
    need pipewire; need wireplumber; need dbus-run-session; need pw-record; need sox
    mkdir -p "$work/run" "$work/config/pipewire/pipewire.conf.d"
    cp "$source_dir/plugin/ladspa/pipewire-gruve.conf" "$work/config/pipewire/pipewire.conf.d/gruve.conf"
    sox -D "$work/noisy.wav" -c 1 "$work/mono.wav" remix 1
    render "$work/mono.wav"
    sox -D "$work/mono.wav" "$work/played.wav" pad 2 1 # silence before and after, for the links to be made in
    export XDG_RUNTIME_DIR=$work/run XDG_CONFIG_HOME=$work/config XDG_STATE_HOME=$work/state
    pipewire >"$work/pipewire.log" 2>&1 &
    for _ in $(seq 50); do [ -S "$work/run/pipewire-0" ] && break; sleep 0.2; done
    dbus-run-session -- wireplumber >"$work/wireplumber.log" 2>&1 &
    pw-cli create-node adapter '{ factory.name=support.null-audio-sink node.name=made_up_microphone
        media.class=Audio/Source/Virtual object.linger=true audio.position=[MONO] audio.rate=48000 audio.channels=1
        priority.session=2000 }' >/dev/null
    for _ in $(seq 50); do pw-link -l | grep -A1 '^gruve_input:' | grep -q made_up_microphone && break; sleep 0.2; done
    pw-record --target gruve_microphone --rate 48000 --channels 1 --format f32 "$work/got.wav" &
    local recorder=$!
    sleep 1
    pw-play --target 0 "$work/played.wav" &
    local player=$!
    for _ in $(seq 50); do
        pw-link pw-play:output_MONO made_up_microphone:input_MONO 2>/dev/null && break
        sleep 0.05
    done
    wait "$player"
    sleep 1
    kill -INT "$recorder" 2>/dev/null
    wait "$recorder" || true
    pw-link -l | grep -A1 '^gruve_input:' || { tail -n 5 "$work"/*.log >&2; exit 1; }
}

case $app in
    ffmpeg_ladspa) need ffmpeg
        filter_file "ladspa=file=gruve_ladspa:plugin=gruve_denoise_stereo:controls=c0=1"
        compare $latency ;;
    ffmpeg_lv2) need ffmpeg
        filter_file "lv2=plugin=${uri/:/\\\\:}:controls=preset=1"
        compare $latency ;;
    gstreamer_ladspa) gstreamer ladspa-gruve-ladspa-so-gruve-denoise-stereo; compare $latency ;;
    gstreamer_lv2) gstreamer gruve-audio-lv2-denoise-stereo; compare $latency ;;
    sox) need sox # its last argument stands for the output port "latency"
        sox "$work/noisy.wav" -b 32 -e float "$work/got.wav" ladspa gruve_ladspa gruve_denoise_stereo 1 100 60 0 0 0 0
        compare $latency ;;
    pipewire) pipewire_microphone; compare anywhere ;;
    *) echo "unknown app $app" >&2; exit 2 ;;
esac

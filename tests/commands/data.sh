#!/usr/bin/env bash
# The data of gruve's commands: several folders, bad files, layouts, and collections that don't fit into memory, on the
# starter set. usage: tests/commands/data.sh GRUVE
set -euo pipefail
gruve=$(realpath "$1") presets=$(realpath "$(dirname "$0")/../../presets")
command -v espeak-ng >/dev/null || { echo "SKIPPED: espeak-ng is not installed"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export XDG_CACHE_HOME=$work/cache
fail() { echo "FAILED: $*" >&2; exit 1; }
# refuses STATUS TEXT COMMAND…: the command ends with the status and a message that holds the text.
refuses() {
    local status=$1 text=$2 found=0; shift 2
    "$@" >refused.log 2>&1 || found=$?
    [ "$found" = "$status" ] || fail "$*: status $found, expected $status: $(cat refused.log)"
    grep -q -- "$text" refused.log || fail "$*: not '$text': $(cat refused.log)"
}
"$gruve" starter-set --out data >/dev/null 2>&1
echo '{"dense": 8, "steps_per_epoch": 2, "batch": 16, "reuse": 1, "epochs": 1}' >tiny.json

# Whatever the memory and the number of threads, the model is the same.
train_words() {
    "$gruve" train --task "$1" --data data --hidden 8 --epochs 1 --out "$2" "${@:3}" >/dev/null 2>"$2.log"
}
train_denoiser() { "$gruve" train --task denoise --hidden 8 --recipe tiny.json --out "$@" >/dev/null 2>"$1.log"; }
for task in words words_live; do
    train_words $task $task.safetensors --jobs 1
    for run in first second; do  # the second one decodes nothing
        train_words $task small.safetensors --jobs 2 --memory 1K
        cmp $task.safetensors small.safetensors || fail "$task: --memory 1K gives another model, $run run"
    done
done
train_denoiser denoise.safetensors --data data --jobs 1
train_denoiser small.safetensors --data data --jobs 2 --memory 1K
cmp denoise.safetensors small.safetensors || fail "denoise: --memory 1K gives another model"
first=$presets/denoise-recommended.gruve
train_denoiser second.safetensors --data data --jobs 1 --first-stage "$first"
cmp -s denoise.safetensors second.safetensors && fail "--first-stage gives the same model"
refuses 1 "hears what another preset leaves (denoise-recommended " \
    "$gruve" denoise-test --model second.safetensors --data data
refuses 1 "trained behind denoise-recommended .*, which --first-stage must name" \
    "$gruve" search --task denoise --model second.safetensors --data data --out found
refuses 1 "trained behind denoise-recommended .*, not behind denoise-8bit " \
    "$gruve" search --task denoise --model second.safetensors --data data --out found \
    --first-stage "$presets/denoise-8bit.gruve"
refuses 1 "trained without --first-stage" \
    "$gruve" search --task denoise --model denoise.safetensors --data data --out found --first-stage "$first"
refuses 1 "only a denoiser has one, not words" \
    "$gruve" train --task words --data data --out x.safetensors --first-stage "$first"
refuses 1 "must have the task's latency, 5.00 ms" \
    "$gruve" train --task denoise_live --data data --out x.safetensors --first-stage "$first"
ls cache/gruve/*.sounds >/dev/null || fail "nothing was kept on disk"
refuses 1 "--cache allows" "$gruve" mix --data data --memory 1K --cache 1K --out x.wav

# A denoiser that looks ahead, alone and behind a first stage.
echo '{"dense": 8, "steps_per_epoch": 2, "batch": 16, "reuse": 1, "epochs": 1, "look_ahead": 6}' >ahead.json
train_ahead() {
    "$gruve" train --task denoise --hidden 8 --recipe ahead.json --data data --jobs 2 --out "$@" >/dev/null 2>"$1.log"
}
train_ahead ahead.safetensors
train_ahead ahead_second.safetensors --first-stage "$first"
cmp -s denoise.safetensors ahead.safetensors && fail "a look-ahead gives the same model"
cmp -s ahead.safetensors ahead_second.safetensors && fail "--first-stage gives the same model that looks ahead"
"$gruve" info ahead.safetensors | grep -q "look_ahead: 6" || fail "the model doesn't say how far it looks ahead"
"$gruve" denoise-test --model ahead.safetensors --data data --count 4 --seconds 1 >/dev/null
"$gruve" mix --data data --out noisy.wav >/dev/null

# At 48 kHz the files have three times as many samples; only there something can be said of what lies above 8 kHz.
"$gruve" mix --data data --rate 48000 --out noisy48.wav >/dev/null
[ $(($(stat -c %s noisy48.wav) / $(stat -c %s noisy.wav))) = 2 ] || fail "mix --rate 48000: not three times as long"
"$gruve" denoise-test --preset "$first" --data data --rate 48000 --count 4 --seconds 1 >judged.txt
grep -q "^all" judged.txt || fail "denoise-test --rate 48000: no scores"
refuses 2 "--rate" "$gruve" denoise-test --preset "$first" --data data --rate 4000
for block in 1 4096; do
    "$gruve" render --model ahead.safetensors --block $block noisy.wav out$block.wav >/dev/null
done
cmp out1.wav out4096.wav || fail "the sound of a denoiser that looks ahead depends on the block"
[ "$(stat -c %s out1.wav)" = "$(stat -c %s noisy.wav)" ] || fail "what is denoised is not as long as the noisy sound"
"$gruve" search --task denoise --model ahead_second.safetensors --first-stage "$first" --data data --out ahead \
    --jobs 2 --population 8 --generations 1 --calibration 8 --finetune none --name later >/dev/null 2>ahead.log
"$gruve" info ahead/presets/later-8bit.gruve >later.txt
cp denoise.safetensors ahead-h12.safetensors
refuses 1 "ahead-h12.safetensors: its net_every, look_ahead, each_frame or comb differs from that of " \
    "$gruve" search --task denoise --model ahead.safetensors --hidden 12 --data data --out found
for fact in "latency_ms: 40" "look_ahead_frames: 6" "format_version: 4"; do
    grep -q "$fact" later.txt || fail "not '$fact': $(cat later.txt)"
done
"$gruve" info "$presets/denoise_studio-recommended.gruve" >studio.txt
for fact in "latency_ms: 40" "outputs_for_each_frame: true" "format_version: 5"; do
    grep -q "$fact" studio.txt || fail "not '$fact': $(cat studio.txt)"
done
"$gruve" card ahead/presets/later-8bit.gruve >later.md
grep -q "Latency 40 ms: the network hears 6 frames ahead of what is played" later.md || fail "$(cat later.md)"
"$gruve" render --preset ahead/presets/later-8bit.gruve noisy.wav later.wav >/dev/null

# Speech and noise from two folders; the order of the splits within each is kept.
mkdir -p two/speech two/noise
ln -s "$work/data/speech" two/speech/speech
ln -s "$work/data/noise" two/noise/noise
train_denoiser two.safetensors --data two/speech --data two/noise --jobs 2
cmp denoise.safetensors two.safetensors || fail "speech and noise from two folders give another model"
grep -q "two/speech: part of a set layout: [0-9]* speakers, " two.safetensors.log || fail "the layout isn't said"
refuses 1 "no noise in any root" "$gruve" mix --data two/speech --data two/speech --out x.wav
refuses 2 "one layout for all" "$gruve" mix --data data --layout gruve --layout dns --out x.wav
refuses 1 "not in the layout vctk" "$gruve" mix --data data --layout vctk --out x.wav

# Bad files are all named, or skipped; a name that says nothing is no hindrance.
cp -r data bad
one_clip=$(find data/speech -name '*.wav' | sort | head -1)
one=$(find bad/speech -name '*.wav' | sort | head -1)
mv "$one" "${one%.wav}.aifc"
: >bad/speech/empty.wav
echo text >bad/noise/text.flac
refuses 1 "2 files cannot be used" "$gruve" mix --data bad --out x.wav
train_denoiser skipped.safetensors --data bad --skip-bad
grep -q "2 bad files, skipped" skipped.safetensors.log || fail "the number of skipped files isn't said"

# A folder that this user may not read is named beside the other bad files. Root may read all.
as_user=()
[ "$(id -u)" != 0 ] || as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups env XDG_CACHE_HOME=/nonexistent)
if [ "$(id -u)" != 0 ] || command -v setpriv >/dev/null; then
    cp -r data closed && cp "$gruve" own_gruve
    mkdir -m 777 open
    mkdir closed/speech/mine && cp "$one_clip" closed/speech/mine/
    chmod -R a+rX . && chmod 000 closed/speech/mine
    "${as_user[@]}" ./own_gruve data closed >data.txt
    grep -q "closed/speech/mine: the folder cannot be read: Permission denied" data.txt || fail "$(cat data.txt)"
    refuses 1 "speech/mine: the folder cannot be read" "${as_user[@]}" ./own_gruve mix --data closed --out open/x.wav
    chmod 700 closed/speech/mine
fi

# Common Voice without its table: the pattern is named.
mkdir -p voices/clips
for n in 1 2; do cp "$one_clip" voices/clips/common_voice_en_$n.wav; done
"$gruve" data voices >data.txt
grep -q "Common Voice layout: 1 speaker" data.txt && grep -q "put Common Voice's validated.tsv" data.txt ||
    fail "$(cat data.txt)"

# Published sets of speech and noise have flat folders, which aren't words.
mkdir -p vb/clean_trainset_28spk_wav vb/noisy_trainset_28spk_wav snsd/clean_train snsd/noise_train
for n in 1 2 3; do
    for folder in vb/*/ snsd/clean_train; do cp "$one_clip" "$folder/p22${n}_001.wav"; done
    cp "$(find data/noise -name '*.wav' | sort | sed -n ${n}p)" snsd/noise_train/
done
"$gruve" data vb snsd >data.txt
grep -q "VoiceBank-DEMAND layout: 3 speakers, 6 files" data.txt || fail "$(cat data.txt)"
grep -q "MS-SNSD layout: 3 speakers, 6 files" data.txt || fail "$(cat data.txt)"

"$gruve" data data two/noise >data.txt
grep -q "denoise  *yes: " data.txt || fail "gruve data: $(cat data.txt)"
grep -q "row_mnist  *no:  lacks mnist" data.txt || fail "gruve data: $(cat data.txt)"
"$gruve" data bad --json >data.json
python3 - <<'PY'
import json
root, = json.load(open("data.json"))["roots"]
speech = next(r for r in root["roles"] if r["role"] == "speech")
assert speech["groups"] >= 3 and speech["files"] > 3 and speech["seconds"] > 1, speech
assert any("empty.wav: the file is empty" in line for line in root["left_out"]), root["left_out"]
assert root["words"], root
PY
refuses 1 "no such file or folder" "$gruve" data absent
echo "data: all as expected"

#!/usr/bin/env bash
# Runs every gruve command once, on the starter set and the factory presets. Checks that the output files exist and make
# sense, and that errors have a message and a status. usage: tests/commands/run.sh GRUVE SOURCE_DIR
set -euo pipefail
gruve=$(realpath "$1") source_dir=$(cd "$2" && pwd)
command -v espeak-ng >/dev/null || { echo "SKIPPED: espeak-ng is not installed"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
fail() { echo "FAILED: $*" >&2; exit 1; }
# json FILE EXPRESSION: the expression is true of the object j in the file.
json() {
    python3 -c 'import json, sys; j = json.load(open(sys.argv[1])); assert eval(sys.argv[2]), (sys.argv[2], j)' \
        "$1" "$2" || fail "$1: not $2"
}
# refuses STATUS TEXT COMMAND…: the command ends with the status and a message that holds the text.
refuses() {
    local status=$1 text=$2 found=0; shift 2
    "$@" >refused.log 2>&1 || found=$?
    [ "$found" = "$status" ] || fail "$*: status $found, expected $status: $(cat refused.log)"
    grep -q -- "$text" refused.log || fail "$*: not '$text': $(cat refused.log)"
}
presets=$source_dir/presets golden=$source_dir/tests/offline_search/golden

"$gruve" --version | grep -q '^gruve [0-9]'
refuses 2 "Run with --help" "$gruve" nonsense
refuses 2 "--preset" "$gruve" listen
refuses 1 "README.md: " "$gruve" info "$source_dir/README.md"
"$gruve" starter-set --out data >/dev/null 2>&1

"$gruve" mix --data data --snr 5 --seconds 2 --out noisy.wav --clean clean.wav >/dev/null
"$gruve" mix --data data --pairs pairs --count 4 --seconds 2 >/dev/null
denoiser=$presets/denoise-recommended.gruve
for block in 1 512; do
    "$gruve" render --preset "$denoiser" --block $block noisy.wav out$block.wav >/dev/null
done
cmp out1.wav out512.wav || fail "blocks of 1 and of 512 samples sound different"
[ "$(stat -c %s out1.wav)" = "$(stat -c %s noisy.wav)" ] || fail "the denoised file is not as long as the noisy one"
"$gruve" render --model "$presets/models/denoise.safetensors" noisy.wav float.wav >/dev/null
"$gruve" render --preset "$presets/float/denoise-float.gruve" noisy.wav float_preset.wav >/dev/null
cmp float.wav float_preset.wav || fail "the float network sounds unlike its preset"
! cmp -s float.wav out1.wav || fail "the float network sounds like the preset"
"$gruve" denoise-test --preset "$denoiser" --data data --count 4 --seconds 1 --json >denoise.json
json denoise.json 'j["mixtures"] == 4 and j["all"]["stoi"]["n"] == 4'
"$gruve" render --preset "$presets/wake_words-recommended.gruve" --json clean.wav >words.json
json words.json 'all(d["word"] and 0 <= d["seconds"] <= 2.5 for d in j)'

train=("$gruve" train --task words --data data --hidden 8 --jobs 1)
"${train[@]}" --out words.safetensors --epochs 3 >/dev/null 2>&1
echo '{"epochs": 3}' >recipe.json
"${train[@]}" --out by_recipe.safetensors --recipe recipe.json >/dev/null 2>&1
cmp words.safetensors by_recipe.safetensors || fail "three epochs by recipe are others than three by option"
echo '{"streams": 8}' >recipe.json
refuses 1 "recipe.json: \"streams\" is unknown" "${train[@]}" --out x.safetensors --recipe recipe.json
search=("$gruve" search --task words --model words.safetensors --data data)
"${search[@]}" --population 8 --generations 2 --calibration 20 --jobs 1 --out found >/dev/null 2>&1
eight=$(ls found/presets/*8bit.gruve)
"$gruve" evaluate --preset "$eight" --data data --split test --json >evaluate.json
json evaluate.json '0 <= j["value"] <= 1 and j["n"] > 0'
"$gruve" evaluate --model words.safetensors --task words --data data --split all --json >float.json
json float.json '0 <= j["value"] <= 1'
"$gruve" stream-test --preset "$eight" --data data --split validation --snr 10 --json >stream.json
json stream.json 'j["split"] == "validation" and j["clean"]["seconds"] > 0'
mkdir -p hours/deep
for i in 1 2 3; do cp "$(find data/words -name '*.wav' | sort | sed -n "${i}p")" hours/deep/$i.wav; done
"$gruve" stream-test --preset "$eight" --negatives hours --jobs 2 --json >hours.json
json hours.json '0 < j["hours"] < 0.01 and j["false_alarms"] == len(j["alarms"])'
json hours.json 'j["false_alarms_per_hour_ci95"][1] >= 3.68 / j["hours"]'
"$gruve" stream-test --preset "$eight" --negatives hours --jobs 1 --json | cmp - hours.json ||
    fail "two threads hear other alarms than one"
refuses 2 "--data or --negatives" "$gruve" stream-test --preset "$eight"
mkdir silent_folder
refuses 1 "silent_folder" "$gruve" stream-test --preset "$eight" --negatives silent_folder
"$gruve" tune-alarms --preset "$eight" --data data --negatives hours --out tuned.gruve >tuned.log
"$gruve" info tuned.gruve --json >tuned.json
json tuned.json 'j["format_version"] == 3 and [r["sensitivity"] for r in j["sensitivity"]].count(0) >= 1'
json tuned.json 'j["sensitivity"][-1]["false_alarms_per_hour"] <= 8 and j["sensitivity"][0]["words"] > 0'
"$gruve" card tuned.gruve | grep -q "hour were chosen on recordings of no split" ||
    fail "the card doesn't say where thresholds come from"
"$gruve" stream-test --preset tuned.gruve --negatives hours --jobs 1 --json | cmp - hours.json ||
    fail "operating points change what a preset hears"
"$gruve" tune-alarms --preset tuned.gruve --data data --out tuned.gruve >again.log
"$gruve" tune-alarms --preset tuned.gruve --data data --own 8 --out own.gruve >own.log
"$gruve" info own.gruve --json >own.json
"$gruve" card own.gruve | grep -q "chosen on the validation split" || fail "the card doesn't name the validation split"
json own.json '8 in [r.get("false_alarms_per_hour_at_most") for r in j["sensitivity"] if r["sensitivity"] == 0]'
grep -q "its own thresholds" again.log || fail "tune-alarms prints: $(cat again.log)"
grep -Eq "words: [0-9]+ of [0-9]+ without noise, .* at 10 dB, .* at 0 dB$" again.log ||
    fail "tune-alarms prints: $(cat again.log)"
refuses 2 "--sensitivity" "$gruve" listen --preset tuned.gruve --sensitivity 1.1 noisy.wav
refuses 1 "detects no words" "$gruve" tune-alarms --preset "$denoiser" --data data --out never.gruve
[ ! -e never.gruve ] || fail "tune-alarms wrote a preset that it refused"
"$gruve" listen --preset tuned.gruve --sensitivity 1 noisy.wav >/dev/null
"$gruve" stream-test --preset tuned.gruve --data data --split validation --sensitivity -1 --json >strict.json
json strict.json 'max(j["thresholds"].values()) > 0'
"$gruve" listen --preset "$eight" "$(find data/words -name '*.wav' | sort | head -n 1)" --json >heard.log
head -c 64000 /dev/zero | "$gruve" listen --preset "$eight" - >silence.log
[ ! -s silence.log ] || fail "heard in silence: $(cat silence.log)"
"$gruve" info "$eight" --json >info.json
json info.json 'j["task"] == "words" and j["file_bytes"] > j["parameter_bytes"]["total"]'
# One's own word. Each prompt gets 0.7 s of pause and 2.5 s for the take: a tone of 0.6 s, once silence, once a clipped
# one.
python3 - >takes.raw <<'END'
import math, struct, sys
for level in [0.3, 0.0, 0.2, 1.5, 0.25, 0.3, 0.28]:
    for t in range(int(3.2 * 16000)):
        x = level * math.sin(t * 0.2 + 0.3 * math.sin(t * 0.003)) if 24000 <= t < 33600 else 0.001 * math.sin(t * t)
        sys.stdout.buffer.write(struct.pack("<h", max(-32768, min(32767, round(x * 32767)))))
END
"$gruve" record --name lumos --count 5 --data mine <takes.raw 2>prompts.log
[ "$(ls mine/keywords/lumos | tr '\n' ' ')" = "me_0.wav me_1.wav me_2.wav me_3.wav me_4.wav " ] ||
    fail "five takes are expected: $(ls mine/keywords/lumos)"
grep -q "again: silent" prompts.log && grep -q "again: clipped" prompts.log || fail "a bad take was kept"
refuses 1 "stopped after 0 of 10 takes" "$gruve" record --name lumos --data mine </dev/null
cp -r data/speech mine/
"$gruve" train --task words_live --data mine --hidden 8 --jobs 1 --out mine.safetensors --epochs 1 --json >mine.json \
    2>/dev/null
json mine.json 'j["task"] == "words_by_take_live"'
"$gruve" card "$eight" | grep -q '^# ' || fail "a model card without a title"
"$gruve" report found found --out both.html >/dev/null
grep -qi '<html' both.html || fail "the comparison is no page"
refuses 1 "apt-get install librsvg2-bin" env PATH=/nowhere "$gruve" report found --png
if command -v rsvg-convert >/dev/null; then
    "$gruve" report found --png >/dev/null
    for svg in found/figures/*.svg; do
        [ "$(head -c 4 "${svg%.svg}.png" | tail -c 3)" = PNG ] || fail "$svg: not drawn as a PNG file"
    done
else
    echo "SKIPPED: figures as PNG files (Debian: librsvg2-bin)"
fi

# Judging on recordings of the training, and other mix-ups.
refuses 1 "trained with --split-seed 1, not 2" "${search[@]}" --split-seed 2 --out other
refuses 1 "trained for task words, --task is denoise" \
    "$gruve" search --task denoise --model words.safetensors --data data --out other
refuses 1 "only denoisers are heard; --task is words" "${search[@]}" --rank heard --out other
refuses 1 "words-h24.safetensors: missing" "${search[@]}" --hidden 24 --out other
refuses 1 "a search is already here; --resume continues it" "${search[@]}" --out found
wake_words=$presets/wake_words-8bit.gruve
refuses 1 "data: labels .*, but the preset's are" \
    "$gruve" evaluate --preset "$wake_words" --task words --data data --split test
refuses 1 "the words of the data differ from those of" \
    "$gruve" stream-test --preset "$wake_words" --task words --data data
refuses 1 "detects no words" "$gruve" stream-test --preset "$presets/denoise-8bit.gruve" --data data
refuses 1 "words.safetensors: not a denoiser of 1 GRU layers" \
    "$gruve" train --task denoise --data data --from words.safetensors --out other.safetensors
mkdir broken
echo "{" >broken/search.json
refuses 1 "not the result of a search" "$gruve" report broken
refuses 1 "none: no such file or folder" "$gruve" train --task sequences --data none --out other.safetensors
refuses 1 "words.safetensors: no such folder" \
    "$gruve" train --task words --data words.safetensors --out other.safetensors
refuses 2 "--task: word not in" "$gruve" train --task word --data data --out other.safetensors
[ ! -e other ] && [ ! -e other.safetensors ] || fail "a refused command left a file"
refuses 2 "--preset or --model" "$gruve" evaluate --data data
refuses 2 "--preset, --model or --pairs" "$gruve" denoise-test --data data
refuses 2 "--c or --float" "$gruve" export
refuses 2 "--out or --pairs" "$gruve" mix --data data
refuses 2 "needed to compare several searches" "$gruve" report found found
refuses 1 "--model needs the name of a WAV file" "$gruve" render --model "$presets/models/denoise.safetensors" noisy.wav

"$gruve" export --c "$eight" --out eight.h >/dev/null
gcc -std=c99 -fsyntax-only -Wall -Werror -I"$source_dir/engine/device" eight.h ||
    fail "the exported header does not compile"
"$gruve" export --float words.safetensors --like "$eight" --out words-float.gruve >/dev/null
"$gruve" info words-float.gruve --json >info.json
json info.json 'j["kind"] == "float preset" and j["task"] == "words"'
"$gruve" render --preset words-float.gruve --json clean.wav >words.json
json words.json 'isinstance(j, list)'
refuses 1 "words-float.gruve: holds the float network" "$gruve" export --c words-float.gruve --out x.h
refuses 1 "searched from another network" \
    "$gruve" export --float words.safetensors --like "$presets/denoise-8bit.gruve" --out x.gruve
refuses 1 "holds the float network" "$gruve" evaluate --preset words-float.gruve --data data --split test
echo '{"layers": [{"prefix": "dense.", "activation": "tanh"}, {"prefix": "gru."}, {"prefix": "head."}]}' \
    >description.json
for model in import_state_dict.npz import_state_dict.safetensors import_layers.json; do
    "$gruve" import --model "$golden/$model" --description description.json --out imported.safetensors >/dev/null
    "$gruve" info imported.safetensors >imported.log || fail "$model: the imported model cannot be read"
done
echo '{"lables": []}' >description.json
refuses 1 "description.json: unknown entry" \
    "$gruve" import --model "$golden/import_layers.json" --description description.json --out x

if [ -x "$(dirname "$gruve")/gruve-plugins" ]; then  # not in a build without GRUVE_APP_PLUGINS
    mkdir own
    cp "$denoiser" own/room.gruve
    cp "$eight" own/words.gruve
    echo broken >own/broken.gruve
    export GRUVE_PRESETS=$work/own HOME=$work
    "$gruve" plugins >plugins.txt
    grep -q "^1.denoise-recommended$" plugins.txt || fail "gruve plugins doesn't list the factory's presets"
    ! grep -q room plugins.txt || fail "a preset without a number is listed"
    "$gruve" plugins --refresh >refresh.txt 2>refresh.log
    grep -q "broken.gruve" refresh.log || fail "a broken preset is not named: $(cat refresh.log)"
    "$gruve" plugins | grep -q "^1001.room$" || fail "own presets get no number: $("$gruve" plugins | tail -n 3)"
    grep -q '"room"' .lv2/gruve-own-presets.lv2/manifest.ttl || fail "LV2 hosts are not told of the preset"
    ! grep -q '"broken"' .lv2/gruve-own-presets.lv2/manifest.ttl || fail "LV2 hosts are told of a broken preset"
fi
echo "every command ran, and their output makes sense"

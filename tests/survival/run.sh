#!/usr/bin/env bash
# Kills train, search and report, fills the disk and starts a second search in the same folder. Resumed work must equal
# unbroken work, a finished preset must never be damaged, and everything else must be refused with a message.
#   tests/survival/run.sh GRUVE [ROUNDS]      GRUVE: the built command; ROUNDS: kills of each kind (3)
set -euo pipefail
gruve=${1:?usage: tests/survival/run.sh GRUVE [ROUNDS]} rounds=${2:-3}
command -v espeak-ng >/dev/null || { echo "SKIPPED: espeak-ng is not installed"; exit 77; }
work=$(mktemp -d); mounted=""
trap '[ -z "$mounted" ] || umount "$mounted"; rm -rf "$work"' EXIT
cd "$work"
fail() { echo "FAILED: $*" >&2; exit 1; }

"$gruve" starter-set --out data >/dev/null 2>&1
echo '{"steps_per_epoch": 3, "batch": 4, "seconds": 1, "dense": 16}' >recipe.json
train=("$gruve" train --task denoise --data data --hidden 12 --epochs 8 --recipe recipe.json --jobs 1)
search=("$gruve" search --task words --model words.safetensors --data data --population 8 --generations 6
        --calibration 20 --jobs 1)
"$gruve" train --task words --data data --out words.safetensors --hidden 8 --epochs 3 --jobs 1 >/dev/null 2>&1

# kill_after MILLISECONDS COMMAND…: sends SIGKILL, unless the command ends before.
kill_after() {
    local milliseconds=$1; shift
    "$@" >/dev/null 2>&1 & local pid=$!
    sleep "$(printf '%d.%03d' $((milliseconds / 1000)) $((milliseconds % 1000)))"
    kill -9 $pid 2>/dev/null || true
    wait $pid 2>/dev/null || true
}
milliseconds_of() { local start; start=$(date +%s%3N); "$@" >/dev/null 2>&1; echo $(($(date +%s%3N) - start)); }

train_ms=$(milliseconds_of "${train[@]}" --out whole.safetensors)
search_ms=$(milliseconds_of "${search[@]}" --out whole)
for round in $(seq "$rounds"); do
    # Each part gets a third of the time, so that one piece of work is killed several times.
    for part in 1 2 3; do
        kill_after $((RANDOM % (train_ms / 2) + 50)) "${train[@]}" --out killed.safetensors --resume
    done
    "${train[@]}" --out killed.safetensors --resume >/dev/null 2>&1
    cmp whole.safetensors killed.safetensors || fail "a training that was killed ends in another model"
    for part in 1 2 3; do
        kill_after $((RANDOM % (search_ms / 2) + 50)) "${search[@]}" --out killed --resume
    done
    "${search[@]}" --out killed --resume >/dev/null 2>&1
    diff -r whole/presets killed/presets || fail "a search that was killed ends in other presets"
    left=$(find killed -name '*.part*' -o -name '*.tmp*')
    [ -z "$left" ] || fail "half-written files were left: $left"
    rm -r killed killed.safetensors
done
echo "train and search: $((rounds * 3)) kills each, the same model and presets as unbroken runs"

"$gruve" report whole >/dev/null; cp -r whole kept
report_ms=$(milliseconds_of "$gruve" report kept)
diff -r whole kept || fail "the same report differs the second time"
for round in $(seq $((rounds * 3))); do
    [ $((round % 2)) -eq 0 ] || rm -rf kept/report.html kept/figures  # half of the runs replace a report
    kill_after $((RANDOM % (report_ms + 10))) "$gruve" report kept
    diff -r whole/presets kept/presets || fail "a killed report damaged presets"
    [ ! -e kept/report.html ] || cmp whole/report.html kept/report.html || fail "a killed report is half a report"
done
"$gruve" report kept >/dev/null; diff -r whole kept || fail "after kills the report differs"
echo "report: $((rounds * 3)) kills; there is always an old report or a whole new one"

"${search[@]}" --out twice >/dev/null 2>&1 & first=$!
for _ in $(seq 200); do [ -e twice/.lock ] && break; sleep 0.02; done
"${search[@]}" --out twice --resume >second.log 2>&1 && fail "two searches in one folder"
grep -q "another search uses this folder" second.log || fail "the second search said: $(cat second.log)"
wait $first; diff -r whole/presets twice/presets || fail "the second search disturbed the first"
echo "two searches in one folder: the second is refused, the first goes on"

cp -r whole changed; cp -r data data2; find data2/words -name '*_1.wav' -delete
"${search[@]/#data/data2}" --out changed --resume >changed.log 2>&1 && fail "another data folder was accepted"
diff -r whole/presets changed/presets || fail "the refused search damaged presets"
grep -q "checkpoint" changed.log || fail "on other data the search said: $(cat changed.log)"
"${train[@]}" --out other.safetensors >/dev/null 2>&1 & begun=$!
until [ -e other.safetensors.training ]; do
    kill -0 $begun 2>/dev/null || fail "a training left no state before its end"
    sleep 0.01
done
kill -9 $begun; wait $begun 2>/dev/null || true
rm "$(find data2/speech -name '*.wav' | sort | head -n 1)"
"${train[@]/#data/data2}" --out other.safetensors --resume >other.log 2>&1 &&
    fail "a training went on with other data"
grep -q "the state of another training" other.log || fail "on other data the training said: $(cat other.log)"
echo "a data folder that changed: $(grep -m 1 checkpoint changed.log | cut -c1-140)"

mkdir small
if mount -t tmpfs -o size=64k tmpfs small 2>/dev/null; then
    mounted=$work/small
    "${search[@]}" --out small >full.log 2>&1 && fail "64 kB were enough for a search"
    grep -qi "space" full.log || fail "on a full disk the search said: $(tail -n 2 full.log)"
    for preset in small/presets/*.gruve; do
        [ ! -e "$preset" ] || "$gruve" info "$preset" >/dev/null || fail "$preset is damaged"
    done
    "${train[@]}" --out small/model.safetensors >full.log 2>&1 && fail "a full disk was enough for a model"
    echo "a full disk: $(tail -n 1 full.log | sed "s|$work/||" | cut -c1-110)"
    mount -o remount,size=16m small
    "${search[@]}" --out small --resume >more.log 2>&1 ||
        fail "with room again the search said: $(tail -n 2 more.log)"
    diff -r whole/presets small/presets || fail "a search that ran out of room ends in other presets"
    "${train[@]}" --out small/model.safetensors --resume >more.log 2>&1 ||
        fail "with room again the training said: $(tail -n 2 more.log)"
    cmp whole.safetensors small/model.safetensors || fail "a training that ran out of room ends in another model"
    echo "room again: both continue to the same files as unbroken runs"
else
    echo "SKIPPED: a full disk (no permission to mount a tmpfs)"
fi

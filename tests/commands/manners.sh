#!/usr/bin/env bash
# How the gruve commands behave when something is in the way: outputs that cannot be written, a reader that is gone,
# Ctrl-C, a second process, names in other encodings, recordings of other rates and of few speakers.
#   tests/commands/manners.sh GRUVE SOURCE_DIR
set -euo pipefail
gruve=$(realpath "$1") source_dir=$(cd "$2" && pwd)
presets=$source_dir/presets work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
fail() { echo "FAILED: $*" >&2; exit 1; }
# refuses STATUS TEXT COMMAND…: the command ends with the status and a message that holds the text.
refuses() {
    local status=$1 text=$2 found=0; shift 2
    "$@" >refused.log 2>&1 || found=$?
    [ "$found" = "$status" ] || fail "$*: status $found, expected $status: $(cat refused.log)"
    grep -qF -- "$text" refused.log || fail "$*: not '$text': $(cat refused.log)"
}
python3 "$source_dir/tests/commands/make_small_data.py" data
denoiser=$presets/denoise-recommended.gruve words=$presets/wake_words-recommended.gruve
clip=data/speech/s0/0.wav

# What is printed and cannot be written is an error; a reader that has had enough is none.
for command in "info $denoiser" "info $denoiser --json" "card $words" "render --preset $words --json $clip" "--help"; do
    # shellcheck disable=SC2086  # words of a command
    for output in /dev/full closed; do
        status=0
        if [ $output = closed ]; then "$gruve" $command >&- 2>error.log || status=$?
        else "$gruve" $command >$output 2>error.log || status=$?; fi
        [ $status = 1 ] || fail "gruve $command >$output: status $status"
        grep -q "standard output: cannot be written" error.log || fail "gruve $command >$output: $(cat error.log)"
    done
done
"$gruve" info "$denoiser" 2>error.log | head -n 1 >/dev/null || true
[ ! -s error.log ] || fail "a reader that stops is reported: $(cat error.log)"

# Outputs are refused before any work: the data does not exist, and nobody complains about it.
file="no/dir/m.safetensors: cannot be written: the folder no/dir does not exist"
refuses 1 "$file" "$gruve" train --task denoise --data none --out no/dir/m.safetensors
refuses 1 "$file" "$gruve" import --model "$presets/models/denoise.safetensors" --out no/dir/m.safetensors
refuses 1 "$file" "$gruve" export --c "$denoiser" --out no/dir/m.safetensors
refuses 1 "$file" "$gruve" render --preset none.gruve "$clip" no/dir/m.safetensors
refuses 1 "$file" "$gruve" mix --data none --out no/dir/m.safetensors
refuses 1 "$file" "$gruve" mix --data none --out x.wav --clean no/dir/m.safetensors
refuses 1 "$file" "$gruve" report data --out no/dir/m.safetensors
refuses 1 "is a folder" "$gruve" train --task denoise --data none --out data
refuses 1 "/dev/null: cannot be written: is a device" "$gruve" render --preset none.gruve "$clip" /dev/null
search=("$gruve" search --task denoise --model "$presets/models/denoise.safetensors" --data none)
refuses 1 "noise/0.wav is not a folder" "${search[@]}" --out data/noise/0.wav/found
refuses 1 "noise/0.wav is not a folder" "$gruve" starter-set --out data/noise/0.wav/set
refuses 1 "noise/0.wav is not a folder" "$gruve" mix --data none --pairs data/noise/0.wav/pairs
[ -c /dev/null ] || fail "/dev/null is no device any more"

# A log has a line an epoch; a terminal has one line, as wide as it is, without escape sequences.
echo '{"steps_per_epoch": 4, "batch": 4, "seconds": 1, "dense": 8}' >recipe.json
any_train=("$gruve" train --task denoise --data data --hidden 4 --jobs 1)
train=("${any_train[@]}" --recipe recipe.json)
"${train[@]}" --epochs 2 --out m.safetensors >/dev/null 2>train.log
[ "$(grep -c '^epoch' train.log)" = 2 ] || fail "not a line an epoch: $(cat train.log)"
[ ! -e m.safetensors.lock ] && [ ! -e m.safetensors.training ] || fail "a finished training leaves its working files"
cat >on_terminal.py <<'PYTHON'
import fcntl, os, pty, struct, sys, termios
columns, command = int(sys.argv[1]), sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
output = b""
while True:
    try:
        part = os.read(terminal, 4096)
    except OSError:
        break
    if not part:
        break
    output += part
os.waitpid(child, 0)
sys.stdout.buffer.write(output)
PYTHON
on_terminal() { python3 on_terminal.py "$@"; }
TERM=xterm NO_COLOR=1 on_terminal 30 "${train[@]}" --epochs 2 --out m.safetensors >terminal.log
python3 - <<'PYTHON' || fail "progress on a narrow terminal: $(cat -v terminal.log)"
text = open("terminal.log", newline="").read()
lines = [part for part in text.replace("\n", "\r").split("\r") if part.startswith("epoch")]
assert "\x1b" not in text and len(lines) == 2 * 5, lines
assert all(len(line) < 30 for line in lines) and all("\repoch" in text for line in lines)
PYTHON
words_train=("$gruve" train --task words --hidden 4 --jobs 1)
TERM=dumb on_terminal 80 "${words_train[@]}" --data data --epochs 2 --out w.safetensors >terminal.log
[ "$(grep -c '^epoch' terminal.log)" = 2 ] || fail "a dumb terminal is written over: $(cat -v terminal.log)"
# The reader of the log goes; the model is there all the same.
rm w.safetensors
"${words_train[@]}" --data data --epochs 2 --out w.safetensors 2>&1 >/dev/null | head -n 1 >/dev/null || true
[ -s w.safetensors ] || fail "a training died with the reader of its log"

# A second process is refused; Ctrl-C says what is kept.
# started NAME EPOCHS: trains in the background, until the state of the first epoch is there.
started() {
    "${train[@]}" --epochs "$2" --out "$1" >/dev/null 2>train.log & pid=$!
    for _ in $(seq 600); do [ ! -e "$1.training" ] || return 0; sleep 0.1; done
    fail "no training in a minute: $(cat train.log)"
}
# stopped PID: sends it Ctrl-C; its status must be 1.
stopped() { local status=0; kill -INT "$1"; wait "$1" || status=$?; [ $status = 1 ] || fail "Ctrl-C: status $status"; }
rm m.safetensors
started m.safetensors 100000
refuses 1 "m.safetensors: another process is writing this file" "${train[@]}" --epochs 1 --out m.safetensors
stopped $pid
grep -q "the training was stopped after .* of 100000 epochs, with the .* weights" train.log || fail "$(cat train.log)"
[ -s m.safetensors ] && [ -s m.safetensors.training ] || fail "a training that was stopped kept nothing"
# The mixtures of an epoch take minutes: Ctrl-C doesn't wait for them.
echo '{"steps_per_epoch": 20000, "batch": 4, "seconds": 1, "dense": 8}' >long.json
"${any_train[@]}" --recipe long.json --out n.safetensors >/dev/null 2>train.log & pid=$!
for _ in $(seq 600); do [ ! -e n.safetensors.lock ] || break; sleep 0.1; done
sleep 1
SECONDS=0
stopped $pid
[ $SECONDS -lt 20 ] || fail "Ctrl-C took $SECONDS s"
grep -q "nothing was learnt yet; n.safetensors was not written" train.log || fail "$(cat train.log)"
[ ! -e n.safetensors ] && [ ! -e n.safetensors.lock ] || fail "an untrained model was kept"

# A word folder named in Latin-1 is refused before its recordings are read.
cp -r data latin
mv latin/words/low "latin/words/gr"$'\xfc'"n"
words_train+=(--epochs 1)
refuses 1 'latin/words/gr\xfcn: the name of this word' "${words_train[@]}" --data latin --out w.safetensors
refuses 1 'latin/words/gr\xfcn: the name of this word' "${words_train[@]}" --data latin --out w.safetensors --resume
# Other names may have any encoding.
latin_model="m"$'\xfc'".safetensors"
"${words_train[@]}" --data data --out "$latin_model" --json >json.log 2>/dev/null
"${words_train[@]}" --data data --from "$latin_model" --out w.safetensors --json >json.log 2>/dev/null
python3 -m json.tool json.log >/dev/null || fail "no JSON: $(cat json.log)"

# A preset is judged at any rate, and with --split all on a single speaker.
"$gruve" search --task words --model w.safetensors --data data --population 8 --generations 1 --calibration 8 --jobs 1 \
    --out found >/dev/null 2>&1
preset=$(ls found/presets/*8bit.gruve)
for rate in 8000 48000; do
    python3 "$source_dir/tests/commands/make_small_data.py" data_$rate $rate
    "$gruve" evaluate --preset "$preset" --data data_$rate --split test --json >judged.json
    python3 -c 'import json; j = json.load(open("judged.json")); assert j["n"] > 0, j' || fail "at $rate Hz"
done
"$gruve" evaluate --preset "$preset" --data data --split all --json >all.json
mkdir -p mine/words/low mine/words/high
for word in low high; do cp data/words/$word/s0_0.wav mine/words/$word/take.wav; done
refuses 1 "mine" "$gruve" evaluate --preset "$preset" --data mine --split test
"$gruve" evaluate --preset "$preset" --data mine --split all --json >judged.json
python3 -c 'import json; j = json.load(open("judged.json")); assert j["n"] == 2, j' || fail "one speaker is not judged"
echo "the commands fail well"

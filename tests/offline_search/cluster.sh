#!/usr/bin/env bash
# Runs one search with one process, with three under mpirun, with three that are killed and resumed, and with one that
# is killed between two rounds of fine-tuning and resumed. All write the same presets, byte for byte.
#   cluster.sh GRUVE     exits 77 (skipped) where there is no mpirun
set -euo pipefail
gruve=$1
command -v mpirun >/dev/null || { echo "skipped: no mpirun"; exit 77; }
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"

# 240 sequences of 12 steps of 4 features. The class is the feature with the largest mean.
python3 - <<'PY'
import random, struct, zipfile
random.seed(1)
labels = [i % 4 for i in range(240)]
x = [random.gauss(0.7 * (f == label), 1) for label in labels for _ in range(12) for f in range(4)]
def npy(kind, shape, data):
    head = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + data
with zipfile.ZipFile("sequences.npz", "w") as archive:
    archive.writestr("x.npy", npy("<f4", "(240, 12, 4)", struct.pack(f"<{len(x)}f", *x)))
    archive.writestr("y.npy", npy("<i4", "(240,)", struct.pack("<240i", *labels)))
PY
"$gruve" train --task sequences --data . --hidden 12 --epochs 20 --out model.safetensors --jobs 1 >/dev/null 2>&1

# search OUT COMMAND…: runs the search under COMMAND, mpirun or nothing
search() {
    local out=$1; shift
    "$@" "$gruve" search --task sequences --data . --model model.safetensors --out "$out" --population 12 \
        --generations "${generations:-6}" --calibration 40 --finetune rounds --finetune-epochs 2 --jobs 1 --resume
}
many=(mpirun --allow-run-as-root --oversubscribe --mca btl "self,tcp" -np 3)

search one >/dev/null 2>&1
search three "${many[@]}" >three.log 2>&1 || { cat three.log >&2; exit 1; }
diff -r one/presets three/presets

# A lost worker ends the job. Finished generations are kept.
generations=100000 search broken "${many[@]}" >broken.log 2>&1 &
job=$!
for _ in $(seq 600); do [ -f broken/checkpoint.json ] && break; sleep 0.1; done
[ -f broken/checkpoint.json ] || { echo "no checkpoint after a minute" >&2; cat broken.log >&2; exit 1; }
mpirun_pid=$(pgrep -P "$job" mpirun || echo "$job")
kill -9 "$(pgrep -P "$mpirun_pid" | tail -n 1)"
if wait "$job"; then echo "a lost worker went unnoticed" >&2; exit 1; fi

# A search that is killed in the middle and resumed.
search resumed "${many[@]}" >resumed.log 2>&1 &
job=$!
for _ in $(seq 600); do [ -f resumed/checkpoint.json ] && break; sleep 0.02; done
mpirun_pid=$(pgrep -P "$job" mpirun || echo "$job")
kill -9 $(pgrep -P "$mpirun_pid") 2>/dev/null || true
wait "$job" || true
search resumed "${many[@]}" >resumed.log 2>&1 || { cat resumed.log >&2; exit 1; }
diff -r one/presets resumed/presets

# One process, killed as soon as the checkpoint holds fine-tuned weights. They aren't made again.
search tuned >tuned.log 2>&1 &
job=$!
for _ in $(seq 6000); do
    grep -qs '"tuned":' tuned/checkpoint.json && break
    kill -0 "$job" 2>/dev/null || break
    sleep 0.01
done
kill -9 $(pgrep -P "$job") "$job" 2>/dev/null || true
wait "$job" 2>/dev/null || true
[ ! -f tuned/search.json ] || { echo "the search ended before it could be killed" >&2; exit 1; }
search tuned >tuned.log 2>&1 || { cat tuned.log >&2; exit 1; }
diff -r one/presets tuned/presets
search again >again.log 2>&1
[ "$(grep -c 'fine-tuning, pass' tuned.log)" -lt "$(grep -c 'fine-tuning, pass' again.log)" ] ||
    { echo "a resumed search makes weights again that its checkpoint holds" >&2; exit 1; }
echo "same presets"

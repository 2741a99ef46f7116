#!/usr/bin/env python3
"""compare_midi.py FILE.mid DETECTIONS.json LABELS FIRST_NOTE SECONDS

Every detection of `gruve render --json` must be a note of its label within 45 ms, no note of the first SECONDS may
be without one, and each must end."""
import json
import struct
import sys

# Ardour begins to play anywhere within a network step of 20 ms: the steps lie otherwise in the sound than in the rendered file, by which a word may
# pass its threshold a step earlier or later.
TOLERANCE_S = 0.045


def number(data, at):
    value = 0
    while True:
        value = value << 7 | data[at] & 0x7F
        at += 1
        if not data[at - 1] & 0x80:
            return value, at


def notes(path):
    """(seconds, note, on) of a Standard MIDI File at one tempo."""
    data = open(path, "rb").read()
    assert data[:4] == b"MThd", f"{path}: not a MIDI file"
    ticks, tempo, found, at = struct.unpack(">H", data[12:14])[0], 500000, [], 14
    while at < len(data):
        end, at, time, status = at + 8 + struct.unpack(">I", data[at + 4:at + 8])[0], at + 8, 0, 0
        while at < end:
            delta, at = number(data, at)
            time += delta
            if data[at] & 0x80:
                status, at = data[at], at + 1
            if status in (0xFF, 0xF0, 0xF7):
                kind, at = (data[at], at + 1) if status == 0xFF else (0, at)
                size, at = number(data, at)
                if kind == 0x51:
                    tempo = int.from_bytes(data[at:at + size], "big")
                at += size
            else:
                if status >> 4 in (8, 9):
                    found.append((time / ticks * tempo * 1e-6, data[at], status >> 4 == 9 and data[at + 1] > 0))
                at += 1 if status >> 4 in (12, 13) else 2
    return found


def main():
    path, detections, labels, first, end = sys.argv[1], json.load(open(sys.argv[2])), sys.argv[3].split(), int(sys.argv[4]), float(sys.argv[5])
    heard = notes(path)
    on = [(t, n) for t, n, started in heard if started and t < end]
    expected = [(d["seconds"], first + labels.index(d["word"])) for d in detections if d["seconds"] < end]
    print("expected", [(round(t, 3), n) for t, n in expected], "\nrecorded", [(round(t, 3), n) for t, n in on])
    if not expected:
        raise SystemExit("nothing is detected: the comparison would prove nothing")
    if [n for _, n in on] != [n for _, n in expected] or any(abs(a - b) > TOLERANCE_S for (a, _), (b, _) in zip(on, expected)):
        raise SystemExit("the notes aren't the detections")
    starts = sum(started for _, _, started in heard)
    if len(heard) != 2 * starts:
        raise SystemExit(f"{len(heard) - starts} ends for {starts} notes")


main()

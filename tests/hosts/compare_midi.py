#!/usr/bin/env python3
"""compare_midi.py GRUVE PRESET FILE.wav FILE.mid LABELS FIRST_NOTE

A host recorded the notes of FILE.mid while it played FILE.wav. They must be the detections that `gruve render` reports,
and each must end.

A host begins to play anywhere within a network step of 20 ms. That moves the time at which a word passes its threshold
by some steps, and a faint word may not pass it at all. So the script renders the file from many places within a step. A
word that all renders detect must be a note, a word that some detect may be one, and there may be no other note. A note
must lie within a step of the renders' times."""
import json
import os
import struct
import subprocess
import sys
import tempfile
import wave

STEP_S, STARTS = 0.02, 24
SILENCE_S = 3  # in a host the plugin runs before the transport rolls
SAME_WORD_S = 0.5  # two renders' detections of a label that are closer together are the same word


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


def detections(gruve, preset, path):
    """One list of (seconds, label) for each place within a step at which the file may begin."""
    with wave.open(path) as wav:
        parameters, frames = wav.getparams(), wav.readframes(wav.getnframes())
    found = []
    for start in range(STARTS):
        silence = round(parameters.framerate * (SILENCE_S + STEP_S * start / STARTS))
        with tempfile.TemporaryDirectory() as folder:
            shifted = os.path.join(folder, "shifted.wav")
            with wave.open(shifted, "wb") as wav:
                wav.setparams(parameters)
                wav.writeframes(bytes(silence * parameters.nchannels * parameters.sampwidth) + frames)
            command = [gruve, "render", "--preset", preset, shifted, "--json"]
            run = subprocess.run(command, check=True, capture_output=True)
        found.append([(d["seconds"] - silence / parameters.framerate, d["word"]) for d in json.loads(run.stdout)])
    return found


def words(renders):
    """[label, earliest, latest, set of the renders that detect it] of every word, in the order of time."""
    found = []
    detections = sorted((*detection, start) for start, render in enumerate(renders) for detection in render)
    for seconds, label, start in detections:
        word = next((w for w in found if w[0] == label and seconds - w[2] < SAME_WORD_S), None)
        if word:
            word[2:] = seconds, word[3] | {start}
        else:
            found.append([label, seconds, seconds, {start}])
    return found


def main():
    gruve, preset, sound, midi, labels, first = sys.argv[1:]
    heard = notes(midi)
    recorded = [(t, labels.split()[n - int(first)]) for t, n, started in heard if started]
    expected = words(detections(gruve, preset, sound))
    for label, earliest, latest, starts in expected:
        print(f"rendered {label}: {earliest:.3f} to {latest:.3f} s, from {len(starts)} places of {STARTS}")
    print("recorded", [(round(t, 3), label) for t, label in recorded])
    if sum(len(starts) == STARTS for *_, starts in expected) < 3:
        raise SystemExit("all renders agree on fewer than three words: the comparison would prove little")
    for label, earliest, latest, starts in expected:
        at = [note for note in recorded if note[1] == label and earliest - STEP_S <= note[0] <= latest + STEP_S]
        if len(at) > 1 or (not at and len(starts) == STARTS):
            raise SystemExit(f"{len(at)} notes of {label} between {earliest:.3f} and {latest:.3f} s")
        recorded = [note for note in recorded if note not in at]
    if recorded:
        raise SystemExit(f"notes without a detection: {recorded}")
    begun = sum(started for _, _, started in heard)
    if len(heard) != 2 * begun:
        raise SystemExit(f"{len(heard) - begun} ends for {begun} notes")


main()

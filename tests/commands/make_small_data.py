"""Writes a small data set of computed sounds.

words/<word>/<speaker>_<take>.wav, speech/<speaker>/<n>.wav, noise/<n>.wav

usage: make_small_data.py FOLDER [RATE_HZ]
"""
import array
import math
import pathlib
import random
import sys
import wave


def write(path, samples, rate):
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(array.array("h", (int(20000 * max(-1, min(1, s))) for s in samples)).tobytes())


def voice(hz, seconds, rate):
    """A tone with harmonics, in syllables of a quarter of a second."""
    for i in range(int(seconds * rate)):
        t = i / rate
        yield sum(math.sin(2 * math.pi * hz * k * t) / k for k in (1, 2, 3)) / 3 * abs(math.sin(4 * math.pi * t))


folder, rate = pathlib.Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 16000
random.seed(1)
for speaker in range(4):
    pitch = 1 + 0.05 * speaker
    for word, hz in (("low", 300), ("high", 900)):
        for take in range(3):
            sound = voice(hz * pitch * (1 + 0.01 * take), 0.4, rate)
            write(folder / "words" / word / f"s{speaker}_{take}.wav", sound, rate)
    for n in range(2):
        write(folder / "speech" / f"s{speaker}" / f"{n}.wav", voice(150 * pitch, 1.5, rate), rate)
for n in range(8):
    write(folder / "noise" / f"{n}.wav", (random.gauss(0, 0.1) for _ in range(int(1.5 * rate))), rate)

#!/usr/bin/env python3
"""compare_wav.py make OUT.wav
    writes three seconds of speech-like bursts in noise: stereo, 48 kHz, 16 bit
compare_wav.py compare EXPECTED.wav GOT.wav IN.wav
    fails if GOT differs from EXPECTED by more than float rounding, or if EXPECTED is so close to IN that the comparison
    would prove nothing"""
import math
import random
import struct
import sys
import wave

LARGEST_DIFFERENCE = 2e-6


def make(path):
    source = random.Random(1)
    with wave.open(path, "wb") as wav:
        wav.setnchannels(2)
        wav.setsampwidth(2)
        wav.setframerate(48000)
        for i in range(3 * 48000):
            burst = 0.3 * max(0.0, math.sin(2 * math.pi * 3 * i / 48000))
            voice = sum(math.sin(2 * math.pi * f * i / 48000) for f in (140, 280, 420, 1400)) / 4
            channels = (burst * voice + source.uniform(-0.05, 0.05) for _ in range(2))
            wav.writeframesraw(struct.pack("<hh", *(int(32767 * sample) for sample in channels)))


def read(path):
    """The interleaved samples of a WAV with 16-bit integers or 32-bit floats."""
    data = open(path, "rb").read()
    at, width = 12, 2
    while at < len(data):
        name, size = data[at:at + 4], struct.unpack("<I", data[at + 4:at + 8])[0]
        if name == b"fmt ":
            width = struct.unpack("<H", data[at + 22:at + 24])[0] // 8
        if name == b"data":
            size = min(size, len(data) - at - 8)
            count = size // width
            values = struct.unpack(f"<{count}{'f' if width == 4 else 'h'}", data[at + 8:at + 8 + count * width])
            return [v / 32768 for v in values] if width == 2 else list(values)
        at += 8 + size + size % 2
    raise SystemExit(f"{path}: no audio")


def largest(a, b):
    return max(abs(x - y) for x, y in zip(a, b))


def compare(expected_path, got_path, input_path):
    expected, got, source = read(expected_path), read(got_path), read(input_path)
    if abs(len(expected) - len(got)) > 2 * 64 or not expected:
        raise SystemExit(f"{got_path}: {len(got)} samples, expected {len(expected)}")
    difference, effect = largest(expected, got), largest(expected, source)
    print(f"largest difference {difference:.3g} over {len(expected)} samples; "
          f"the preset itself changes the input by up to {effect:.3g}")
    if effect < 100 * LARGEST_DIFFERENCE:
        raise SystemExit("the preset changes nothing")
    if not difference <= LARGEST_DIFFERENCE:
        raise SystemExit(f"allowed {LARGEST_DIFFERENCE}")


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2])
    else:
        compare(*sys.argv[2:5])

#!/usr/bin/env python3
"""within_a_step.py EXPECTED.wav GOT.wav [FRAMES]
Fails where GOT differs from EXPECTED by more than one step of 16 bits, or where EXPECTED is silent. FRAMES: how much
later GOT is; `anywhere`: EXPECTED lies somewhere in GOT, a recording that began earlier."""
import struct
import sys

STEP = 1 / 32768 + 1e-7


def read(path):
    """All samples of a WAV file (16 bit or float), full scale 1, and its number of channels."""
    data = open(path, "rb").read()
    at, kind, bits, channels = 12, 0, 0, 1
    while at + 8 <= len(data):
        name, size = data[at:at + 4], struct.unpack("<I", data[at + 4:at + 8])[0]
        body = data[at + 8:at + 8 + size]
        if name == b"fmt ":
            kind, channels = struct.unpack("<HH", body[:4])
            bits = struct.unpack("<H", body[14:16])[0]
            if kind == 0xFFFE:
                kind = struct.unpack("<H", body[24:26])[0]
        elif name == b"data":
            count = len(body) * 8 // bits
            if kind == 3:
                return list(struct.unpack(f"<{count}f", body[:4 * count])), channels
            return [x / 32768 for x in struct.unpack(f"<{count}h", body[:2 * count])], channels
        at += 8 + size + size % 2
    sys.exit(f"{path}: no data")


def place_of(expected, got):
    """Where `expected` begins in `got`: by its loudest samples, then by all."""
    probes = sorted(range(len(expected)), key=lambda i: -abs(expected[i]))[:200]
    for begin in range(len(got) - len(expected) + 1):
        if all(abs(got[begin + i] - expected[i]) <= 2 * STEP for i in probes):
            return begin
    sys.exit("the expected sound is nowhere in the recording")


expected, channels = read(sys.argv[1])
got, got_channels = read(sys.argv[2])
if channels != got_channels:
    sys.exit(f"{got_channels} channels, expected {channels}")
if max(map(abs, expected)) < 0.01:
    sys.exit("the expected sound is silent: nothing is compared")
later = sys.argv[3] if len(sys.argv) > 3 else "0"
begin = place_of(expected, got) if later == "anywhere" else int(later) * channels
got = got[begin:begin + len(expected)]
if begin == 0 and len(got) != len(expected) or len(got) < 0.9 * len(expected):
    sys.exit(f"{len(got)} samples, expected {len(expected)}")
worst = max(range(len(got)), key=lambda i: abs(got[i] - expected[i]))
difference = abs(got[worst] - expected[worst])
if difference > STEP:
    sys.exit(f"sample {worst}: {got[worst]}, expected {expected[worst]}")
print(f"{len(got)} samples, largest difference {difference * 32768:.2f} steps of 16 bits")

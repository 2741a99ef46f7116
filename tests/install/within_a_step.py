#!/usr/bin/env python3
"""within_a_step.py EXPECTED.wav GOT.wav: fails where GOT (16 bit) differs from EXPECTED (float or 16 bit) by more than one step of 16 bits,
or where EXPECTED is silent."""
import struct
import sys


def samples(path):
    """All samples of a WAV file, full scale 1."""
    data = open(path, "rb").read()
    at, kind, bits = 12, 0, 0
    while at + 8 <= len(data):
        name, size = data[at:at + 4], struct.unpack("<I", data[at + 4:at + 8])[0]
        body = data[at + 8:at + 8 + size]
        if name == b"fmt ":
            kind, bits = struct.unpack("<H", body[:2])[0], struct.unpack("<H", body[14:16])[0]
            if kind == 0xFFFE:
                kind = struct.unpack("<H", body[24:26])[0]
        elif name == b"data":
            count = len(body) * 8 // bits
            if kind == 3:
                return list(struct.unpack(f"<{count}f", body))
            return [x / 32768 for x in struct.unpack(f"<{count}h", body)]
        at += 8 + size + size % 2
    sys.exit(f"{path}: no data")


expected, got = samples(sys.argv[1]), samples(sys.argv[2])
if len(expected) != len(got):
    sys.exit(f"{len(got)} samples, expected {len(expected)}")
worst = max(range(len(got)), key=lambda i: abs(got[i] - expected[i]))
difference = abs(got[worst] - expected[worst])
if max(map(abs, expected)) < 0.01:
    sys.exit("the expected sound is silent: nothing is compared")
if difference > 1 / 32768 + 1e-7:
    sys.exit(f"sample {worst}: {got[worst]}, expected {expected[worst]}")
print(f"{len(got)} samples, largest difference {difference * 32768:.2f} steps of 16 bits")

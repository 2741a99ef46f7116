"""Compares the samples of WAV files with the first one's, bit for bit. usage: same_samples.py FIRST.wav OTHER.wav…"""
import struct
import sys


def samples(path):
    data = open(path, "rb").read()
    at = data.index(b"data") + 8
    return data[at:at + struct.unpack("<I", data[at - 4:at])[0]]


first = samples(sys.argv[1])
for path in sys.argv[2:]:
    if samples(path) != first:
        sys.exit(f"{path} differs from {sys.argv[1]}")
print(f"{len(first) // 4} samples are the same in {len(sys.argv) - 1} files")

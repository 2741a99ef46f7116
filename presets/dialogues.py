#!/usr/bin/env python3
"""Takes the spoken lines out of two adventure games of Debian, for presets/negatives:
    presets/dialogues.py UNPACKED OUT
UNPACKED holds the packages flight-of-the-amazon-queen (4.5 hours) and drascula (49 minutes), unpacked with dpkg-deb -x
into folders of their names. OUT gets files of 40 lines each, queen/….mp3 and drascula/….wav.
"""
import pathlib
import struct
import sys
import wave

RATE_HZ = 11025  # of Drascula's lines, 8 bit, unsigned
LINES = 40  # of a file


def queen_lines(path):
    """The MP3 bytes of each line.

    The file begins with QTBL, 9 bytes of version and compression, and the number of entries (16 bit, big endian). An
    entry is a name of 12 bytes, a byte, and offset and size (32 bit, big endian). Names in .SB are sounds; those with
    SSSS aren't speech.
    """
    data = path.read_bytes()
    if data[:4] != b"QTBL":
        sys.exit(f"{path}: expected QTBL at its beginning")
    (count,) = struct.unpack(">H", data[13:15])
    for entry in range(count):
        at = 15 + 21 * entry
        name = data[at:at + 12].split(b"\0")[0].decode("latin1")
        offset, size = struct.unpack(">II", data[at + 13:at + 21])
        if name.endswith(".SB") and "SSSS" not in name and size > 1500:
            yield data[offset:offset + size]


def together(lines):
    """Numbered bytes of so many lines at a time."""
    for number, at in enumerate(range(0, len(lines), LINES)):
        yield f"{number:03d}", b"".join(lines[at:at + LINES])


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    unpacked, out = map(pathlib.Path, sys.argv[1:])
    queen = unpacked / "flight-of-the-amazon-queen/usr/share/scummvm/flight-of-the-amazon-queen/queen.1c"
    drascula = sorted((unpacked / "drascula/usr/share/scummvm/drascula/en").glob("*.ALS"))
    if not drascula:
        sys.exit(f"{unpacked}/drascula: no *.ALS")
    for folder in ("queen", "drascula"):
        (out / folder).mkdir(parents=True)
    for number, lines in together(list(queen_lines(queen))):
        (out / "queen" / f"{number}.mp3").write_bytes(lines)
    for number, lines in together([path.read_bytes() for path in drascula]):
        with wave.open(str(out / "drascula" / f"{number}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(1)
            file.setframerate(RATE_HZ)
            file.writeframes(lines)


main()

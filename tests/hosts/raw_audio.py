#!/usr/bin/env python3
"""raw_audio.py to_raw IN.wav OUT.raw
    writes silence, the 16-bit WAV and silence again, as interleaved 32-bit floats
raw_audio.py compare FOUR.raw IN.wav EXPECTED.wav LATENCY
    FOUR holds input and output, recorded together, stereo each and interleaved. Fails if the output is not EXPECTED,
    LATENCY samples after the input. Exit status 3 if the recording lost samples. A bypassed plugin's EXPECTED is IN."""
import sys

from array import array

from compare_wav import LARGEST_DIFFERENCE, read

LEAD_FRAMES = 3 * 48000  # for the time until all ports are connected; jack-stdin drops the last incomplete block


def first(samples, start=0):
    return next((i for i in range(start, len(samples)) if samples[i] != 0.0), len(samples))


def compare(raw_path, input_path, expected_path, latency):
    recorded = array("f")
    data = open(raw_path, "rb").read()
    recorded.frombytes(data[:len(data) // 16 * 16])
    source, expected = read(input_path)[0::2], read(expected_path)
    start = first(recorded[0::4]) - first(source)
    heard = recorded[0::4][max(0, start):][:len(source)]
    if start < 0 or len(heard) < len(source) or max(abs(a - b) for a, b in zip(heard, source)) > 1e-6:
        print("the recording lost samples of the input itself")
        raise SystemExit(3)
    worst = effect = 0.0
    for channel in (0, 1):
        got = recorded[2 + channel::4][start + latency:][:len(source)]
        want = expected[channel::2][:len(got)]
        if len(got) < len(source) - latency:
            print("the recording ends too early")
            raise SystemExit(3)
        worst = max(worst, max(abs(a - b) for a, b in zip(got, want)))
        effect = max(effect, max(abs(a - b) for a, b in zip(want, source)))
    print(f"largest difference {worst:.3g} over {len(source)} frames after {latency} samples")
    if expected_path != input_path:
        print(f"the preset changes the input by up to {effect:.3g}")
        if effect < 100 * LARGEST_DIFFERENCE:
            raise SystemExit("the preset changes nothing")
    if not worst <= LARGEST_DIFFERENCE:
        raise SystemExit(f"allowed {LARGEST_DIFFERENCE}")


if sys.argv[1] == "to_raw":
    silence = array("f", bytes(4 * 2 * LEAD_FRAMES))
    (silence + array("f", read(sys.argv[2])) + silence).tofile(open(sys.argv[3], "wb"))
else:
    compare(sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5]))

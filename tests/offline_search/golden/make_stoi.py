"""Writes stoi.txt: STOI of deterministic synthetic signals by pystoi.

    pip install numpy==2.4.6 scipy==1.17.1 pystoi==0.4.1 && python make_stoi.py > stoi.txt

The signals consist of integers of a linear congruential generator and a few sines, so that metrics_test.cpp can compute
the same ones in C++. Each line: rate_hz, seconds, noise gain, gap (1: the middle third of the clean signal is silent),
STOI.
"""

import numpy as np
from pystoi import stoi


def noise(count, seed):
    state, values = seed, []
    for _ in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append(state / 2**31 - 1)
    return np.array(values)


def clean(rate, count, gap):
    t = np.arange(count) / rate
    syllables = 0.5 - 0.5 * np.cos(2 * np.pi * 4 * t)
    x = sum(np.sin(2 * np.pi * 140 * k * t + k) / k for k in range(1, 25)) * syllables
    x = x * (1 + 0.5 * np.sin(2 * np.pi * 1.7 * t)) + 0.3 * (1 - syllables) * noise(count, 1)
    if gap:
        x[count // 3 : 2 * count // 3] = 0
    return 0.1 * x


if __name__ == "__main__":
    for rate, seconds, gain, gap in [
        (10000, 2, 0.0, 0), (10000, 2, 0.1, 0), (16000, 2, 0.05, 0), (16000, 2, 0.2, 0), (16000, 3, 0.5, 1),
        (16000, 3, 2.0, 0), (8000, 2, 0.1, 0), (44100, 2, 0.1, 0), (48000, 2, 0.3, 1),
    ]:
        x = clean(rate, rate * seconds, gap)
        y = x + gain * noise(len(x), 2)
        print(rate, seconds, gain, gap, f"{stoi(x, y, rate):.8f}")

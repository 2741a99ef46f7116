"""Writes 24 gliding vowels, in which spotters of digits hear some words. 16 kHz, 16 bit.
usage: vowels_wav.py OUT.wav"""
import array
import math
import random
import sys
import wave

RATE, COUNT = 16000, 24
draw = random.Random(7)


def vowel():
    """A train of pulses through three resonators whose frequencies glide."""
    frames, pitch = int(RATE * draw.uniform(0.25, 0.5)), draw.uniform(90, 220)
    glides = [(draw.uniform(low, high), draw.uniform(low, high), width)
              for low, high, width in ((250, 800, 60), (800, 2500, 100), (2300, 3200, 140))]
    last = [[0.0, 0.0] for _ in glides]
    phase, samples = 0.0, []
    for i in range(frames):
        phase += pitch / RATE
        pulse = draw.gauss(0, 0.02) + (phase >= 1)
        phase %= 1
        total = 0.0
        for k, (begin, end, width) in enumerate(glides):
            radius, angle = math.exp(-math.pi * width / RATE), begin + (end - begin) * i / frames
            value = pulse + 2 * radius * math.cos(2 * math.pi * angle / RATE) * last[k][0] - radius**2 * last[k][1]
            last[k] = [value, last[k][0]]
            total += value / (k + 1)
        samples.append(total * math.sin(math.pi * i / frames))
    loudest = max(map(abs, samples))
    return [12000 * sample / loudest for sample in samples]


sound = [0.0] * (2 * RATE)  # spotters warm up
for _ in range(COUNT):
    sound += vowel() + [0.0] * int(0.3 * RATE)
with wave.open(sys.argv[1], "wb") as file:
    file.setparams((1, 2, RATE, 0, "NONE", ""))
    file.writeframes(array.array("h", (round(sample + draw.gauss(0, 20)) for sample in sound)).tobytes())

"""Writes three seconds of a sound that comes and goes in noise, 48 kHz, 16 bit. usage: noisy_wav.py OUT.wav"""
import array
import math
import random
import sys
import wave

rate, noise = 48000, random.Random(1)
tone = (9000 * math.sin(2 * math.pi * 220 * i / rate) * (i // 12000 % 2) for i in range(3 * rate))
samples = array.array("h", (round(sample + noise.gauss(0, 1500)) for sample in tone))
with wave.open(sys.argv[1], "wb") as file:
    file.setparams((1, 2, rate, 0, "NONE", ""))
    file.writeframes(samples.tobytes())

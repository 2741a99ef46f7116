#!/usr/bin/env python3
"""pedalboard_host.py Gruve.vst3 PRESET.gruve IN.wav OUT.wav

Renders through the VST3 in pedalboard, saves the session, opens it in a second instance and fails if that sounds
different. pedalboard removes the latency that the plugin reports."""
import struct
import sys
import wave

import numpy
import pedalboard

from juce_session import juce_base64, juce_xml, session


def vst3_state(preset_path):
    """The session that a JUCE host saves with the preset in slot A."""
    return juce_xml(f"<VST3PluginState><IComponent>{juce_base64(session(preset_path))}</IComponent></VST3PluginState>")


def read(path):
    with wave.open(path) as wav:
        samples = numpy.frombuffer(wav.readframes(wav.getnframes()), "<i2").reshape(-1, wav.getnchannels()).T
        return (samples / 32768).astype(numpy.float32), wav.getframerate()


def write(path, audio, rate):
    """32-bit float WAV."""
    data = audio.T.astype("<f4").tobytes()
    channels = audio.shape[0]
    fmt = struct.pack("<HHIIHH", 3, channels, rate, rate * channels * 4, channels * 4, 32)
    with open(path, "wb") as out:
        out.write(b"RIFF" + struct.pack("<I", 28 + len(fmt) + len(data) - 8) + b"WAVE")
        out.write(b"fmt " + struct.pack("<I", len(fmt)) + fmt)
        out.write(b"data" + struct.pack("<I", len(data)) + data)


def play(plugin, audio, rate, block):
    """The second of two plays: pedalboard opens plugins at 44.1 kHz, and removes that rate's latency from the first."""
    plugin.process(audio[:, :rate // 10], rate, buffer_size=block)
    return plugin.process(audio, rate, buffer_size=block)


def main():
    vst3, preset, source, target = sys.argv[1:5]
    audio, rate = read(source)
    first = pedalboard.load_plugin(vst3)
    first.raw_state = vst3_state(preset)
    output = play(first, audio, rate, 512)
    print(f"pedalboard {pedalboard.__version__}: {first.name}, {len(first.parameters)} parameters")
    second = pedalboard.load_plugin(vst3)
    untouched = play(second, audio, rate, 512)
    second.raw_state = first.raw_state
    again = play(second, audio, rate, 333)
    if not numpy.array_equal(output, again):
        raise SystemExit(f"the reopened session differs by up to {numpy.abs(output - again).max()}")
    if numpy.array_equal(output, untouched):
        raise SystemExit("the session changes nothing, so reopening it proves nothing: choose another preset")
    write(target, output, rate)


main()

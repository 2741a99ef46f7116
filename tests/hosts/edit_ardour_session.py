#!/usr/bin/env python3
"""edit_ardour_session.py SESSION.ardour FILE.wav [PRESET.gruve]

Does what Ardour's Lua session cannot: puts the WAV at time 0 on the track "in", sets the session's range to it, and
writes the preset into the VST3 plugin's saved state, as if the session had been saved with that preset loaded."""
import base64
import struct
import sys
import wave
import xml.etree.ElementTree as ET

from juce_session import session as plugin_session

TICKS_PER_SECOND = 282240000  # Ardour's superclock


def vst3_preset_with(chunk, state):
    """A .vstpreset (Steinberg's container) with its component state replaced and no controller state."""
    assert chunk[:4] == b"VST3", "not a VST3 preset"
    header = 48
    entries = struct.pack("<4sqq", b"Comp", header, len(state))
    body = state + b"List" + struct.pack("<i", 1) + entries
    return chunk[:40] + struct.pack("<q", header + len(state)) + body


def add_region(session, wav_path, new_id):
    with wave.open(wav_path) as wav:
        frames, channels, rate = wav.getnframes(), wav.getnchannels(), wav.getframerate()
    length = frames * TICKS_PER_SECOND // rate
    sources = []
    for channel in range(channels):
        sources.append(new_id())
        ET.SubElement(session.find("Sources"), "Source", {
            "name": wav_path, "take-id": "", "type": "audio", "flags": "", "id": sources[-1], "channel": str(channel),
            "origin": wav_path, "gain": "1"})
    playlists = [p for p in session.find("Playlists") if p.get("name") == "in"]
    for parent, whole in [(session.find("Regions"), "1")] + [(p, "0") for p in playlists]:
        region = {
            "name": "clip", "id": new_id(), "type": "audio", "channels": str(channels), "start": "a0",
            "length": f"a{length}@a0", "whole-file": whole, "opaque": "1", "muted": "0", "locked": "0",
            "automatic": "0", "hidden": "0", "stretch": "1", "shift": "1", "first-edit": "nothing",
            "layering-index": "0", "sync-position": "a0", "import": "1", "external": "1", "position-locked": "0",
            "valid-transients": "0", "envelope-active": "0", "default-fade-in": "0", "default-fade-out": "0",
            "fade-in-active": "0", "fade-out-active": "0", "scale-amplitude": "1"}
        for channel, source in enumerate(sources):
            region[f"source-{channel}"] = region[f"master-source-{channel}"] = source
        ET.SubElement(parent, "Region", region)
    ET.SubElement(session.find("Locations"), "Location", {
        "name": "session", "id": new_id(), "start": "a0", "end": f"a{length}", "flags": "IsSessionRange", "locked": "0",
        "timestamp": "0", "cue": "0"})


def main():
    path, wav_path, *preset_path = sys.argv[1:]
    tree = ET.parse(path)
    session = tree.getroot()
    counter = int(session.get("id-counter")) + 1000

    def new_id():
        nonlocal counter
        counter += 1
        return str(counter)

    add_region(session, wav_path, new_id)
    for chunk in session.iter("chunk") if preset_path else []:
        vst3_preset = vst3_preset_with(base64.b64decode(chunk.text), plugin_session(preset_path[0]))
        chunk.text = base64.b64encode(vst3_preset).decode()
    session.set("id-counter", str(counter + 1))
    tree.write(path, encoding="UTF-8", xml_declaration=True)


main()

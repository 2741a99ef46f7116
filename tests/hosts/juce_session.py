#!/usr/bin/env python3
"""Sessions of the JUCE plugin, as hosts save them.
juce_session.py PRESET.gruve OUT.ttl [ID=VALUE…]
    writes the state of the LV2 with the preset in slot A and these parameters, for `jalv -l`"""
import base64
import struct
import sys

JUCE_BASE64 = ".ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+"


def juce_base64(data):
    """JUCE's own Base64: the size, a point, then six bits in each character, the least significant first."""
    bits = int.from_bytes(data, "little")
    return f"{len(data)}." + "".join(JUCE_BASE64[bits >> 6 * i & 63] for i in range((8 * len(data) + 5) // 6))


def juce_xml(text):
    """XML behind JUCE's binary header."""
    return struct.pack("<II", 0x21324356, len(text)) + text.encode() + b"\0"


def session(preset_path, values=()):
    """The plugin's own state: the preset in slot A and the parameters (ID, VALUE)."""
    preset = base64.b64encode(open(preset_path, "rb").read()).decode()
    parameters = "".join(f'<parameter id="{name}" value="{value}"/>' for name, value in values)
    return juce_xml(f'<gruve version="1" bypass="own">{parameters}'
                    f'<slot id="A" source="a test" preset="{preset}"/></gruve>')


def main():
    preset, target, *values = sys.argv[1:]
    state = juce_base64(session(preset, [value.split("=") for value in values]))
    with open(target, "w") as out:
        out.write("@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
                  "@prefix pset: <http://lv2plug.in/ns/ext/presets#> .\n"
                  "@prefix state: <http://lv2plug.in/ns/ext/state#> .\n"
                  "<> a pset:Preset ; lv2:appliesTo <https://gruve.audio/plugin> ;\n"
                  f'  state:state [ <https://gruve.audio/plugin:StateString> "{state}" ] .\n')


if __name__ == "__main__":
    main()

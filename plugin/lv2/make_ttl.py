#!/usr/bin/env python3
"""Writes the LV2 bundle's manifest.ttl and gruve.ttl: make_ttl.py NUMBERS.txt VERSION BUNDLE_DIR
Port indices are those of gruve_lv2.cpp. Ranges are read from plugin/native/controls.h, so that they are said once."""
import os
import re
import sys

numbers_file, version, bundle = sys.argv[1:4]
here = os.path.dirname(os.path.abspath(__file__))
ROW = r'\{"(\w+)", "([^"]+)", "(\w*)", ([\d.]+), ([\d.]+), ([\d.]+), (true|false), (true|false)\}'
controls = re.findall(ROW, open(os.path.join(here, "../native/controls.h"), encoding="utf-8").read())
presets = [line.split(maxsplit=1) for line in open(numbers_file, encoding="utf-8") if line[:1].isdigit()]
presets = [(number, preset) for number, preset in presets if int(number) < 500]  # the denoisers' numbers
minor, micro = version.split(".")[1:3]

PREFIXES = """@prefix doap: <http://usefulinc.com/ns/doap#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix lv2: <http://lv2plug.in/ns/lv2core#> .
@prefix pg: <http://lv2plug.in/ns/ext/port-groups#> .
@prefix pprops: <http://lv2plug.in/ns/ext/port-props#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix units: <http://lv2plug.in/ns/extensions/units#> .
"""
VARIANTS = [("denoise-mono", "Gruve Denoiser (mono)", 1), ("denoise-stereo", "Gruve Denoiser (stereo)", 2),
            ("denoise-live-mono", "Gruve Denoiser Live (mono)", 1),
            ("denoise-live-stereo", "Gruve Denoiser Live (stereo)", 2),
            ("denoise-studio-mono", "Gruve Denoiser Studio (mono)", 1),
            ("denoise-studio-stereo", "Gruve Denoiser Studio (stereo)", 2)]


def port(*properties):
    return " ;\n        ".join(properties)


def group_of(variant, kind):
    return f"<https://gruve.audio/lv2/{variant}#{kind.lower()}>"


def audio_ports(variant, channels):
    """Stereo ports are grouped: GStreamer makes one pad of a group, and leaves plugins with loose ports out."""
    sides = [("", "", "")] if channels == 1 else [("_left", " (left)", "left"), ("_right", " (right)", "right")]
    for kind in ("Input", "Output"):
        for symbol, name, side in sides:
            properties = [f"a lv2:{kind}Port , lv2:AudioPort", f'lv2:symbol "{kind.lower()}{symbol}"',
                          f'lv2:name "{kind}{name}"']
            if side:
                properties += [f"pg:group {group_of(variant, kind)}", f"lv2:designation pg:{side}"]
            yield port(*properties)


def groups(variant, channels):
    if channels == 1:
        return ""
    return "".join(f"""
{group_of(variant, kind)}
    a pg:StereoGroup , pg:{kind}Group ;
    lv2:symbol "{kind.lower()}" ;
    lv2:name "{kind}" .
""" for kind in ("Input", "Output"))


def control_ports():
    for symbol, name, unit, low, high, usual, whole, toggled in controls:
        properties = ["a lv2:InputPort , lv2:ControlPort", f'lv2:symbol "{symbol}"', f'lv2:name "{name}"',
                      f"lv2:minimum {low}", f"lv2:maximum {high}", f"lv2:default {usual}"]
        if unit:
            properties.append(f"units:unit units:{unit}")
        if toggled == "true":
            properties.append("lv2:portProperty lv2:toggled")
        elif whole == "true":
            points = [f'[ rdfs:label "{preset.strip()}" ; rdf:value {number} ]' for number, preset in presets]
            properties += ["lv2:portProperty lv2:integer", "lv2:scalePoint " + " , ".join(points)]
        yield port(*properties)
    # An integer, not toggled: GStreamer would start every toggle at 0, bypassed.
    yield port("a lv2:InputPort , lv2:ControlPort", 'lv2:symbol "enabled"', 'lv2:name "Enabled"', "lv2:minimum 0",
               "lv2:maximum 1", "lv2:default 1", "lv2:designation lv2:enabled", "lv2:portProperty lv2:integer")
    yield port("a lv2:InputPort , lv2:ControlPort", 'lv2:symbol "freewheel"', 'lv2:name "Freewheel"', "lv2:minimum 0",
               "lv2:maximum 1", "lv2:default 0", "lv2:designation lv2:freeWheeling",
               "lv2:portProperty lv2:toggled , pprops:notOnGUI")
    yield port("a lv2:OutputPort , lv2:ControlPort", 'lv2:symbol "latency"', 'lv2:name "Latency"', "lv2:minimum 0",
               "lv2:maximum 7680", "lv2:designation lv2:latency", "units:unit units:frame",
               "lv2:portProperty lv2:reportsLatency , lv2:integer , pprops:notOnGUI")


def write_manifest(file):
    file.write("@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
               "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n")
    for variant, _, _ in VARIANTS:
        file.write(f"""
<https://gruve.audio/lv2/{variant}>
    a lv2:Plugin ;
    lv2:binary <gruve.so> ;
    rdfs:seeAlso <gruve.ttl> .
""")


def write_plugin(file, variant, name, channels):
    ports = list(audio_ports(variant, channels)) + list(control_ports())
    body = " , ".join(f"[\n        {text} ;\n        lv2:index {index}\n    ]" for index, text in enumerate(ports))
    main = ""
    if channels == 2:
        main = f"    pg:mainInput {group_of(variant, 'Input')} ;\n    pg:mainOutput {group_of(variant, 'Output')} ;\n"
    file.write(groups(variant, channels) + f"""
<https://gruve.audio/lv2/{variant}>
    a lv2:Plugin , lv2:FilterPlugin ;
    doap:name "{name}" ;
    doap:license <https://spdx.org/licenses/GPL-3.0-or-later> ;
    lv2:minorVersion {minor} ;
    lv2:microVersion {micro} ;
    lv2:optionalFeature lv2:hardRTCapable ;
{main}    rdfs:comment "Removes noise from speech with a small quantised recurrent network." ;
    lv2:port {body} .
""")


os.makedirs(bundle, exist_ok=True)
with open(os.path.join(bundle, "manifest.ttl"), "w", encoding="utf-8") as manifest:
    write_manifest(manifest)
with open(os.path.join(bundle, "gruve.ttl"), "w", encoding="utf-8") as ttl:
    ttl.write(PREFIXES)
    for description in VARIANTS:
        write_plugin(ttl, *description)

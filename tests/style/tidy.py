#!/usr/bin/env python3
"""clang-tidy over engine/, with the rules of .clang-tidy. Every warning is an error.

    tests/style/tidy.py [BUILD_DIR]        default: build/release, built

A source is checked again only if it, a header of the engine, its compile command or the rules have changed: results
are kept in BUILD_DIR/tidy under a hash of all these. Exit status 77 (skipped) without clang-tidy.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
RULES = ROOT / ".clang-tidy"
# GCC's warnings are the ones that the project keeps clean.
QUIET = ["--quiet", "--extra-arg=-w", f"--config-file={RULES}"]

PLANTED_HEADER = """#pragma once
struct badly_named {};
"""
PLANTED_SOURCE = """#include "engine/planted/planted.h"
int after(int x) {
    if (x > 0) {
        return 1;
    } else {
        return 2;
    }
}
const int constant() { return 1; }
int careless(const int* x) { return sizeof(x) / sizeof(x[0]); }
int too_long(int x) {
""" + 61 * "    ++x;\n" + "    return x;\n}\n"
EXPECTED = [
    "planted.h:2:8: error: invalid case style for struct 'badly_named'", "readability-else-after-return",
    "readability-const-return-type", "bugprone-sizeof-expression", "readability-function-size"]


def proof(folder):
    """Findings that must come up in a planted file and did not."""
    planted = folder / "engine/planted"
    planted.mkdir(parents=True, exist_ok=True)
    (planted / "planted.h").write_text(PLANTED_HEADER)
    (planted / "planted.cpp").write_text(PLANTED_SOURCE)
    found = subprocess.run(["clang-tidy", *QUIET, planted / "planted.cpp", "--", "-std=c++20", f"-I{folder}"],
                           capture_output=True, text=True)
    if found.returncode == 0:
        return EXPECTED
    return [sentence for sentence in EXPECTED if sentence not in found.stdout]


def common_hash(build):
    """A hash of everything that the result of each source depends on."""
    digest = hashlib.sha256(subprocess.run(["clang-tidy", "--version"], capture_output=True).stdout)
    headers = sorted(ROOT.glob("engine/**/*.h")) + sorted((build / "engine/generated").glob("*.h"))
    for path in [RULES, pathlib.Path(__file__), *headers]:
        digest.update(str(path).encode() + path.read_bytes())
    return digest


def check(command, build, common):
    """The output of one source; empty where nothing was found."""
    digest = common.copy()
    digest.update(command["command"].encode() + pathlib.Path(command["file"]).read_bytes())
    known = build / "tidy" / digest.hexdigest()
    if known.exists():
        return known.read_text()
    found = subprocess.run(["clang-tidy", *QUIET, "-p", build, command["file"]], capture_output=True, text=True)
    output = found.stdout if found.returncode else ""
    if found.returncode and not output.strip():
        output = found.stderr
    if found.returncode in (0, 1):
        known.write_text(output)
    return output


def main():
    build = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build/release").resolve()
    if not shutil.which("clang-tidy"):
        print("SKIPPED: clang-tidy is not installed (Debian: clang-tidy)")
        sys.exit(77)
    (build / "tidy").mkdir(exist_ok=True)
    missed = proof(build / "tidy/planted")
    if missed:
        sys.exit("clang-tidy does not see the planted faults: " + ", ".join(missed))
    commands = [c for c in json.loads((build / "compile_commands.json").read_text())
                if pathlib.Path(c["file"]).is_relative_to(ROOT / "engine")]
    if not commands:
        sys.exit(f"{build}/compile_commands.json names no source of engine/")
    common = common_hash(build)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as threads:
        outputs = list(threads.map(lambda command: check(command, build, common), commands))
    findings = {}  # a header's come up in every source that includes it
    for output in outputs:
        for finding in output.split("\n" + str(ROOT)) if output else ():
            findings.setdefault(finding.strip(), None)
    if findings:
        print("\n".join(findings))
        sys.exit(f"{len(findings)} findings")
    print(f"{len(commands)} sources: nothing found")


if __name__ == "__main__":
    main()

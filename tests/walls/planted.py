#!/usr/bin/env python3
"""Shows that the walls hold.

    tests/walls/planted.py [ROOT]

It plants one fault at a time in a copy of the engine and looks for the sentence that refuses it. The compiler must
refuse a forbidden include as well.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from check import Checks  # noqa: E402
from tree import files_below  # noqa: E402

HEADER = "engine/model/packing.h"
SOURCE = "engine/model/packing.cpp"
FORBIDDEN = "engine/preset/preset.h"
OBJECT = "engine/CMakeFiles/gruve_engine_model.dir/model/packing.cpp.o"


def include(header):
    return lambda text: f'#include "{header}"\n' + text


def append(lines):
    return lambda text: text + lines


# name, file, what is done to its text, the finding
PLANTED = [
    ("an include of a folder that the own folder does not name", HEADER, include(FORBIDDEN),
     f"{HEADER}:1: includes {FORBIDDEN}; engine/model may include no other folder"),
    ("an include of a part above", SOURCE, include("offline_search/search/run.h"),
     f"{SOURCE}:1: an arrow upward, to offline_search/search: engine/ may use no other part"),
    ('".."', HEADER, include("../support/real_time.h"),
     f'{HEADER}:1: #include "../support/real_time.h": ".." in an include'),
    ("an include without the full path", HEADER, include("model.h"),
     f'{HEADER}:1: #include "model.h": not in the project; an include names the full path'),
    ("a circle of two files", "engine/model/model.h", include("engine/model/reference.h"),
     "engine/model/model: a circle of files: engine/model/model → engine/model/reference → engine/model/model"),
    ("a circle of two folders", "engine/CMakeLists.txt",
     lambda text: text.replace("gruve_folder(engine/model)", "gruve_folder(engine/model MAY_INCLUDE engine/preset)"),
     "engine/model: a circle of folders: engine/model → engine/preset → engine/model"),
    ("a folder that CMake does not know", "engine/other/new.h", lambda text: "#pragma once\n",
     "engine/other: no gruve_folder line in a CMakeLists.txt names this folder"),
    ("a line of 121 columns", SOURCE, append("//" + 119 * "x" + "\n"), "121 columns; at most 120 are allowed"),
    ("a file of 401 lines", "engine/model/long.h", lambda text: 401 * "\n",
     "engine/model/long.h: 401 lines; at most 400 are allowed"),
    ("a function of 61 lines", SOURCE, append("void too_long() {\n" + 59 * "    ;\n" + "}\n"),
     "too_long has 61 lines; at most 60 are allowed"),
    ("a long method of a class", HEADER,
     append("struct Long {\n    int f(int x) const noexcept {" + 60 * "\n" + "return x; }\n};\n"),
     "f has 61 lines; at most 60 are allowed"),
    ("a list of long functions that is out of date", "tests/style/long_functions.txt",
     append(f"{SOURCE}: unpack: because\n"), f"unpack in {SOURCE} is not long: delete the entry"),
    ("a source without a header of its name", "engine/model/alone.cpp", lambda text: "\n",
     "engine/model/alone.cpp: there is no engine/model/alone.h: a source and its header have one name"),
    ("a function in another source than its header's", SOURCE,
     append("namespace gruve { void moved(int x) { (void)x; } }\n"),
     "defines moved, which engine/model/tables.h declares"),
]
# A function of 60 lines, a line of 120 columns and a long class are allowed. The last planted fault needs the
# declaration.
HARMLESS = {
    "engine/model/packing.h": append(
        "template <class T>\nrequires(sizeof(T) > 1) struct Long {\n" + 70 * "    int f() { return 1; }\n" + "};\n"),
    "engine/model/tables.h": append("namespace gruve {\nvoid moved(int x);\n}\n"),
    "engine/model/fixed_point.cpp": append(
        "//" + 118 * "x" + "\nstatic void just_short_enough() {\n" + 58 * "    ;\n" + "}\n")}


# Without the rest of the project the checks take a tenth of the time.
COPIED = ("engine/", ".ci/package.cmake", ".ci/debian/", "CMakeLists.txt", "datasets/CMakeLists.txt",
          "offline_search/CMakeLists.txt", "offline_search/search/run.h", "tests/style/long_functions.txt")
GENERATED = "engine/preset/generated"


class Copy:
    def __init__(self, root, folder):
        self.root = pathlib.Path(folder)
        for path in filter(lambda path: path.startswith(COPIED), files_below(root)):
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(pathlib.Path(root) / path, self.root / path)
        # The code of preset.fbs is no file that the checks look at, but CMake reads it.
        shutil.copytree(pathlib.Path(root) / GENERATED, self.root / GENERATED)

    def edit(self, path, change):
        """Changes one file; returns what undoes it."""
        file = self.root / path
        before = file.read_text() if file.exists() else None
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(change(before or ""))

        def undo():
            if before is None:
                file.unlink()
            else:
                file.write_text(before)
        return undo

    def findings(self):
        return set(Checks(self.root).run())


def compiles(copy):
    return subprocess.run(["cmake", "--build", copy.root / "build", "--target", OBJECT], capture_output=True, text=True)


def the_compiler_refuses(copy):
    """The failures of the compiler's part: a clean file compiles, and with the forbidden include it does not."""
    configured = subprocess.run(
        ["cmake", "-S", copy.root, "-B", copy.root / "build", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
         "-DGRUVE_PLUGIN=OFF", "-DGRUVE_APP_PLUGINS=OFF", "-DGRUVE_SEARCH=OFF", "-DGRUVE_TESTS=OFF",
         "-DGRUVE_BENCHMARKS=OFF"],
        capture_output=True, text=True)
    if configured.returncode:
        return [f"the copy cannot be configured: {configured.stderr}"]
    clean = compiles(copy)
    if clean.returncode:
        return [f"{SOURCE} does not compile without a fault either: {clean.stdout}"]
    undo = copy.edit(HEADER, include(FORBIDDEN))
    planted = compiles(copy)
    undo()
    if planted.returncode == 0:
        return [f"{HEADER} compiles although it includes {FORBIDDEN}"]
    if f"{FORBIDDEN}: No such file" not in planted.stdout:
        return [f"{HEADER} fails to compile for another reason: {planted.stdout}"]
    print(f"refused by the compiler: an include of {FORBIDDEN} in {HEADER}")
    return []


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(root, folder)
        failures += the_compiler_refuses(copy)
        before = copy.findings()
        for path, change in HARMLESS.items():
            copy.edit(path, change)
        known = copy.findings()
        failures += [f"without a planted fault: {finding}" for finding in known - before]
        for name, path, change, sentence in PLANTED:
            undo = copy.edit(path, change)
            new = copy.findings() - known
            undo()
            if any(sentence in finding for finding in new):
                print(f"refused: {name}")
            else:
                failures.append(f"not refused: {name}: expected “{sentence}”, found {sorted(new)}")
    if failures:
        sys.exit("\n".join(failures))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""The walls between the folders, and the sizes that keep the rooms readable.

    tests/walls/check.py [ROOT]

It prints one sentence for each finding and then exits with status 1. ROOT is the project (default: this one).

The walls are the gruve_folder lines of the CMakeLists files. A folder may include itself and the folders that its own
line names. The compiler refuses a header only where no folder on the way passes it on; this check is stricter.
It also refuses circles, arrows upward between the parts, and files, functions, folders and lines that are too long.
"""
import ast
import fnmatch
import pathlib
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import cpp_source  # noqa: E402
from tree import PARTS, SOURCE_ENDINGS, Tree, declared_folders, folder_of  # noqa: E402

# plugin → engine ← offline_search → datasets
PARTS_BELOW = {"engine": [], "datasets": [], "offline_search": ["engine", "datasets"], "plugin": ["engine"]}
# Programs' own folders and the device's C are no gruve_folder.
OTHER_FOLDERS = {
    "offline_search": [
        "datasets/system", "offline_search/commands", "offline_search/files", "offline_search/search"],
    "offline_search/search/no_pagmo": ["datasets/support", "offline_search/search"],
    "datasets/system/posix": ["datasets/system"], "datasets/system/windows": ["datasets/system"],
    "engine/examples": [], "engine/include/gruve": [], "engine/web": [],
    "plugin/tools": ["engine/streaming", "plugin/presets", "plugin/session", "plugin/processor", "plugin/editor"],
    "engine/device": []}
GENERATED_HEADERS = ["preset_generated.h", "factory_data.h"]
# A person copies engine/device and one exported header into a project of their own: no include roots there.
C_FOR_DEVICES = ["engine/device/*.[ch]", "tests/portable/*.c", "tests/portable/cortex_m4/*.[ch]"]

SOURCES_WITHOUT_HEADER = {
    "offline_search/main.cpp": "a program",
    "plugin/tools/measure.cpp": "a program",
    "plugin/tools/vst3_render.cpp": "a program",
    "plugin/native/gruve_plugins.cpp": "a program",
    "engine/examples/*.cpp": "programs",
    "engine/c_api/gruve_*.cpp": "engine/include/gruve/gruve.h declares all of the C API",
    "engine/web/number_text.cpp": "C's stdio.h declares its one function",
    "engine/windows/utf8_paths.cpp": "C's wchar.h declares its functions",
    "datasets/system/posix/*.cpp": "one file for each system; the headers lie above",
    "datasets/system/windows/*.cpp": "one file for each system; the headers lie above",
    "offline_search/search/no_pagmo/nsga2.cpp": "in the place of the nsga2.cpp above",
    "plugin/ladspa/gruve_ladspa.cpp": "ladspa.h declares its one function",
    "plugin/lv2/gruve_lv2.cpp": "lv2.h declares its one function",
    "plugin/lv2_words/gruve_words.cpp": "lv2.h declares its one function",
    "engine/kernels/avx2.cpp": "one file for each instruction set; kernel.h declares their kernels",
    "engine/float_kernels/avx2.cpp": "one file for each width of vectors; kernel.h declares their kernels",
    "engine/float_kernels/avx512.cpp": "as avx2.cpp",
    "engine/float_kernels/four.cpp": "as avx2.cpp",
    "engine/kernels/avx512vnni.cpp": "as avx2.cpp",
    "engine/kernels/avxvnni.cpp": "as avx2.cpp",
    "engine/kernels/neon.cpp": "as avx2.cpp",
    "engine/kernels/neondot.cpp": "as avx2.cpp",
    "engine/kernels/wasm128.cpp": "as avx2.cpp; kernel.cpp declares its kernel",
    "offline_search/commands/command_*.cpp": "one file for each command; commands.h lists them"}

MOST_FILES = {"engine/kernels": 32}
MOST_FILES_ELSEWHERE = 25
MOST_LINES = 400
MOST_COLUMNS = 120
MOST_FUNCTION_LINES = 60
LONG_FUNCTIONS = "tests/style/long_functions.txt"
DATA = ["/tests/*/corpus/*", "/tests/*/golden/*.txt", "/tests/released/*", "/presets/*-*.md", "*.gruve"]
CODE_ENDINGS = SOURCE_ENDINGS + (".py", ".sh", ".cmake", ".lua", ".fbs", "CMakeLists.txt", "CMakePresets.json")


def unit_of(path):
    """A header and its source are one unit."""
    return path.rpartition(".")[0]


class Checks:
    def __init__(self, root):
        self.tree = Tree(root)
        self.declared = dict(declared_folders(self.tree))
        self.ours = self.tree.sources(*PARTS)
        self.includes = {path: cpp_source.includes(self.tree.text(path)) for path in self.tree.sources()}
        self.read = {path: cpp_source.Source(self.tree.text(path)) for path in self.tree.sources()}
        self.findings = []

    def find(self, where, line, sentence):
        self.findings.append(f"{where}:{line}: {sentence}" if line else f"{where}: {sentence}")

    def run(self):
        self.declared_arrows()
        self.included_folders()
        self.include_paths()
        self.circles()
        self.names()
        self.sizes()
        self.function_lengths()
        return self.findings

    def named_folders(self, folder):
        return self.declared.get(folder, OTHER_FOLDERS.get(folder))

    def included_files(self, path):
        """(line, header of the project) of the file's includes."""
        existing = set(self.ours)
        return [(line, header) for line, header, _ in self.includes[path] if header in existing]

    def declared_arrows(self):
        for folder in sorted({folder_of(path) for path in self.ours}):
            if self.named_folders(folder) is None:
                self.find(folder, 0, "no gruve_folder line in a CMakeLists.txt names this folder")
        for folder, named in self.declared.items():
            for other in named:
                self.refuse_upward(folder, 0, folder, other)
                if other not in self.declared:
                    self.find(folder, 0, f"its gruve_folder line names {other}, which is no folder")

    def refuse_upward(self, where, line, folder, other):
        part, below = folder.split("/")[0], other.split("/")[0]
        if part != below and below not in PARTS_BELOW.get(part, PARTS):
            allowed = " and ".join(PARTS_BELOW[part]) or "no other part"
            self.find(where, line, f"an arrow upward, to {other}: {part}/ may use {allowed}")

    def included_folders(self):
        for path in self.ours:
            folder = folder_of(path)
            named = self.named_folders(folder) or []
            for line, header in self.included_files(path):
                other = folder_of(header)
                if other == folder or other in named:
                    continue
                may = ", ".join(named) if named else "no other folder"
                self.find(path, line, f"includes {header}; {folder} may include {may}")
                self.refuse_upward(path, line, folder, other)

    def include_paths(self):
        existing = set(self.tree.files)
        for path, includes in self.includes.items():
            for line, header, in_angles in includes:
                if ".." in header.split("/"):
                    self.find(path, line, f'#include "{header}": ".." in an include')
                elif in_angles and header.split("/")[0] not in PARTS or header in GENERATED_HEADERS:
                    continue
                elif any(fnmatch.fnmatch(path, pattern) for pattern in C_FOR_DEVICES):
                    continue
                elif header not in existing:
                    self.find(path, line, f'#include "{header}": not in the project; an include names the full path')
                elif in_angles:
                    self.find(path, line, f"#include <{header}>: the project's own headers stand in quotes")

    def circles(self):
        folders, units = {}, {}
        for path in self.ours:
            for _, header in self.included_files(path):
                if folder_of(header) != folder_of(path):
                    folders.setdefault(folder_of(path), set()).add(folder_of(header))
                if unit_of(header) != unit_of(path):
                    units.setdefault(unit_of(path), set()).add(unit_of(header))
        for folder, named in self.declared.items():
            folders.setdefault(folder, set()).update(named)
        for what, arrows in (("folders", folders), ("files", units)):
            for circle in circles_of(arrows):
                self.find(circle[0], 0, f"a circle of {what}: " + " → ".join([*circle, circle[0]]))

    def names(self):
        """A header and its source have one name and hold the same declarations."""
        headers = {path for path in self.ours if path.endswith(".h")}
        for path in self.ours:
            if not path.endswith(".cpp"):
                continue
            own = unit_of(path) + ".h"
            if any(fnmatch.fnmatch(path, pattern) for pattern in SOURCES_WITHOUT_HEADER):
                continue
            if own not in headers:
                self.find(path, 0, f"there is no {own}: a source and its header have one name")
            known = self.read[own] if own in headers else self.read[path]
            for function in self.read[path].functions:
                scope, _, _ = function.name.partition("::")
                for header in headers if not function.is_local else ():
                    if header == own or folder_of(header) != folder_of(path):
                        continue
                    declares = self.read[header].classes if "::" in function.name else self.read[header].declared
                    own_declares = known.classes if "::" in function.name else known.declared
                    if scope in declares and scope not in own_declares and scope not in self.read[path].classes:
                        self.find(path, function.line, f"defines {function.name}, which {header} declares")

    def sizes(self):
        files = {}
        for path in self.tree.files:
            is_page = path.endswith(".md")
            is_code = path.endswith(CODE_ENDINGS) or self.tree.text(path).startswith("#!")
            is_data = any(fnmatch.fnmatch("/" + path, pattern) for pattern in DATA)
            if is_data or not (is_code or is_page):
                continue
            if path.endswith(SOURCE_ENDINGS):
                files.setdefault(folder_of(path), []).append(path)
            lines = self.tree.text(path).splitlines()
            if len(lines) > MOST_LINES and not is_page:
                self.find(path, 0, f"{len(lines)} lines; at most {MOST_LINES} are allowed")
            for number, line in enumerate(lines, 1):
                if len(line) > MOST_COLUMNS and not (is_page and line.startswith("|")):  # a row of a table
                    self.find(path, number, f"{len(line)} columns; at most {MOST_COLUMNS} are allowed")
        for folder, found in files.items():
            most = MOST_FILES.get(folder, MOST_FILES_ELSEWHERE)
            if len(found) > most:
                self.find(folder, 0, f"{len(found)} sources and headers; at most {most} are allowed")

    def function_lengths(self):
        listed = {}
        entries = self.tree.text(LONG_FUNCTIONS) if LONG_FUNCTIONS in self.tree.files else ""
        for number, line in enumerate(entries.splitlines(), 1):
            if not line or line.startswith("#"):
                continue
            entry = re.fullmatch(r"(\S+): (\S+): (.+)", line)
            if entry:
                listed[entry[1], entry[2]] = number
            else:
                self.find(LONG_FUNCTIONS, number, "an entry is written “path: function: reason”")
        long = {}
        for path, source in self.read.items():
            for function in source.functions:
                if function.lines > MOST_FUNCTION_LINES:
                    long[path, function.name] = function.line, function.lines
        for path in self.tree.files:
            if path.endswith(".py") or self.tree.text(path).startswith("#!/usr/bin/env python3"):
                for node in ast.walk(ast.parse(self.tree.text(path), path)):
                    if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= MOST_FUNCTION_LINES:
                        long[path, node.name] = node.lineno, node.end_lineno - node.lineno + 1
        for (path, name), (line, lines) in long.items():
            if (path, name) not in listed:
                self.find(path, line, f"{name} has {lines} lines; at most {MOST_FUNCTION_LINES} are allowed")
        for (path, name), number in listed.items():
            if (path, name) not in long:
                self.find(LONG_FUNCTIONS, number, f"{name} in {path} is not long: delete the entry")


def circles_of(arrows):
    """One circle of each strongly connected component, the shortest through its first node."""
    def reached_from(start, graph):
        seen, waiting = set(), [start]
        while waiting:
            for following in graph.get(waiting.pop(), ()):
                if following not in seen:
                    seen.add(following)
                    waiting.append(following)
        return seen

    backwards = {}
    for node, following in arrows.items():
        for other in following:
            backwards.setdefault(other, set()).add(node)
    done, circles = set(), []
    for start in sorted(arrows):
        if start in done:
            continue
        component = reached_from(start, arrows) & reached_from(start, backwards)
        if start in component:
            done |= component
            circles.append(shortest_circle(start, arrows, component))
    return circles


def shortest_circle(start, arrows, component):
    ways = [[start]]
    while True:
        longer = []
        for way in ways:
            for following in sorted(arrows.get(way[-1], ())):
                if following == start:
                    return way
                if following in component and following not in way:
                    longer.append([*way, following])
        ways = longer


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
    findings = Checks(root).run()
    for finding in findings:
        print(finding)
    if findings:
        sys.exit(f"{len(findings)} findings")
    print("no forbidden include, no circle; names and sizes are as agreed")


if __name__ == "__main__":
    main()

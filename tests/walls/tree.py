"""The files of the project and the folders that CMake declares."""
import os
import pathlib
import re

PARTS = ("engine", "datasets", "offline_search", "plugin")
SOURCE_ENDINGS = (".h", ".hpp", ".c", ".cpp")
# Built or computed, not written.
NOT_OURS = {"build", "out", "generated", "__pycache__"}


def files_below(root):
    """Paths of all files of the project relative to root, sorted."""
    found = []
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = [s for s in subfolders if s not in NOT_OURS and (not s.startswith(".") or s == ".ci")]
        relative = os.path.relpath(folder, root)
        found += [name if relative == "." else f"{relative}/{name}" for name in names]
    return sorted(found)


class Tree:
    """Reads each file once."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.files = files_below(root)
        self._texts = {}

    def text(self, path):
        """The file's text; empty for a file that is not UTF-8."""
        if path not in self._texts:
            try:
                self._texts[path] = (self.root / path).read_bytes().decode()
            except UnicodeDecodeError:
                self._texts[path] = ""
        return self._texts[path]

    def sources(self, *parts):
        """C and C++ files, of these top-level folders only where any are named."""
        return [f for f in self.files if f.endswith(SOURCE_ENDINGS) and (not parts or f.split("/")[0] in parts)]


def folder_of(path):
    return path.rpartition("/")[0]


def _arguments(text, variables):
    """The arguments of a CMake call, with ${variables} replaced by their lists."""
    for name, value in variables.items():
        text = text.replace("${" + name + "}", value)
    return text.split()


def declared_folders(tree):
    """Folder → the folders that its gruve_folder or gruve_juce_folder line names after MAY_INCLUDE."""
    declared = {}
    for path in tree.files:
        if path.rpartition("/")[2] != "CMakeLists.txt":
            continue
        text = re.sub(r"#.*", "", tree.text(path))
        variables = dict(re.findall(r"\bset\((\w+)\s+([^()]*)\)", text))
        for call in re.findall(r"\bgruve(?:_juce)?_folder\(([^()]*)\)", text):
            folder, *rest = _arguments(call, variables)
            if "/" not in folder or "$" in folder:
                continue  # the functions' own definitions
            may_include = []
            if "MAY_INCLUDE" in rest:
                for argument in rest[rest.index("MAY_INCLUDE") + 1:]:
                    if argument in ("LINK", "SOURCES", "APART", "OBJECT"):
                        break
                    may_include.append(argument)
            declared[folder] = may_include
    return declared

#!/usr/bin/env python3
"""Draws docs/architecture.svg: the folders of the source tree as boxes, their includes as arrows.

    docs/draw_architecture.py            write docs/architecture.svg
    docs/draw_architecture.py --check    say whether the committed picture is current (status 1 if it isn't)

The boxes are the folders that hold sources. The arrows are the `#include "folder/file.h"` lines. An arrow that follows
from others is left out (where a → b and b → c are drawn, a → c isn't). An include of another top-level folder is a dot
in the box, and a thick arrow joins the two top-level folders. An include that the folder's MAY_INCLUDE list in
CMakeLists.txt does not allow is red. Needs nothing but Python 3.
"""
import argparse
import collections
import html
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs/architecture.svg"
TOPS = {"plugin": "#7a4fb5", "offline_search": "#b5631f", "engine": "#2468a8", "datasets": "#2e7d4f"}

BOX_WIDTH, BOX_HEIGHT, LANE_WIDTH, GAP = 128, 32, 10, 16
LEVEL_HEIGHT, MARGIN, HEADER = 68, 24, 34
SOURCES = (".h", ".cpp", ".c")


# What the tree says.

def folders():
    """Every folder that holds sources or headers."""
    return {path.parent.relative_to(ROOT).as_posix()
            for top in TOPS for path in (ROOT / top).rglob("*") if path.suffix in SOURCES}


def includes(known):
    """Pairs (folder, folder that it includes)."""
    pairs = set()
    for folder in known:
        for path in sorted((ROOT / folder).iterdir()):
            if path.suffix not in SOURCES:
                continue
            for name in re.findall(r'^\s*#include "([^"]+)/[^"/]+"', path.read_text(), re.MULTILINE):
                if name in known and name != folder:
                    pairs.add((folder, name))
    return pairs


def allowed():
    """Folder → the folders in its MAY_INCLUDE list."""
    lists = {}
    for path in sorted(ROOT.glob("*/**/CMakeLists.txt")):
        text = re.sub(r"#.*", "", path.read_text())
        variables = {name: value.split() for name, value in re.findall(r"\bset\((\w+)\s+([^)]*)\)", text)}
        for call in re.findall(r"\bgruve_(?:juce_)?folder\(([^)]*)\)", text):
            words = call.split()
            if words[0].startswith("$"):
                continue
            mine, listing = [], False
            for word in words[1:]:
                if word in ("MAY_INCLUDE", "LINK", "SOURCES", "APART", "OBJECT"):
                    listing = word == "MAY_INCLUDE"
                elif listing:
                    variable = re.fullmatch(r"\$\{(\w+)\}", word)
                    mine += variables.get(variable.group(1), []) if variable else [word]
            lists[words[0]] = mine
    return lists


def top_of(folder):
    return folder.split("/")[0]


def levels_of(nodes, edges):
    """Node → 0 where it includes none of the others, else one more than the highest that it includes.

    Ends the program where nodes include each other in a circle."""
    below = {node: [b for a, b in edges if a == node] for node in nodes}
    levels, path = {}, []

    def level(node):
        if node in path:
            circle = " → ".join(path[path.index(node):] + [node])
            sys.exit(f"draw_architecture: these folders include each other: {circle}")
        if node not in levels:
            path.append(node)
            levels[node] = max((level(other) + 1 for other in below[node]), default=0)
            path.pop()
        return levels[node]

    for node in nodes:
        level(node)
    return levels


def without_implied(edges):
    """The edges that no chain of other edges stands for."""
    below = collections.defaultdict(set)
    for a, b in edges:
        below[a].add(b)

    def reaches(a, b):
        return any(c == b or reaches(c, b) for c in below[a])

    return {(a, b) for a, b in edges if not any(c != b and reaches(c, b) for c in below[a])}


# Where it is drawn: boxes in rows by level, few crossings, arrows in lanes between the boxes.

class Panel:
    """The folders of one top-level folder. `x` and `y` of an item are its centre, relative to the panel."""

    def __init__(self, top, known, edges):
        self.top = top
        nodes = sorted(folder for folder in known if top_of(folder) == top)
        self.levels = levels_of(nodes, edges)
        self.edges = sorted(without_implied(edges))
        self.rows = [[] for _ in range(max(self.levels.values()) + 1)]
        for node in nodes:
            self.rows[self.levels[node]].append(node)
        self.paths = [self.path(a, b) for a, b in self.edges]
        self.order()
        self.place()

    def path(self, a, b):
        """The items that an arrow passes: its ends, and a lane in every row between."""
        lanes = [(a, b, row) for row in range(self.levels[a] - 1, self.levels[b], -1)]
        for lane in lanes:
            self.rows[lane[2]].append(lane)
        return [a, *lanes, b]

    def neighbours(self, towards):
        """Item → the items that it is joined with in the row above (towards = 1) or below (−1)."""
        joined = collections.defaultdict(list)
        for path in self.paths:
            for upper, lower in zip(path, path[1:]):
                joined[lower if towards > 0 else upper].append(upper if towards > 0 else lower)
        return joined

    def crossings(self):
        total = 0
        place = {item: i for row in self.rows for i, item in enumerate(row)}
        lines = collections.defaultdict(list)
        for path in self.paths:
            for row, (upper, lower) in enumerate(zip(path, path[1:])):
                lines[self.levels[path[0]] - row].append((place[upper], place[lower]))
        for row in lines.values():
            total += sum((a - c) * (b - d) < 0 for i, (a, b) in enumerate(row) for c, d in row[:i])
        return total

    def order(self):
        best, fewest = [row[:] for row in self.rows], self.crossings()
        for sweep in range(40):
            towards = 1 if sweep % 2 == 0 else -1
            joined = self.neighbours(towards)
            numbers = range(len(self.rows))
            for number in reversed(numbers) if towards > 0 else numbers:
                other = number + towards
                if not 0 <= other < len(self.rows):
                    continue
                place = {item: i for i, item in enumerate(self.rows[other])}
                row = self.rows[number]
                mean = {item: sum(place[n] for n in joined[item]) / len(joined[item]) if joined[item] else i
                        for i, item in enumerate(row)}
                row.sort(key=lambda item: mean[item])
            if self.crossings() < fewest:
                best, fewest = [row[:] for row in self.rows], self.crossings()
        self.rows = best

    def place(self):
        width = lambda item: LANE_WIDTH if isinstance(item, tuple) else BOX_WIDTH
        self.x = {}
        for row in self.rows:
            at = 0
            for item in row:
                self.x[item] = at + width(item) / 2
                at += width(item) + GAP
        joined = self.neighbours(1)
        for item, others in self.neighbours(-1).items():
            joined[item] = joined[item] + others
        for _ in range(60):
            for row in self.rows:
                wanted = [sum(self.x[n] for n in joined[item]) / len(joined[item]) if joined[item] else self.x[item]
                          for item in row]
                apart = [(width(a) + width(b)) / 2 + GAP for a, b in zip(row, row[1:])]
                right, left = wanted[:], wanted[:]
                for i, distance in enumerate(apart):
                    right[i + 1] = max(right[i + 1], right[i] + distance)
                for i in reversed(range(len(apart))):
                    left[i] = min(left[i], left[i + 1] - apart[i])
                for item, a, b in zip(row, right, left):
                    self.x[item] = (a + b) / 2
        first = min(self.x[item] - width(item) / 2 for item in self.x)
        for item in self.x:
            self.x[item] += MARGIN - first
        self.width = max(self.x[item] + width(item) / 2 for item in self.x) + MARGIN
        self.height = HEADER + LEVEL_HEIGHT * len(self.rows)
        self.y = {item: HEADER + LEVEL_HEIGHT * (len(self.rows) - 1 - number) + LEVEL_HEIGHT / 2 - 8
                  for number, row in enumerate(self.rows) for item in row}


# How it is written down.

def text(x, y, words, size=13, colour="#222", anchor="middle", weight="normal"):
    return (f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" fill="{colour}" text-anchor="{anchor}" '
            f'font-weight="{weight}">{html.escape(words)}</text>')


def curve(points, colour, forbidden):
    """A smooth line down through `points`, an arrow at its end."""
    (x, y), *rest = points
    parts = [f"M {x:.0f} {y:.0f}"]
    for next_x, next_y in rest:
        middle = (y + next_y) / 2
        parts.append(f"C {x:.0f} {middle:.0f} {next_x:.0f} {middle:.0f} {next_x:.0f} {next_y:.0f}")
        x, y = next_x, next_y
    colour, width, marker = ("#c00000", 2.5, "red") if forbidden else (colour, 1.3, "arrow")
    return (f'<path d="{" ".join(parts)}" fill="none" stroke="{colour}" stroke-width="{width}" '
            f'marker-end="url(#{marker})"/>')


def draw_panel(panel, left, top, pairs, rules):
    colour = TOPS[panel.top]
    out = [f'<rect x="{left:.0f}" y="{top:.0f}" width="{panel.width:.0f}" height="{panel.height:.0f}" rx="10" '
           f'fill="{colour}" fill-opacity="0.07" stroke="{colour}" stroke-width="1.5"/>',
           text(left + 14, top + 23, panel.top + "/", 16, colour, "start", "bold")]
    half = BOX_HEIGHT / 2
    forbids = lambda a, b: a in rules and b not in rules[a]
    for path in panel.paths:
        points = [(left + panel.x[path[0]], top + panel.y[path[0]] + half)]
        for lane in path[1:-1]:
            x, y = left + panel.x[lane], top + panel.y[lane]
            points += [(x, y - half), (x, y + half)]
        points.append((left + panel.x[path[-1]], top + panel.y[path[-1]] - half - 4))
        out.append(curve(points, "#777", forbids(path[0], path[-1])))
    for folder in sorted(panel.levels):
        x, y = left + panel.x[folder], top + panel.y[folder]
        out.append(f'<rect x="{x - BOX_WIDTH / 2:.0f}" y="{y - half:.0f}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" '
                   f'rx="6" fill="#fff" stroke="{colour}"/>')
        name = folder[len(panel.top) + 1:] or "main.cpp"
        if name.count("/") > 1:
            name = "…/" + "/".join(name.split("/")[-2:])
        out.append(text(x, y + 5, name, 13 if len(name) <= 15 else 12 if len(name) <= 18 else 11))
        elsewhere = [b for a, b in pairs if a == folder and top_of(b) != panel.top]
        for i, other in enumerate(sorted({top_of(b) for b in elsewhere})):
            red = any(top_of(b) == other and forbids(folder, b) for b in elsewhere)
            out.append(f'<circle cx="{x + BOX_WIDTH / 2 - 9 - 12 * i:.0f}" cy="{y + half:.0f}" r="4.5" '
                       f'fill="{"#c00000" if red else TOPS[other]}"/>')
    return out


def thick(x1, y1, x2, y2):
    middle = (y1 + y2) / 2
    return (f'<path d="M {x1:.0f} {y1:.0f} C {x1:.0f} {middle:.0f} {x2:.0f} {middle:.0f} {x2:.0f} {y2 - 6:.0f}" '
            f'fill="none" stroke="#444" stroke-width="4" marker-end="url(#thick)"/>')


def draw():
    known = folders()
    pairs, rules = includes(known), allowed()
    inside = {top: {(a, b) for a, b in pairs if top_of(a) == top_of(b) == top} for top in TOPS}
    panels = {top: Panel(top, known, inside[top]) for top in TOPS}
    across = {(top_of(a), top_of(b)) for a, b in pairs} - {(top, top) for top in TOPS}
    plugin, search, engine, datasets = (panels[top] for top in ("plugin", "offline_search", "engine", "datasets"))

    space, title = 70, 96
    upper = title + max(plugin.height, search.height)  # the lower edge of the upper two
    right = MARGIN + max(plugin.width, engine.width) + space
    at = {"plugin": (MARGIN, upper - plugin.height), "offline_search": (right, upper - search.height),
          "engine": (MARGIN, upper + space), "datasets": (right + max(0, search.width - datasets.width), upper + space)}
    width = right + max(search.width, datasets.width) + MARGIN
    height = upper + space + max(engine.height, datasets.height) + MARGIN

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
           f'height="{height:.0f}" font-family="Helvetica, Arial, sans-serif">',
           "<!-- Written by docs/draw_architecture.py from the tree's own #include lines. -->",
           '<defs>']
    for name, colour, size in (("arrow", "#777", 7), ("red", "#c00000", 5), ("thick", "#444", 3.2)):
        out.append(f'<marker id="{name}" viewBox="0 0 10 10" refX="6" refY="5" markerWidth="{size}" '
                   f'markerHeight="{size}" orient="auto"><path d="M 0 0 L 10 5 L 0 10 z" fill="{colour}"/></marker>')
    out += ["</defs>", f'<rect width="{width:.0f}" height="{height:.0f}" fill="#fff"/>',
            text(MARGIN, 34, "Who includes whom", 20, "#222", "start", "bold"),
            text(MARGIN, 56, "An arrow points from the folder that includes to the folder that is included: downwards.",
                 12, "#555", "start"),
            text(MARGIN, 72, "Arrows that follow from others are left out.", 12, "#555", "start")]
    dot_x = MARGIN + 5
    for top, words in (("engine", "includes headers of engine/"), ("datasets", "includes headers of datasets/")):
        out.append(f'<circle cx="{dot_x:.0f}" cy="86" r="4.5" fill="{TOPS[top]}"/>')
        out.append(text(dot_x + 9, 90, words, 12, "#555", "start"))
        dot_x += 190
    for number, (a, b) in enumerate(sorted(across)):
        (ax, ay), (bx, by) = at[a], at[b]
        low, high = max(ax, bx), min(ax + panels[a].width, bx + panels[b].width)
        if ay < by and low < high:  # one above the other
            x = (low + high) / 2
            out.append(thick(x, ay + panels[a].height, x, by))
        else:
            out.append(thick(ax + 60, ay + panels[a].height, bx + panels[b].width - 40 - 30 * number, by))
    for top, panel in panels.items():
        out += draw_panel(panel, *at[top], pairs, rules)
    return "\n".join(out + ["</svg>"]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare the committed picture with the tree")
    options = parser.parse_args()
    picture = draw()
    if not options.check:
        PICTURE.write_text(picture)
    elif not PICTURE.exists() or PICTURE.read_text() != picture:
        sys.exit("docs/architecture.svg doesn't show the present tree; draw it anew with docs/draw_architecture.py")


if __name__ == "__main__":
    main()

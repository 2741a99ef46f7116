#!/usr/bin/env python3
"""Every link, file and option of gruve that the pages name exists.

    tests/style/pages.py GRUVE [ROOT]        GRUVE: the built command, which is asked for its options

Pages are README.md, CONTRIBUTING.md, docs/*.md and presets/README.md. The script checks relative links and their
headings. In code it checks paths below a folder of the project, names of sources, gruve's commands and their options,
and options that stand alone. It passes over a path with a word in capitals (DATA, NAME) or an ellipsis.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else pathlib.Path(__file__).resolve().parents[2])
PAGES = ["README.md", "CONTRIBUTING.md", *sorted(str(p.relative_to(ROOT)) for p in ROOT.glob("docs/*.md")),
         "presets/README.md"]
PLACEHOLDER = re.compile(r"(?<![A-Za-z])[A-Z]{2,}(?![a-z])|[…<>]|(?<![A-Za-z])N(?![A-Za-z])")
FOREIGN_OPTIONS = ("--benchmark_", "--run_test")

PLANTED = """# A page

[gone](docs/no_such_page.md) and [no heading](#no-such-heading), but [here](#a-page) is one.
`engine/no_such_file.h`, `no_such_source.cpp`, `gruve no-such-command`, `--no-such-option`.

    gruve train --no-such-switch 3 \\
        --no-such-switch-either | gruve info engine/NAME.h
    build/release/bin/no_such_program
"""
EXPECTED = ["no_such_page.md", "#no-such-heading", "engine/no_such_file.h", "no_such_source.cpp",
            "gruve no-such-command", "--no-such-option", "train --no-such-switch", "train --no-such-switch-either",
            "bin/no_such_program"]


def options_of_gruve(gruve):
    """Command → its options."""
    def help_of(*command):
        return subprocess.run([gruve, *command, "--help"], capture_output=True, text=True, check=True).stdout

    commands = re.findall(r"^  ([a-z][a-z-]*)(?:\s|$)", help_of().partition("Subcommands:")[2], re.M)
    if not commands:
        sys.exit(f"{gruve} --help lists no commands")
    option = re.compile(r"^  (?:-\w,)?((?:--[\w-]+,?)+)", re.M)
    return {command: {name for names in option.findall(help_of(command)) for name in names.strip(",").split(",")}
            for command in commands}


def code_of(text):
    """(line, code) of every code span and of every line of a code block; a line that ends in \\ goes on in the next."""
    fenced, kept, kept_line = False, "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif fenced or re.match(r" {4}\S", line) or (kept and line.strip()):
            kept_line = kept_line if kept else number
            kept += line
            if kept.endswith("\\"):
                kept = kept[:-1]
                continue
            yield kept_line, kept
        else:
            for span in re.findall(r"`([^`]+)`", line):
                yield number, span
        kept = ""


def slug(heading):
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


class Pages:
    def __init__(self, gruve):
        self.options = options_of_gruve(gruve)
        skipped = {"build", "out", ".git"}
        self.files = [p.relative_to(ROOT) for top in ROOT.iterdir() if top.name not in skipped
                      for p in ([top] if top.is_file() else top.rglob("*")) if p.is_file()]
        self.folders = {p.name for p in ROOT.iterdir() if p.is_dir()} | {"build"} - {"out"}
        self.names = {p.name for p in self.files}
        scripts = [p for p in self.files if (ROOT / p).read_bytes()[:2] == b"#!" and p.parts[:2] != ("tests", "style")]
        cmake = [p for p in self.files if p.name == "CMakeLists.txt"]
        self.scripts = "\n".join((ROOT / p).read_text() for p in scripts)
        self.cmake = "\n".join((ROOT / p).read_text() for p in cmake)

    def findings(self, page, text):
        found = [(line, sentence) for line, sentence in self.links(page, text)]
        for line, code in code_of(text):
            found += [(line, sentence) for sentence in [*self.paths(code), *self.commands(code)]]
        return [f"{page}:{line}: {sentence}" for line, sentence in found]

    def links(self, page, text):
        for match in re.finditer(r"\]\(([^()\s]+)\)", text):
            target, _, heading = match[1].partition("#")
            line = text.count("\n", 0, match.start()) + 1
            if "://" in target or target.startswith("mailto:"):
                continue
            file = (ROOT / page).parent / target if target else ROOT / page
            if not file.exists():
                yield line, f"links to {target}, which does not exist"
            elif heading:
                linked = text if not target else file.read_text()
                if heading not in map(slug, re.findall(r"^#+ (.*)$", linked, re.M)):
                    yield line, f"links to #{heading}, but {target or page} has no such heading"

    def paths(self, code):
        for token in re.findall(r"[^\s'\"`=(),;|$]+", code):
            token = re.sub(r":\d+$", "", token.removeprefix("./")).rstrip(".:")
            if re.fullmatch(r"[\w-]+\.(h|cpp|py|sh)", token) and not PLACEHOLDER.search(token):
                if token not in self.names:
                    yield f"names {token}, which does not exist"
            if "/" not in token or token.split("/")[0] not in self.folders or not self.is_missing(token):
                continue
            if not PLACEHOLDER.search(token):
                yield f"names {token}, which does not exist"

    def is_missing(self, path):
        if path.startswith("build/"):
            program = re.fullmatch(r"build/\w+/bin/([\w.-]+)", path)
            if program:
                folder = program[1].removesuffix("_tests")  # gruve_test_folder(engine …) makes engine_tests
                return not re.search(rf"\b({re.escape(program[1])}|gruve_test_folder\({folder})\b", self.cmake)
            return not (ROOT / path).exists() and (ROOT / "/".join(path.split("/")[:3])).exists()
        variants = [path]
        while any("{" in v for v in variants):
            variants = [v.replace(braces[0], choice, 1) for v in variants
                        for braces in [re.search(r"\{([^{}]*)\}", v)] for choice in braces[1].split(",")]
        return not all((ROOT / v).exists() or ("*" in v and any(ROOT.glob(v))) for v in variants)

    def commands(self, code):
        if re.match(r"--[a-z]", code):
            option = re.match(r"--[\w-]+", code)[0]
            known = any(option in options for options in self.options.values()) or option in ("--help", "--version")
            if not known and not option.startswith(FOREIGN_OPTIONS) and option not in self.scripts:
                yield f"names {option}, which is an option of nothing here"
        for command, rest in re.findall(r"(?<![\w.-])gruve +([a-z][\w-]*)([^|;&#>]*)", code):
            if command not in self.options:
                yield f"names gruve {command}, which is no command"
                continue
            for option in re.findall(r"(?<!\S)--[a-z][\w-]*", rest):
                if option not in self.options[command] | {"--help"}:
                    yield f"names gruve {command} {option}, which is no option of it"


def main():
    pages = Pages(sys.argv[1])
    seen = "\n".join(pages.findings("README.md", PLANTED))
    missed = [sentence for sentence in EXPECTED if sentence not in seen]
    if missed or "a-page" in seen or "NAME" in seen:
        sys.exit(f"of the planted page this was not seen: {missed}; seen was\n{seen}")
    findings = [finding for page in PAGES if (ROOT / page).exists() for finding in
                pages.findings(page, (ROOT / page).read_text())]
    print("\n".join(findings) if findings else f"{len(PAGES)} pages: all links, files and options exist")
    if findings:
        sys.exit(f"{len(findings)} findings")


if __name__ == "__main__":
    main()

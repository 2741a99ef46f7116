"""A light reader of C and C++: includes, functions with their lengths, declarations.

It needs neither a compiler nor a build folder. It knows what a brace opens from the text before it, which is enough for
code that clang-format has laid out; it is no parser.
"""
import bisect
import re

_HIDDEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<d>[^()\s\\]{0,16})\(.*?\)(?P=d)"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])*'", re.S)
_INCLUDE = re.compile(r"^[ \t]*#[ \t]*include\b", re.M)
_PREPROCESSOR = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", re.M)
_PIECE = re.compile(r"[{};]")


def _blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def without_comments(text):
    """The text with comments and literals replaced by blanks: every line and column stays where it is."""
    return _HIDDEN.sub(_blank, text)


def includes(text):
    """(line, path, with angle brackets) of every #include that is neither in a comment nor in a string."""
    visible, found = without_comments(text), []
    for match in _INCLUDE.finditer(visible):
        path = re.match(r'[ \t]*(["<])([^">\n]+)[">]', text[match.end():match.end() + 300])
        if path:
            found.append((text.count("\n", 0, match.start()) + 1, path[2], path[1] == "<"))
    return found


def _flat(head):
    """A declaration without what stands in brackets: f(int a[2]) becomes f(), v<T, 3> becomes v."""
    head = re.sub(r"operator\s*(\(\)|[^\s\w(]+)", "operator_", head)
    for brackets, left in ((r"\[[^\[\]]*\]", "\1"), (r"\([^()]*\)", "\2"), (r"<[^<>;{}]*>", "")):
        last = None
        while head != last:
            last, head = head, re.sub(brackets, left, head)
    return head.replace("\1", "[]").replace("\2", "()")


def _kind(head):
    """What the brace after this text opens: scope, function, members (a constructor's initialiser) or values."""
    flat = _flat(head).strip()
    flat = re.sub(r"^(?:template|requires\s*\(\)|requires\s+[\w:]+|public:|private:|protected:|\s)+", "", flat)
    if re.match(r"(inline\s+)?namespace\b", flat) or re.match(r'extern\s*$', flat):
        return "scope"
    returns_a_type = re.search(r"\w\s*\(\)\s*(const|noexcept|\s)*$", flat)  # struct stat status() {
    if re.match(r"(typedef\s+|static\s+|const\s+)*(class|struct|union|enum)\b", flat) and not returns_a_type:
        return "scope"
    if re.search(r"\[\]\s*(\(\))?\s*(mutable|constexpr|noexcept|->[\w:\s*&]+|\s)*$", flat) and "=" in flat:
        return "function"
    if "=" in flat or "()" not in flat or flat.startswith("concept") or flat.endswith("requires"):
        return "values"
    if re.search(r"\)[^():]*(?<!:):(?!:)", flat) and re.search(r"[\w>]$", flat):
        return "members"
    return "function"


def _name(head):
    head = re.sub(r"^\s*(template\s*<.*?>\s*(requires[^;{]*?)?)", "", head, flags=re.S)
    test = re.search(r"\bBOOST_\w*TEST_CASE\w*\s*\(\s*(\w+)", head)
    if test:
        return test[1]
    function_object = re.search(r"([\w:]+)\s*=\s*\[", head)
    if function_object:
        return function_object[1]
    for called in re.finditer(r"(operator\s*(?:\(\)|[^\s\w(]+)|~?[\w]+(?:<[\w:, ]*>)?(?:::~?\w+)*)\s*\(", head):
        if called[1] not in ("alignas", "noexcept", "decltype", "requires", "__attribute__", "explicit"):
            return called[1]
    return "?"


class Function:
    """A function's definition: its name as written, the line of its opening brace, its lines from that brace to the
    closing one, and whether it needs no declaration in a header."""

    def __init__(self, name, line, lines, is_local):
        self.name, self.line, self.lines, self.is_local = name, line, lines, is_local


class Source:
    """What one file defines and declares. A lambda inside another function counts as part of that function."""

    def __init__(self, text):
        visible = _PREPROCESSOR.sub(_blank, without_comments(text))
        self._newlines = [m.start() for m in re.finditer(r"\n", visible)]
        self.functions, self.declared, self.classes = [], {}, {}
        self._scopes, head_start, kept, index = [], 0, "", 0
        pieces = list(_PIECE.finditer(visible))
        closing = self._closing_braces(pieces)
        while index < len(pieces):
            piece = pieces[index]
            head = kept + visible[head_start:piece.start()]
            kept = ""
            if piece.group() == "{" and index in closing:
                kind = _kind(head)
                if kind == "scope":
                    self._enter(head, piece.start())
                else:
                    index = closing[index]
                    if kind == "function":
                        self._add(head, piece.start(), pieces[index].start())
                    else:
                        kept = head + (" " if kind == "members" else " = ")
                    piece = pieces[index]
            elif piece.group() == "}" and self._scopes:
                self._scopes.pop()
            elif piece.group() == ";":
                self._declare(head, piece.start())
            head_start = piece.end()
            index += 1

    @staticmethod
    def _closing_braces(pieces):
        closing, open_braces = {}, []
        for index, piece in enumerate(pieces):
            if piece.group() == "{":
                open_braces.append(index)
            elif piece.group() == "}" and open_braces:
                closing[open_braces.pop()] = index
        return closing

    def _line_of(self, at):
        return bisect.bisect_left(self._newlines, at) + 1

    def _enter(self, head, at):
        kinds = r"\b(namespace|class|struct|union|enum)\b(?:\s+(?:alignas\(\)|class))?\s*([\w:]*)"
        match = re.search(kinds, _flat(head))
        self._scopes.append((match[1], match[2]) if match else ("namespace", "C"))
        if match and match[1] in ("class", "struct") and match[2]:
            self.classes[match[2]] = self._line_of(at)

    def _add(self, head, begin, end):
        first, last = self._line_of(begin), self._line_of(end)
        is_local = ("namespace", "") in self._scopes or any(kind != "namespace" for kind, _ in self._scopes)
        is_local = is_local or re.search(r"\b(static|inline|constexpr|template)\b", head) is not None
        self.functions.append(Function(_name(head), first, last - first + 1, is_local))

    def _declare(self, head, at):
        if all(kind == "namespace" for kind, _ in self._scopes) and "(" in head and "=" not in _flat(head):
            if not re.search(r"\b(using|typedef|static_assert|template|friend|return)\b", head):
                self.declared.setdefault(_name(head), self._line_of(at))

"""Marker expressions as text, read into diagrams.

The reader accepts what PEP 508 allows, and is as lenient as uv about clauses that say nothing (a version compared with
something that is no version, two variables compared with each other, ...): those are left out of the expression.

Most markers are a few clauses joined by ` and `; these are split as strings and each clause is looked up. Everything
else goes through `_Reader`, which walks the text once and reports where it went wrong.

Specification: PEP 508, docs/markers.md "Reading".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from mauve.errors import MauveError
from mauve.standards.markers.diagram import (
    FALSE,
    TRUE,
    extra_marker,
    is_possible,
    list_marker,
    macos_release_marker,
    string_marker,
    version_marker,
)
from mauve.standards.markers.variables import IMPLEMENTATION_VERSION, PYTHON_FULL_VERSION, STRINGS, spelled
from mauve.standards.names import InvalidName, normalise
from mauve.standards.version_sets import EMPTY, FULL, VersionSet, between, singleton
from mauve.standards.versions import InvalidVersion, after, parse_version, release_version

if TYPE_CHECKING:
    from mauve.standards.markers.diagram import Marker

Release: TypeAlias = tuple[int, ...]

_ALIASES: Final = {
    "os.name": "os_name",
    "sys.platform": "sys_platform",
    "platform.machine": "platform_machine",
    "platform.version": "platform_version",
    "platform.python_implementation": "platform_python_implementation",
    "python_implementation": "platform_python_implementation",
}
"""Spellings older than PEP 508."""

_VERSIONS: Final = {
    "python_version": PYTHON_FULL_VERSION,
    "python_full_version": PYTHON_FULL_VERSION,
    "implementation_version": IMPLEMENTATION_VERSION,
}
_LISTS: Final = ("extras", "dependency_groups")
_FLAT_NAMES: Final = frozenset((*STRINGS, *_VERSIONS, *_ALIASES, "extra"))
_NAMES: Final = _FLAT_NAMES.union(_LISTS)
_MIRRORED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!=", "~=": "~="}
_OPERATORS: Final = frozenset((*_MIRRORED, "in"))
"""Every operator but `not in`, which is two words."""

_SYSTEMS: Final = {
    "Windows": "win32",
    "Darwin": "darwin",
    "Linux": "linux",
    "AIX": "aix",
    "Emscripten": "emscripten",
    "Android": "android",
}
"""Values of `platform_system` that say the same as a value of `sys_platform`."""

_END: Final = "end of dependency specification"
_PYTHON_VERSION: Final = 2
"""Components of `python_version`."""


class InvalidMarker(MauveError):
    """The text is not a marker expression.

    Attributes:
        reason: what was expected, in one line.
        text: the whole text that was read.
        start: where in *text* it went wrong, in characters.
        length: how many characters are marked.
    """

    def __init__(self, reason: str, text: str, start: int, length: int = 1) -> None:
        """Describe the place."""
        super().__init__(reason, text, start, length)
        self.reason = reason
        self.text = text
        self.start = start
        self.length = length

    def __str__(self) -> str:
        """Return the reason, the text, and a line that marks the place."""
        mark = f"{' ' * self.start}{'^' * self.length}" if self.length else ""
        return f"{self.reason}\n{self.text}\n{mark}"


_known: dict[str, Marker] = {}
_clauses: dict[str, Marker | None] = {}


def parse_marker(text: str) -> Marker:
    """Return the marker of the expression *text*; each text is read once.

    Raises:
        InvalidMarker: *text* is not a marker expression.
    """
    known = _known.get(text)
    if known is None:
        known = _flat_expression(text)
        if known is None:
            known = _Reader(text).expression()
        # What is written holds somewhere or is never; what is computed from it may be impossible and not known to be.
        known = _known[text] = known if is_possible(known) else FALSE
    return known


def _flat_expression(text: str) -> Marker | None:
    """Return the marker of an expression with parentheses around single clauses only, or None if it has others.

    Splitting cannot cut a quoted string in two unnoticed: `_is_flat` takes a piece only if its quotes are closed, and
    if all pieces are closed then no separator was inside quotes.
    """
    result: Marker | None = None
    for alternative in text.split(" or "):
        conjunction: Marker | None = None
        for piece in alternative.split(" and "):
            if piece in _clauses:
                clause = _clauses[piece]
            else:
                words = (piece[1:-1] if piece[:1] == "(" and piece[-1] == ")" else piece).split()
                if len(words) != len(("name", "operator", "value")) or not _is_flat(*words):
                    return None
                clause = _clauses[piece] = _named_clause(words[0], words[1], words[2][1:-1])
            if clause is not None:
                conjunction = clause if conjunction is None else conjunction & clause
        if conjunction is not None:
            result = conjunction if result is None else result | conjunction
    return TRUE if result is None else result


def _is_flat(name: str, operator: str, value: str) -> bool:
    return (
        name in _FLAT_NAMES
        and operator in _OPERATORS
        and value[0] in "'\""
        and len(value) > 1
        and value.find(value[0], 1) == len(value) - 1
    )


class _Reader:
    """Walks over one expression; `position` is the next character."""

    __slots__ = ("position", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def expression(self) -> Marker:
        """Return the marker of the whole text."""
        result = self._alternatives()
        self._skip_blanks()
        if self.position < len(self.text):
            found = self.text[self.position]
            raise InvalidMarker(
                f"Unexpected character '{found}', expected 'and', 'or' or end of input",
                self.text,
                self.position,
                len(self.text) - self.position,
            )
        return TRUE if result is None else result

    def _alternatives(self) -> Marker | None:
        result = self._conjunction()
        while self._take_word("or"):
            other = self._conjunction()
            if other is not None:
                result = other if result is None else result | other
        return result

    def _conjunction(self) -> Marker | None:
        result = self._term()
        while self._take_word("and"):
            other = self._term()
            if other is not None:
                result = other if result is None else result & other
        return result

    def _term(self) -> Marker | None:
        self._skip_blanks()
        opening = self.position
        if not self.text.startswith("(", opening):
            return self._clause()
        self.position += 1
        result = self._alternatives()
        self._expect(")", opening)
        return result

    def _clause(self) -> Marker | None:
        self._skip_blanks()
        start = self.position
        left, left_is_name = self._operand()
        self._skip_blanks()
        operator = self._operator()
        self._skip_blanks()
        right, right_is_name = self._operand()
        reason = _misplaced_list(left if left_is_name else "", operator, right if right_is_name else "")
        if reason is not None:
            raise InvalidMarker(reason, self.text, start, self.position - start)
        if left_is_name and not right_is_name:
            return _named_clause(left, operator, right)
        if right_is_name and not left_is_name:
            return _mirrored_clause(left, operator, right)
        return None

    def _operand(self) -> tuple[str, bool]:
        """Return the next operand's text, and whether it is a name (else the inside of quotes)."""
        text, start = self.text, self.position
        if start >= len(text):
            raise InvalidMarker(f"Expected marker value, found {_END}", text, start)
        quote = text[start]
        if quote in "'\"":
            end = text.find(quote, start + 1)
            if end < 0:
                raise InvalidMarker(f"Expected '{quote}', found {_END}", text, start)
            self.position = end + 1
            return text[start + 1 : end], False
        name = self._take_until(">=<!~)")
        if name not in _NAMES:
            raise InvalidMarker(
                f"Expected a quoted string or a valid marker name, found `{name}`", text, start, len(name)
            )
        return name, True

    def _operator(self) -> str:
        text, start = self.text, self.position
        if text[start : start + 1].isalpha():
            operator = self._take_until("'\"")
        else:
            while self.position < len(text) and text[self.position] in "<=>~!":
                self.position += 1
            operator = text[start : self.position]
        if operator == "not":
            return self._negated_operator()
        if operator not in _OPERATORS:
            reason = f"Expected a valid marker operator (such as `>=` or `not in`), found `{operator}`"
            # Nothing to mark is marked at the end of the text only.
            raise InvalidMarker(reason, text, start, len(operator) or int(start == len(text)))
        return operator

    def _negated_operator(self) -> str:
        text = self.text
        if self.position >= len(text):
            raise InvalidMarker("Expected whitespace after 'not', found end of input", text, self.position)
        if not text[self.position].isspace():
            raise InvalidMarker(f"Expected whitespace after `not`, found `{text[self.position]}`", text, self.position)
        self._skip_blanks()
        self._expect("i", self.position)
        self._expect("n", self.position)
        return "not in"

    def _skip_blanks(self) -> None:
        text, position = self.text, self.position
        while position < len(text) and text[position].isspace():
            position += 1
        self.position = position

    def _take_until(self, stops: str) -> str:
        """Take everything before a blank or one of *stops*."""
        text, start = self.text, self.position
        position = start
        while position < len(text) and not text[position].isspace() and text[position] not in stops:
            position += 1
        self.position = position
        return text[start:position]

    def _take_word(self, word: str) -> bool:
        """Take *word* if it comes next and a blank, a parenthesis or nothing follows."""
        self._skip_blanks()
        end = self.position + len(word)
        following = self.text[end : end + 1]
        if self.text.startswith(word, self.position) and (not following or following == "(" or following.isspace()):
            self.position = end
            return True
        return False

    def _expect(self, character: str, blamed: int) -> None:
        """Take *character*; if the text ends here, the fault is at *blamed*."""
        text, position = self.text, self.position
        if position >= len(text):
            raise InvalidMarker(f"Expected '{character}', found {_END}", text, blamed)
        if text[position] != character:
            raise InvalidMarker(f"Expected `{character}`, found `{text[position]}`", text, position)
        self.position = position + 1


def _misplaced_list(left: str, operator: str, right: str) -> str | None:
    """Return what is wrong with a clause about a list; *left* and *right* are empty unless they are names."""
    if left in _LISTS:
        return f"The marker {left} must be on the right hand side of the expression"
    if right in _LISTS and operator not in {"in", "not in"}:
        return (
            f"The operator {operator} is not supported with the marker {right}, "
            "only the `in` and `not in` operators are supported"
        )
    return None


def _named_clause(name: str, operator: str, literal: str) -> Marker | None:
    """Return `name operator 'literal'`, or None if it says nothing."""
    name = _ALIASES.get(name, name)
    if name in STRINGS:
        return _string_clause(name, operator, literal)
    if name in _VERSIONS:
        return _version_clause(name, operator, literal)
    return _extra_clause(operator, literal) if name == "extra" else None


def _mirrored_clause(literal: str, operator: str, name: str) -> Marker | None:
    """Return `'literal' operator name`, or None if it says nothing."""
    name = _ALIASES.get(name, name)
    if operator in _MIRRORED:
        return _named_clause(name, _MIRRORED[operator], literal)
    if name in STRINGS:
        return string_marker(name, "contains" if operator == "in" else "not contains", literal)
    if name in _LISTS:
        return _list_clause(name, operator, literal)
    return None


def _extra_clause(operator: str, literal: str) -> Marker | None:
    if operator not in {"==", "!="}:
        return None
    try:
        extra = extra_marker(normalise(literal))
    except InvalidName:
        return FALSE
    return extra if operator == "==" else ~extra


def _list_clause(name: str, operator: str, literal: str) -> Marker:
    try:
        member = list_marker(name, normalise(literal))
    except InvalidName:
        # A name that nothing can have; kept as it is.
        member = list_marker(name, literal)
    return member if operator == "in" else ~member


def _string_clause(name: str, operator: str, literal: str) -> Marker | None:
    if name == "platform_system" and literal in _SYSTEMS and operator not in {"in", "not in"}:
        return string_marker("sys_platform", operator, _SYSTEMS[literal])
    textual = string_marker(name, operator, literal)
    if name == "platform_release" and textual is not None:
        versions = _versions(operator, literal)
        if versions is not None:
            # On macOS the release is that of the kernel, and compared as a version.
            macos = _one_platform("darwin")
            return (~macos & textual) | (macos & macos_release_marker(versions))
    return textual


def _one_platform(platform: str) -> Marker:
    marker = string_marker("sys_platform", "==", platform)
    assert marker is not None  # noqa: S101  # `==` always says something
    return marker


def _version_clause(name: str, operator: str, literal: str) -> Marker | None:
    """Return the clause of a version variable; None if *literal* is not what *operator* takes."""
    variable = _VERSIONS[name]
    if operator in {"in", "not in"}:
        members = EMPTY
        for word in literal.split():
            read = None if word.endswith(".*") else _read("==", word)
            if read is None:
                return None
            release = read[0]
            if name == "python_version":
                if len(_without_zeros(release)) > _PYTHON_VERSION:
                    return FALSE
                members |= _family(*_major_minor(release))
            else:
                members |= _point(release)
        marker = version_marker(variable, members)
        return marker if operator == "in" else ~marker
    versions = _python_versions(operator, literal) if name == "python_version" else _versions(operator, literal)
    return None if versions is None else version_marker(variable, versions)


def _read(operator: str, literal: str) -> tuple[Release, bool] | None:
    """Return the release of *literal* and whether it ended in `.*`; None if `operator literal` is no specifier."""
    literal = literal.strip()
    star = literal.endswith(".*")
    if star:
        literal = literal[:-2]
        if operator not in {"==", "!="}:
            return None
    try:
        version = parse_version(literal)
    except InvalidVersion:
        return None
    if version.text.replace(".", "").isdigit():
        # The common case, without the full parts of a version, which take a parser.
        release = tuple(map(int, version.text.split(".")))
    elif star or (version.is_local and operator not in {"==", "!="}):
        return None
    else:
        release = version.release
    return None if operator == "~=" and len(release) == 1 else (release, star)


def _versions(operator: str, literal: str) -> VersionSet | None:
    """Return the versions of a specifier, only releases considered; None if it is not valid."""
    read = _read(operator, literal)
    if read is None:
        return None
    release, star = read
    if star:
        family = _family(*release)
        return family if operator == "==" else ~family
    release = _without_zeros(release) if operator != "~=" else release
    return _compared(operator, release)


def _compared(operator: str, release: Release) -> VersionSet:
    version = release_version(release)
    match operator:
        case "==":
            return singleton(version)
        case "!=":
            return ~singleton(version)
        case "<":
            return ~VersionSet((version.key,))
        case "<=":
            return ~VersionSet((after(version),))
        case ">":
            return VersionSet((after(version),))
        case ">=":
            return VersionSet((version.key,))
        case _:
            return between(version.key, release_version((*release[:-2], release[-2] + 1)).key)


def _python_versions(operator: str, literal: str) -> VersionSet | None:
    """Return the full versions of Pythons whose first two components satisfy `operator literal`."""
    read = _read(operator, literal)
    if read is None:
        return None
    release, star = read
    major, minor = _major_minor(release)
    if len(_without_zeros(release)) > _PYTHON_VERSION:
        # Three components are never equal to two, but can be compared with them.
        match operator:
            case "<" | "<=":
                return _compared("<", (major, minor + 1))
            case ">" | ">=":
                return _compared(">=", (major, minor + 1))
            case _:
                # No more than uv does: `!=` with a family of three components never holds.
                return FULL if operator == "!=" and not star else EMPTY
    match operator:
        case "==" | "!=":
            family = _family(*release) if star and len(release) < _PYTHON_VERSION else _family(major, minor)
            return family if operator == "==" else ~family
        case ">":
            return _compared(">=", (major, minor + 1))
        case "<=":
            return _compared("<", (major, minor + 1))
        case "~=" if len(release) > _PYTHON_VERSION:
            return _family(major, minor)
        case "<" | ">=" if not major and not minor:
            # How a marker that never holds is written.
            return EMPTY if operator == "<" else FULL
        case _:
            return _compared(operator, (major, minor))


def _major_minor(release: Release) -> tuple[int, int]:
    return release[0], release[1] if len(release) > 1 else 0


def _without_zeros(release: Release) -> Release:
    length = len(release)
    while length > 1 and not release[length - 1]:
        length -= 1
    return release[:length]


def _point(release: Release) -> VersionSet:
    """Return the version *release* alone; rendered with its trailing zeros."""
    version = release_version(release)
    return VersionSet((spelled(version.key, version.text), spelled(after(version), version.text)))


def _family(*release: int) -> VersionSet:
    """Return the versions that start with *release*, which is rendered with its trailing zeros."""
    version = release_version(release)
    return between(spelled(version.key, version.text), release_version((*release[:-1], release[-1] + 1)).key)

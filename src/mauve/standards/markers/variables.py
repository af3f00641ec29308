"""The variables of markers: what each is called, what its values are, and where it stands in the diagram.

The values of a variable lie on a line, and a *cut* is a place on that line: an edge of a diagram runs from one cut to
the next. Three lines occur.

- Versions: the numbers of `mauve.standards.versions`.
- Strings: themselves. `text` is the cut below the value `text`; `text + AFTER` is the cut behind it, since no other
  string lies between the two. So strings need no wrapper, and cuts are compared as strings.
- Booleans: a single cut, `1`; below it is false, above it is true.

The order of the variables decides the shape of every diagram, and thereby the text that markers are rendered to; it
is part of the interface (docs/markers.md "Order").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from mauve.enumerations import IntEnum

if TYPE_CHECKING:
    from mauve.standards.versions import Key

    Cut: TypeAlias = Key | str

AFTER: Final = "\0"
"""Appended to a string to make the cut directly behind it."""

BOOLEAN_CUTS: Final = (1,)


class SpelledKey(int):
    """A cut of a version variable that is rendered with the trailing zeros it was written with."""

    text: str


def spelled(key: Key, text: str) -> Key:
    """Return the cut *key*, which belongs to the version *text*, so that trailing zeros of *text* are remembered."""
    if not text.endswith(".0") or not isinstance(key, int):
        return key
    cut = SpelledKey(key)
    cut.text = text
    return cut


class Kind(IntEnum):
    """What a variable ranges over; the numbers are the order of kinds in `order.sort_key`."""

    VERSION = 2
    STRING = 3
    IN = 4
    CONTAINS = 5
    LIST = 6
    EXTRA = 7


class Variable:
    """One variable. Interned: the same variable is the same object.

    Attributes:
        kind: what its values are.
        name: the name in marker expressions (`extra`, `extras` and `dependency_groups` included).
        literal: the fixed text of a boolean variable (`sys_platform in '<literal>'`, `extra == '<literal>'`).
        rank: position in diagrams; the smallest is the root.
    """

    __slots__ = ("kind", "literal", "name", "rank")

    kind: Kind
    name: str
    literal: str
    rank: tuple[int, str]

    def __init__(self, kind: Kind, name: str, position: int, literal: str = "") -> None:
        """Store the value; use the constants and functions of this module."""
        self.kind = kind
        self.name = name
        self.literal = literal
        self.rank = (position, literal)

    def __repr__(self) -> str:
        """Show what is decided."""
        return f"<{self.kind.name.lower()} {self.name} {self.literal}>".replace(" >", ">")


OS_NAME: Final = Variable(Kind.STRING, "os_name", 0)
SYS_PLATFORM: Final = Variable(Kind.STRING, "sys_platform", 1)
PLATFORM_SYSTEM: Final = Variable(Kind.STRING, "platform_system", 2)
PLATFORM_MACHINE: Final = Variable(Kind.STRING, "platform_machine", 3)
PLATFORM_PYTHON_IMPLEMENTATION: Final = Variable(Kind.STRING, "platform_python_implementation", 4)
PLATFORM_RELEASE: Final = Variable(Kind.STRING, "platform_release", 5)
PLATFORM_VERSION: Final = Variable(Kind.STRING, "platform_version", 6)
IMPLEMENTATION_NAME: Final = Variable(Kind.STRING, "implementation_name", 7)
PLATFORM_RELEASE_VERSION: Final = Variable(Kind.VERSION, "platform_release", 8)
"""The release of a macOS kernel, which is compared as a version."""
IMPLEMENTATION_VERSION: Final = Variable(Kind.VERSION, "implementation_version", 9)
PYTHON_FULL_VERSION: Final = Variable(Kind.VERSION, "python_full_version", 10)

_IN: Final = 20
_CONTAINS: Final = 40
_EXTRA: Final = 60
_LISTS: Final = {"extras": 70, "dependency_groups": 71}
LEAF: Final = Variable(Kind.EXTRA, "", 99)
"""Stands for the variable of the two leaves; behind every other."""

STRINGS: Final = {
    variable.name: variable
    for variable in (
        OS_NAME,
        SYS_PLATFORM,
        PLATFORM_SYSTEM,
        PLATFORM_MACHINE,
        PLATFORM_PYTHON_IMPLEMENTATION,
        PLATFORM_RELEASE,
        PLATFORM_VERSION,
        IMPLEMENTATION_NAME,
    )
}
"""The string variables by name."""

_booleans: dict[tuple[int, str], Variable] = {}


def _boolean(kind: Kind, name: str, position: int, literal: str) -> Variable:
    key = (position, literal)
    # One atomic step: the resolver and the thread that reads metadata both come here.
    return _booleans.get(key) or _booleans.setdefault(key, Variable(kind, name, position, literal))


def in_variable(name: str, literal: str) -> Variable:
    """Return the variable `<name> in '<literal>'` of a string variable's *name*."""
    return _boolean(Kind.IN, name, _IN + STRINGS[name].rank[0], literal)


def contains_variable(name: str, literal: str) -> Variable:
    """Return the variable `'<literal>' in <name>` of a string variable's *name*."""
    return _boolean(Kind.CONTAINS, name, _CONTAINS + STRINGS[name].rank[0], literal)


def extra_variable(name: str) -> Variable:
    """Return the variable `extra == '<name>'`."""
    return _boolean(Kind.EXTRA, "extra", _EXTRA, name)


def list_variable(name: str, literal: str) -> Variable:
    """Return the variable `'<literal>' in <name>`, where *name* is `extras` or `dependency_groups`."""
    return _boolean(Kind.LIST, name, _LISTS[name], literal)

"""The text of a marker: a short sum of products, sorted, with common terms factored out.

The text is a function of the marker alone, and equal to what uv 0.13 writes. It is made in four steps.

1. `canonical_form` replaces what cannot happen by its neighbour, so that impossible combinations leave no trace.
2. `_cubes` covers the diagram by an irredundant sum of products (Minato and Morreale), as a tree.
3. `_clauses` walks the tree and turns sets of values into terms such as `python_full_version >= '3.11'`; then terms
   and clauses are sorted.
4. `_factored` takes common leading terms out, if that makes the text shorter.

Specification: docs/markers.md "Rendering".
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct

from mauve.standards.markers.canonical import canonical_form
from mauve.standards.markers.diagram import (
    FALSE,
    TRUE,
    common_cells,
    plain_and,
    plain_or,
    reduced_node,
)
from mauve.standards.markers.variables import AFTER, PLATFORM_RELEASE_VERSION, Kind, SpelledKey
from mauve.standards.positions import release_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mauve.standards.markers.diagram import Marker
    from mauve.standards.markers.variables import Cut, Variable

NEVER: Final = "python_version < '0'"
"""How a marker that never holds is written."""

_NAMES_IN_ORDER: Final = (
    "implementation_version",
    "python_full_version",
    "implementation_name",
    "os_name",
    "platform_machine",
    "platform_python_implementation",
    "platform_release",
    "platform_system",
    "platform_version",
    "sys_platform",
    "extras",
    "dependency_groups",
    "extra",
)
_PLACES: Final = {name: place for place, name in enumerate(_NAMES_IN_ORDER)}

_texts: dict[Marker, str | None] = {TRUE: None, FALSE: NEVER}


_Term: TypeAlias = tuple[int, str]
"""The place of a name among the terms of a clause, and a comparison of that name as text."""


class _Edge(Struct, frozen=True, cache_hash=True):
    """A sum of products: *variable* is in one of the *pieces*, and one product of *rest* holds.

    The pieces are the maximal intervals, so that equal sets of values are equal whatever they were cut from.
    """

    variable: Variable
    pieces: _Pieces
    rest: _Cubes


_Pieces: TypeAlias = "tuple[tuple[Cut | None, Cut | None], ...]"
"""Intervals from one cut to another; None is unbounded."""

_Cubes: TypeAlias = "tuple[_Edge | None, ...]"
"""A sum of products; None is the empty product, which is true."""

_Clause: TypeAlias = "list[_Term]"


def render(marker: Marker) -> str | None:
    """Return the expression of *marker*; None if it always holds."""
    if marker in _texts:
        return _texts[marker]
    text = _expression(canonical_form(marker))
    _texts[marker] = text
    return text


def _expression(marker: Marker) -> str | None:
    if not marker.children:
        return _texts[marker]
    clauses = [sorted(clause, key=_place) for clause in _clauses(_cubes(marker, marker))]
    clauses.sort(key=_places)
    return _factored(clauses) or _plain(clauses)


def _place(term: _Term) -> int:
    return term[0]


def _places(clause: _Clause) -> list[int]:
    return [term[0] for term in clause]


_products: dict[tuple[Marker, Marker], tuple[_Cubes, Marker]] = {}


def _cubes(lower: Marker, upper: Marker) -> _Cubes:
    return _cover(lower, upper)[0]


def _cover(lower: Marker, upper: Marker) -> tuple[_Cubes, Marker]:
    """Return an irredundant sum of products between *lower* and *upper*, and the marker of that sum."""
    if lower is FALSE:
        return (), FALSE
    if upper is TRUE:
        return (None,), TRUE
    key = (lower, upper)
    known = _products.get(key)
    if known is None:
        known = _products[key] = _cover_node(lower, upper)
    return known


def _cover_node(lower: Marker, upper: Marker) -> tuple[_Cubes, Marker]:
    cuts: Sequence[Cut]
    if lower is upper:
        variable, cuts, cells = lower.variable, lower.cuts, [(child, child) for child in lower.children]
    elif lower.variable is upper.variable:
        variable = lower.variable
        cuts, cells = common_cells(lower, upper)
    elif lower.rank < upper.rank:
        variable = lower.variable
        cuts, cells = lower.cuts, [(child, upper) for child in lower.children]
    else:
        variable = upper.variable
        cuts, cells = upper.cuts, [(lower, child) for child in upper.children]
    groups: dict[tuple[Marker, Marker], list[int]] = {}
    for index, cell in enumerate(cells):
        groups.setdefault(cell, []).append(index)
    common = TRUE
    for _, child in groups:
        common = plain_and(common, child)
    beyond_common = ~common
    remainder = FALSE
    parts: dict[_Cubes, list[int]] = {}
    covered = [FALSE] * len(cells)
    for (low, high), members in groups.items():
        cubes, sum_of_cubes = _cover(plain_and(low, beyond_common), high)
        remainder = plain_or(remainder, plain_and(low, ~sum_of_cubes))
        if cubes:
            # Values whose products are the same need one edge only.
            parts.setdefault(cubes, []).extend(members)
            for member in members:
                covered[member] = sum_of_cubes
    rest, sum_of_rest = _cover(remainder, common)
    edges = [_Edge(variable, _intervals(cuts, sorted(members)), cubes) for cubes, members in parts.items()]
    return (*edges, *rest), plain_or(reduced_node(variable, cuts, covered), sum_of_rest)


def _clauses(cubes: _Cubes) -> list[_Clause]:
    """Return the products as lists of terms."""
    clauses: list[_Clause] = []
    for edge in cubes:
        if edge is None:
            clauses.append([])
            continue
        rest = _clauses(edge.rest)
        for alternative in _alternatives(edge.variable, edge.pieces):
            clauses += [[*alternative, *clause] for clause in rest]
    return clauses


def _alternatives(variable: Variable, pieces: _Pieces) -> list[_Clause]:
    """Return the ways to say that the value of *variable* is in one of the *pieces*."""
    place = _PLACES[variable.name]
    if variable.kind not in {Kind.STRING, Kind.VERSION}:
        return [[(place, _boolean_text(variable, holds=pieces[0][1] is None))]]
    compact = variable is not PLATFORM_RELEASE_VERSION
    texts = _exclusions(variable.name, pieces) if compact else None
    if texts is not None:
        return [[(place, text) for text in texts]]
    return [[(place, text) for text in _bounds(variable.name, *piece, compact=compact)] for piece in pieces]


def _boolean_text(variable: Variable, *, holds: bool) -> str:
    literal = _quoted(variable.literal)
    match variable.kind:
        case Kind.EXTRA:
            return f"extra {'==' if holds else '!='} {literal}"
        case Kind.IN:
            return f"{variable.name} {'in' if holds else 'not in'} {literal}"
        case _:
            return f"{literal} {'in' if holds else 'not in'} {variable.name}"


def _quoted(text: str) -> str:
    """Return *text* in single quotes, or in double quotes if it contains a single one."""
    return f'"{text}"' if "'" in text else f"'{text}'"


def _intervals(cuts: Sequence[Cut], cells: Sequence[int]) -> _Pieces:
    """Return the maximal intervals made of *cells* between *cuts*."""
    pieces: list[tuple[Cut | None, Cut | None]] = []
    previous = -2
    for cell in cells:
        low = cuts[cell - 1] if cell else None
        high = cuts[cell] if cell < len(cuts) else None
        if cell == previous + 1:
            pieces[-1] = (pieces[-1][0], high)
        else:
            pieces.append((low, high))
        previous = cell
    return tuple(pieces)


_Place: TypeAlias = tuple[str, bool]
"""A cut as text: the value it belongs to, and whether it lies behind that value."""

_version_places: dict[Cut, _Place] = {}


def _read_cut(cut: Cut) -> _Place:
    """Return what *cut* is; versions have no trailing zeros."""
    if isinstance(cut, str):
        return (cut[:-1], True) if cut.endswith(AFTER) else (cut, False)
    place = _version_places.get(cut)
    if place is None:
        version, behind = release_at(cut)
        place = _version_places[cut] = (version.text, behind)
    return place


def _spelling(cut: Cut) -> str:
    """Return the quoted value that *cut* belongs to, as it was written if that is known."""
    return _quoted(cut.text if isinstance(cut, SpelledKey) else _read_cut(cut)[0])


def _point(low: Cut | None, high: Cut | None) -> str | None:
    """Return the value between two cuts, quoted, if it is the only one."""
    if low is None or high is None:
        return None
    start, after_start = _read_cut(low)
    end, after_end = _read_cut(high)
    return _spelling(low) if not after_start and after_end and start == end else None


def _family(low: Cut | None, high: Cut | None) -> str | None:
    """Return `X.Y` if the versions from *low* to *high* are those of `X.Y.*`."""
    if low is None or high is None or isinstance(low, str):
        return None
    start, after_start = _read_cut(low)
    end, after_end = _read_cut(high)
    if after_start or after_end:
        return None
    major, _, minor = start.partition(".")
    if "." in minor:
        return None
    minor = minor or "0"
    return f"{major}.{minor}" if end == f"{major}.{int(minor) + 1}" else None


def _exclusions(name: str, pieces: _Pieces) -> list[str] | None:
    """Return the inequalities that say the same as *pieces*, if what is missing are single values or one family."""
    if pieces[0][0] is not None or pieces[-1][1] is not None:
        return None
    gaps = [(before[1], behind[0]) for before, behind in pairwise(pieces)]
    points = [_point(*gap) for gap in gaps]
    if None not in points:
        return [f"{name} != {point}" for point in points]
    family = _family(*gaps[0]) if len(gaps) == 1 else None
    return None if family is None else [f"{name} != '{family}.*'"]


def _bounds(name: str, low: Cut | None, high: Cut | None, *, compact: bool) -> list[str]:
    """Return the comparisons that say that a value lies between two cuts."""
    point = _point(low, high)
    if point is not None:
        return [f"{name} == {point}"]
    family = _family(low, high) if compact else None
    if family is not None:
        return [f"{name} == '{family}.*'"]
    texts: list[str] = []
    if low is not None:
        texts.append(f"{name} {'>' if _read_cut(low)[1] else '>='} {_spelling(low)}")
    if high is not None:
        texts.append(f"{name} {'<=' if _read_cut(high)[1] else '<'} {_spelling(high)}")
    return texts


def _plain(clauses: Sequence[Sequence[_Term]]) -> str:
    """Return the sum as it is; several clauses are put in parentheses if they have several terms."""
    if len(clauses) == 1:
        return _product(clauses[0])
    return " or ".join([_product(clause) if len(clause) == 1 else f"({_product(clause)})" for clause in clauses])


def _product(terms: Sequence[_Term]) -> str:
    return " and ".join([text for _, text in terms])


class _Group:
    """Clauses with a common beginning: one of *heads*, followed by one of *rests*."""

    __slots__ = ("heads", "rests")

    def __init__(self, head: _Clause, rests: list[_Clause]) -> None:
        self.heads = [head]
        self.rests = rests

    def lengthen_head(self) -> None:
        """Move terms that all rests begin with to the head, as long as something is left."""
        while all(len(rest) > 1 and rest[0] == self.rests[0][0] for rest in self.rests):
            self.heads[0].append(self.rests[0][0])
            self.rests = [rest[1:] for rest in self.rests]

    def size(self) -> int:
        """Return the number of terms."""
        return sum(map(len, self.heads)) + sum(map(len, self.rests))

    def text(self) -> str:
        """Return the expression, without parentheses around it."""
        if self.rests == [[]]:
            return _plain(self.heads)
        head = _product(self.heads[0]) if len(self.heads) == 1 else f"({_plain(self.heads)})"
        body = _product(self.rests[0]) if len(self.rests) == 1 else f"({_plain(self.rests)})"
        return f"{head} and {body}"


def _factored(clauses: list[_Clause]) -> str | None:
    """Return the sum with common terms taken out, or None if that saves no term."""
    by_head: dict[_Term, list[_Clause]] = {}
    for clause in clauses:
        by_head.setdefault(clause[0], []).append(clause[1:])
    groups: list[_Group] = []
    for head, rests in by_head.items():
        # A head alone absorbs every longer clause that begins with it.
        group = _Group([head], [[]] if [] in rests else rests)
        if len(group.rests) > 1:
            group.lengthen_head()
        twin = next((other for other in groups if other.rests == group.rests), None)
        if twin is None:
            groups.append(group)
        else:
            twin.heads += group.heads
    if sum(group.size() for group in groups) >= sum(map(len, clauses)):
        return None
    return " or ".join([group.text() for group in groups])

"""Markers as reduced, ordered, interned decision diagrams.

An inner node asks for one variable; its edges part the line of that variable's values at `cuts`, and lead to
`children` whose variables come later. No two neighbouring children are the same, no node has a single child, and equal
nodes are one object: so equal functions are one object, and "is true", "is false" and "is disjoint" are exact.

Some combinations of `os_name`, `sys_platform` and `platform_system` cannot happen (`POSSIBLE` is true elsewhere).
The operators `&` and `|` know that: where both operands ask for one of these and nothing possible is common to them,
the result is false. `plain_and` and `plain_or` do not know it; rendering needs them.

Every node and every result is kept for the life of the process: markers of a resolution are few and are combined with
each other again and again. All tables are filled with single dictionary operations, so that two threads may work
with markers at the same time.

Specification: PEP 508, docs/markers.md.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import count
from typing import TYPE_CHECKING, Final

from mauve.standards.markers.variables import (
    AFTER,
    BOOLEAN_CUTS,
    LEAF,
    OS_NAME,
    PLATFORM_RELEASE,
    PLATFORM_RELEASE_VERSION,
    PLATFORM_SYSTEM,
    PLATFORM_VERSION,
    PYTHON_FULL_VERSION,
    STRINGS,
    SYS_PLATFORM,
    contains_variable,
    extra_variable,
    in_variable,
    list_variable,
)
from mauve.standards.version_sets import LOWEST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mauve.standards.markers.variables import Cut, Variable
    from mauve.standards.version_sets import VersionSet

_serials = count()


class Marker:
    """A condition on environments. Interned, so `is` and `==` mean equality of the conditions.

    Attributes:
        variable: what this node asks for; `variables.LEAF` for `TRUE` and `FALSE`.
        rank: of the variable, kept here because it is compared all the time.
        cuts: strictly ascending places between the edges; empty for leaves.
        children: one more than cuts; the first belongs to the values below the first cut.
        serial: the number of the node in order of creation, to order operands.
        negation: the opposite marker, once it was asked for.
        possible: whether this holds anywhere in `POSSIBLE`, once it was asked for.
    """

    __slots__ = ("children", "cuts", "negation", "possible", "rank", "serial", "variable")

    variable: Variable
    rank: tuple[int, str]
    cuts: tuple[Cut, ...]
    children: tuple[Marker, ...]
    serial: int
    negation: Marker | None
    possible: bool | None

    def __init__(self, variable: Variable, cuts: tuple[Cut, ...], children: tuple[Marker, ...]) -> None:
        """Take the parts; only `node` may construct markers."""
        self.variable = variable
        self.rank = variable.rank
        self.cuts = cuts
        self.children = children
        self.serial = next(_serials)
        self.negation = None
        self.possible = None

    def __repr__(self) -> str:
        """Show the node, not the whole diagram."""
        if not self.children:
            return "TRUE" if self is TRUE else "FALSE"
        return f"<Marker {self.serial}: {self.variable!r} {self.cuts!r}>"

    def __and__(self, other: Marker) -> Marker:
        """Return where both hold."""
        return _and(self, other)

    def __or__(self, other: Marker) -> Marker:
        """Return where either holds."""
        if self is other or other is FALSE:
            return self
        if self is FALSE:
            return other
        return ~_and(~self, ~other)

    def __invert__(self) -> Marker:
        """Return where this does not hold."""
        negation = self.negation
        if negation is None:
            negation = node(self.variable, self.cuts, tuple([~child for child in self.children]))
            self.negation = negation
            negation.negation = self
        return negation

    @property
    def is_true(self) -> bool:
        """Return whether this holds everywhere."""
        return self is TRUE

    @property
    def is_false(self) -> bool:
        """Return whether this holds nowhere."""
        return self is FALSE

    def is_disjoint(self, other: Marker) -> bool:
        """Return whether the two never hold together."""
        return _and(self, other) is FALSE

    def implies(self, other: Marker) -> bool:
        """Return whether *other* holds wherever this does."""
        return _and(self, ~other) is FALSE


TRUE: Final = Marker(LEAF, (), ())
FALSE: Final = Marker(LEAF, (), ())
TRUE.negation = FALSE
FALSE.negation = TRUE

_nodes: dict[tuple[Variable, tuple[Cut, ...], tuple[Marker, ...]], Marker] = {}
_conjunctions: dict[tuple[Marker, Marker], Marker] = {}
_plain_conjunctions: dict[tuple[Marker, Marker], Marker] = {}
_restrictions: dict[tuple[Marker, Marker], Marker] = {}


def node(variable: Variable, cuts: tuple[Cut, ...], children: tuple[Marker, ...]) -> Marker:
    """Return the node with these parts, which must be reduced already."""
    if not cuts:
        return children[0]
    key = (variable, cuts, children)
    return _nodes.get(key) or _nodes.setdefault(key, Marker(variable, cuts, children))


def reduced_node(variable: Variable, cuts: Sequence[Cut], children: Sequence[Marker]) -> Marker:
    """Return the node with these parts after joining neighbouring edges with the same child."""
    kept: list[Cut] = []
    last = children[0]
    distinct = [last]
    for cut, child in zip(cuts, children[1:], strict=True):
        if child is not last:
            kept.append(cut)
            distinct.append(child)
            last = child
    return node(variable, tuple(kept), tuple(distinct))


def common_cells(first: Marker, second: Marker) -> tuple[list[Cut], list[tuple[Marker, Marker]]]:
    """Return the cuts of two nodes of one variable together, and the two children of each cell between them."""
    ours, theirs = first.cuts, second.cuts
    count_ours, count_theirs = len(ours), len(theirs)
    our_children, their_children = first.children, second.children
    cuts: list[Cut] = []
    pairs = [(our_children[0], their_children[0])]
    i = j = 0
    while i < count_ours or j < count_theirs:
        if j == count_theirs or (i < count_ours and ours[i] < theirs[j]):  # type: ignore[operator]  # one line
            cuts.append(ours[i])
            i += 1
        else:
            cuts.append(theirs[j])
            if i < count_ours and ours[i] == theirs[j]:
                i += 1
            j += 1
        pairs.append((our_children[i], their_children[j]))
    return cuts, pairs


def _zip(first: Marker, second: Marker, operation: Callable[[Marker, Marker], Marker]) -> Marker:
    """Return the node of two nodes of one variable, with *operation* on the children of each cell."""
    if first.cuts == second.cuts:
        cuts: Sequence[Cut] = first.cuts
        children = [operation(ours, theirs) for ours, theirs in zip(first.children, second.children, strict=True)]
    else:
        cuts, pairs = common_cells(first, second)
        children = [operation(ours, theirs) for ours, theirs in pairs]
    return reduced_node(first.variable, cuts, children)


def _and(first: Marker, second: Marker) -> Marker:
    if first is second or second is TRUE:
        return first
    if first is TRUE:
        return second
    if first is FALSE or second is FALSE or first.negation is second:
        return FALSE
    key = (first, second) if first.serial < second.serial else (second, first)
    known = _conjunctions.get(key)
    if known is None:
        known = _conjunctions[key] = _conjunction(first, second, _and)
        if (
            known is not FALSE
            and first.rank <= PLATFORM_SYSTEM.rank
            and second.rank <= PLATFORM_SYSTEM.rank
            and not is_possible(known)
        ):
            known = _conjunctions[key] = FALSE
    return known


def _conjunction(first: Marker, second: Marker, operation: Callable[[Marker, Marker], Marker]) -> Marker:
    if first.variable is second.variable:
        return _zip(first, second, operation)
    if second.rank < first.rank:
        first, second = second, first
    return reduced_node(first.variable, first.cuts, [operation(child, second) for child in first.children])


def plain_and(first: Marker, second: Marker) -> Marker:
    """Return where both hold, impossible combinations not excluded."""
    if first is second or second is TRUE:
        return first
    if first is TRUE:
        return second
    if first is FALSE or second is FALSE or first.negation is second:
        return FALSE
    key = (first, second) if first.serial < second.serial else (second, first)
    known = _plain_conjunctions.get(key)
    if known is None:
        known = _plain_conjunctions[key] = _conjunction(first, second, plain_and)
    return known


def plain_or(first: Marker, second: Marker) -> Marker:
    """Return where either holds, impossible combinations not excluded."""
    return ~plain_and(~first, ~second)


def _overlaps(first: Marker, second: Marker) -> bool:
    """Return whether the two hold together anywhere, impossible combinations not excluded; makes no nodes."""
    if first is FALSE or second is FALSE:
        return False
    if first is TRUE or second is TRUE:
        return True
    if first.variable is second.variable:
        return any(_overlaps(ours, theirs) for ours, theirs in common_cells(first, second)[1])
    if second.rank < first.rank:
        first, second = second, first
    return any(_overlaps(child, second) for child in first.children)


def is_possible(marker: Marker) -> bool:
    """Return whether *marker* holds in some environment that can be."""
    possible = marker.possible
    if possible is None:
        possible = marker.possible = _overlaps(marker, POSSIBLE)
    return possible


def restrict(value: Marker, assumption: Marker) -> Marker:
    """Return *value* simplified where *assumption* is known to hold; elsewhere the result may differ.

    Law: `restrict(value, assumption) & assumption` is `value & assumption`.
    """
    if assumption is TRUE or not value.children:
        return value
    if assumption is FALSE:
        return FALSE
    if value is assumption:
        return TRUE
    if value is ~assumption:
        return FALSE
    key = (value, assumption)
    known = _restrictions.get(key)
    if known is None:
        known = _restrictions[key] = _restrict(value, assumption)
    return known


def _restrict(value: Marker, assumption: Marker) -> Marker:
    if value.variable is not assumption.variable:
        if assumption.rank < value.rank:
            return restrict(value, any_of(assumption.children))
        children = [restrict(child, assumption) for child in value.children]
        return reduced_node(value.variable, value.cuts, children)
    cuts, pairs = common_cells(value, assumption)
    results = [None if known is FALSE else restrict(child, known) for child, known in pairs]
    filler = next((result for result in results if result is not None), FALSE)
    return reduced_node(value.variable, cuts, [filler if result is None else result for result in results])


def any_of(markers: Sequence[Marker]) -> Marker:
    """Return where at least one of *markers* holds."""
    result = FALSE
    for marker in markers:
        result |= marker
    return result


def boolean_marker(variable: Variable) -> Marker:
    """Return the marker that holds where the boolean *variable* is true."""
    return node(variable, BOOLEAN_CUTS, (FALSE, TRUE))


def extra_marker(name: str) -> Marker:
    """Return `extra == '<name>'`; *name* is normalised or an encoded conflict item."""
    return boolean_marker(extra_variable(name))


def list_marker(variable: str, literal: str) -> Marker:
    """Return `'<literal>' in <variable>`, where *variable* is `extras` or `dependency_groups`."""
    return boolean_marker(list_variable(variable, literal))


def version_marker(variable: Variable, versions: VersionSet) -> Marker:
    """Return the marker that holds where the version *variable* is in *versions*."""
    cuts = versions.cuts
    inside = bool(cuts) and cuts[0] == LOWEST
    if inside:
        cuts = cuts[1:]
    leaves = (TRUE, FALSE) if inside else (FALSE, TRUE)
    return node(variable, cuts, tuple([leaves[index & 1] for index in range(len(cuts) + 1)]))


def python_full_version_marker(versions: VersionSet) -> Marker:
    """Return the marker that holds for Pythons in *versions*."""
    return version_marker(PYTHON_FULL_VERSION, versions)


def _one_value(variable: Variable, value: str) -> Marker:
    return node(variable, (value, value + AFTER), (FALSE, TRUE, FALSE))


_ORDERED: Final = (PLATFORM_RELEASE, PLATFORM_VERSION)
"""The string variables that have an order; comparing any other is a comparison for equality."""


def string_marker(variable: str, operator: str, value: str) -> Marker | None:
    """Return `<variable> <operator> '<value>'` of a string variable, or None if it says nothing (`~=`).

    `contains` is the operator of `'<value>' in <variable>`, `not contains` its negation. Rewritings of the reader
    (`platform_system`, `platform_release` on macOS) are not applied here.
    """
    known = STRINGS[variable]
    match operator:
        case "in":
            return boolean_marker(in_variable(variable, value))
        case "not in":
            return ~boolean_marker(in_variable(variable, value))
        case "contains":
            return boolean_marker(contains_variable(variable, value))
        case "not contains":
            return ~boolean_marker(contains_variable(variable, value))
        case "==":
            return _one_value(known, value)
        case "!=":
            return ~_one_value(known, value)
        case "<" | ">" | "<=" | ">=":
            if known in _ORDERED:
                below = node(known, (value if operator in {"<", ">="} else value + AFTER,), (TRUE, FALSE))
                return below if operator[0] == "<" else ~below
            return _one_value(known, value) if operator[1:] else FALSE
        case _:
            return None


def macos_release_marker(versions: VersionSet) -> Marker:
    """Return the marker that holds where `platform_release`, read as a version, is in *versions*."""
    return version_marker(PLATFORM_RELEASE_VERSION, versions)


def value_child(marker: Marker, position: Cut) -> Marker:
    """Return the child that *marker*'s variable leads to when its value is at *position*."""
    return marker.children[bisect_right(marker.cuts, position)]


def _possible() -> Marker:
    """Return where `os_name`, `sys_platform` and `platform_system` fit each other."""
    elsewhere = ("FreeBSD", "NetBSD", "OpenBSD", "SunOS", "iOS", "iPadOS")
    everywhere = _none_of(PLATFORM_SYSTEM, dict.fromkeys(elsewhere, FALSE))
    # Python on an iPhone calls its platform `ios`, and only there are the two Apple systems possible.
    apple = _none_of(PLATFORM_SYSTEM, dict.fromkeys(elsewhere[:4], FALSE))
    names = ("aix", "android", "emscripten", "linux", "darwin", "win32", "cygwin", "wasi")
    platforms: dict[str, Marker] = {"ios": apple, **dict.fromkeys(names, everywhere)}
    windows = _none_of(SYS_PLATFORM, {**platforms, "linux": FALSE, "darwin": FALSE, "ios": FALSE})
    posix = _none_of(SYS_PLATFORM, {**platforms, "win32": FALSE})
    return _none_of(OS_NAME, {"nt": windows, "posix": posix}, _none_of(SYS_PLATFORM, platforms))


def _none_of(variable: Variable, children: dict[str, Marker], otherwise: Marker = TRUE) -> Marker:
    """Return the node that leads from each value to its marker and from any other to *otherwise*."""
    cuts: list[Cut] = []
    targets = [otherwise]
    for value in sorted(children):
        cuts += (value, value + AFTER)
        targets += (children[value], otherwise)
    return reduced_node(variable, cuts, targets)


POSSIBLE: Final = _possible()
"""True where the platform variables fit each other; see `docs/markers.md` "What cannot happen"."""

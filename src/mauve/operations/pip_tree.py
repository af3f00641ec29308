"""Show who requires whom among the packages of an environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mauve.installer.holdings import read_declared
from mauve.lock.tree.drawing import draw_tree
from mauve.standards.markers.environment import evaluate
from mauve.standards.specifiers import Operator, Specifiers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from mauve.installer.holdings import Holding
    from mauve.standards.markers.environment import MarkerEnvironment
    from mauve.standards.metadata import CoreMetadata
    from mauve.standards.names import PackageName
    from mauve.standards.requirements import Requirement
    from mauve.standards.specifiers import Specifier


class PipTreeRequest(Struct, frozen=True, kw_only=True):
    """What the tree shows.

    Attributes:
        packages: shown instead of those that nobody requires.
        depth: of the deepest package below a root.
        invert: below each package are those who require it.
        specifiers: what is required is shown with the package.
        repeats: what was shown is shown again.
    """

    prune: frozenset[PackageName] = frozenset()
    packages: frozenset[PackageName] = frozenset()
    depth: int = 255
    invert: bool = False
    specifiers: bool = False
    repeats: bool = False


class PipTreeStyle(Struct, frozen=True):
    """How parts are shown: newer versions, the last line, paths in errors."""

    latest: Callable[[str], str] = str
    footer: Callable[[str], str] = str
    path: Callable[[str], str] = str


class _Edge(Struct, frozen=True):
    """The package at place *source* has *requirements* that the one at *target* fulfils."""

    source: int
    target: int
    requirements: tuple[Requirement, ...]

    @property
    def wish(self) -> str:
        """Return the URL or the specifiers that are required, without those that follow from others."""
        urls = [requirement.url for requirement in self.requirements if requirement.url is not None]
        if urls:
            return urls[-1]
        clauses = [clause for requirement in reversed(self.requirements) for clause in requirement.specifiers]
        return Specifiers(tuple(_without_loose_bounds(clauses))).lock_text(", ") or "*"


class _Step(Struct, frozen=True):
    """A package, and the edge that leads to it."""

    node: int
    edge: _Edge | None = None


def show_pip_tree(
    holdings: Iterable[Holding],
    markers: MarkerEnvironment,
    request: PipTreeRequest,
    *,
    latest: Mapping[PackageName, str],
    style: PipTreeStyle,
) -> str:
    """Return the lines of the tree.

    Args:
        holdings: of the environment.
        markers: of its interpreter.
        request: what is shown.
        latest: newer versions by name.
        style: of the parts.

    Raises:
        MauveError: the metadata of a package cannot be read.
    """
    walk = _Walk(holdings, markers, request, latest, style)
    roots = [_Step(node) for node in walk.roots()]
    lines = draw_tree(walk, roots, request.depth, repeats=request.repeats, marks_deepest=True, footer=style.footer)
    return "".join([f"{line}\n" for line in lines])


class _Walk:
    """The packages as they are walked, for `mauve.lock.tree.drawing`."""

    def __init__(
        self,
        holdings: Iterable[Holding],
        markers: MarkerEnvironment,
        request: PipTreeRequest,
        latest: Mapping[PackageName, str],
        style: PipTreeStyle,
    ) -> None:
        self._request = request
        self._latest = latest
        self._style = style
        declared = [read_declared(holding.installed, style.path) for holding in holdings]
        declared = [each for each in declared if each.metadata.name not in request.prune]
        declared.sort(key=lambda each: (each.metadata.name, each.metadata.version.key))
        self._packages: list[CoreMetadata] = [each.metadata for each in declared]
        self._ways: list[list[_Edge]] = [[] for _ in declared]
        self._next: list[list[int]] = [[] for _ in declared]
        self._previous: list[list[int]] = [[] for _ in declared]
        places: dict[PackageName, list[int]] = {}
        for place, package in enumerate(self._packages):
            places.setdefault(package.name, []).append(place)
        for source, each in enumerate(declared):
            fulfilled: dict[int, tuple[Requirement, ...]] = {}
            for requirement in each.requirements:
                if evaluate(requirement.marker, markers):
                    for target in places.get(requirement.name, ()):
                        version = self._packages[target].version
                        if requirement.url is not None or requirement.specifiers.contains(version):
                            fulfilled[target] = (*fulfilled.get(target, ()), requirement)
            for target, requirements in fulfilled.items():
                self._add(_Edge(source, target, requirements))
        wanted = request.packages
        named = {place for place, package in enumerate(self._packages) if not wanted or package.name in wanted}
        self._kept = _reach(named, self._next)

    def _add(self, edge: _Edge) -> None:
        start, end = (edge.target, edge.source) if self._request.invert else (edge.source, edge.target)
        self._ways[start].append(edge)
        self._next[start].append(end)
        self._previous[end].append(start)

    def _end(self, edge: _Edge) -> int:
        return edge.source if self._request.invert else edge.target

    def roots(self) -> list[int]:
        """Return the packages that are below no other one; of those in a circle, the first one by name."""
        kept = self._kept
        roots = kept - {end for node in kept for end in self._next[node]}
        seen = _reach(roots, self._next)
        for node in sorted(kept):
            if node not in seen:
                below = _reach({node}, self._next)
                if _reach({node}, self._previous) & kept <= below:
                    roots.add(node)
                    seen |= below
        return sorted(roots)

    # --- one step

    def identity(self, step: _Step) -> PackageName:
        return self._packages[step.node].name

    def label(self, step: _Step) -> str:
        package = self._packages[step.node]
        line = f"{package.name} v{package.version}"
        if not self._request.specifiers or step.edge is None:
            return line
        wish = step.edge.wish
        if self._request.invert:
            return f"{line} [requires: {self._packages[step.edge.target].name} {wish}]"
        return f"{line} [required: {wish}]"

    def note(self, step: _Step) -> str:
        newer = self._latest.get(self._packages[step.node].name)
        return "" if newer is None else self._style.latest(f"(latest: v{newer})")

    def below(self, step: _Step) -> list[_Step]:
        ways = sorted(self._ways[step.node], key=self._end)
        return [_Step(self._end(edge), edge) for edge in ways if self._end(edge) in self._kept]


_BOUNDS: Final = (
    (Operator.GREATER_THAN, Operator.GREATER_THAN_EQUAL),
    (Operator.LESS_THAN, Operator.LESS_THAN_EQUAL),
)
"""Operators of lower and of upper bounds, the stricter one first."""


def _without_loose_bounds(clauses: list[Specifier]) -> Iterator[Specifier]:
    """Yield *clauses*, each once, and of lower and upper bounds only the strictest."""
    lower = [clause for clause in clauses if clause.operator in _BOUNDS[0]]
    upper = [clause for clause in clauses if clause.operator in _BOUNDS[1]]
    strictest = []
    if lower:
        strictest.append(max(lower, key=lambda clause: (clause.version.key, clause.operator is _BOUNDS[0][0])))
    if upper:
        strictest.append(min(upper, key=lambda clause: (clause.version.key, clause.operator is not _BOUNDS[1][0])))
    yield from strictest
    others = [clause for clause in clauses if not any(clause.operator in operators for operators in _BOUNDS)]
    texts: dict[str, Specifier] = {}
    for clause in others:
        texts.setdefault(str(clause), clause)
    yield from texts.values()


def _reach(starts: set[int], ways: list[list[int]]) -> set[int]:
    """Return *starts* and everything that *ways* lead to from there."""
    seen = set(starts)
    stack = list(starts)
    while stack:
        for end in ways[stack.pop()]:
            if end not in seen:
                seen.add(end)
                stack.append(end)
    return seen

"""Draw a tree of packages: what was shown is not shown again, and cycles end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

_REPEATED = " (*)"

S = TypeVar("S")


class Walk(Protocol[S]):
    """What is walked, step by step; a step is a package and the way to it."""

    def identity(self, step: S) -> Hashable:
        """Return what decides about the lines below *step*."""
        ...

    def label(self, step: S) -> str:
        """Return the line of *step*."""
        ...

    def note(self, step: S) -> str:
        """Return what the line has besides where the package is shown first; empty if nothing."""
        ...

    def below(self, step: S) -> Sequence[S]:
        """Return the steps that lead on, in order."""
        ...


def draw_tree(
    walk: Walk[S],
    roots: Sequence[S],
    depth: int,
    *,
    repeats: bool,
    marks_deepest: bool = False,
    footer: Callable[[str], str] = str,
) -> list[str]:
    """Return the lines of the tree below *roots*, which are at depth 0; the deepest are at *depth*.

    With *repeats* what was shown is shown again, unless it is a cycle. A package whose lines below are left out for
    their depth counts as shown only with *marks_deepest*. The last line explains the marks, in the style of the
    *footer*.
    """
    drawing = _Drawing(walk, depth, repeats=repeats, marks_deepest=marks_deepest)
    for root in roots:
        drawing.visit(root, "", "")
    lines = drawing.lines
    if any(_REPEATED in line for line in lines):
        reason = "is a cycle and cannot be shown" if repeats else "already displayed"
        lines.append(footer(f"(*) Package tree {reason}"))
    return lines


class _Drawing(Generic[S]):
    """Walks depth first."""

    def __init__(self, walk: Walk[S], depth: int, *, repeats: bool, marks_deepest: bool) -> None:
        self._walk = walk
        self._marks_deepest = marks_deepest
        self._depth = depth
        self._repeats = repeats
        self._visited: dict[Hashable, bool] = {}
        self._path: list[Hashable] = []
        self.lines: list[str] = []

    def visit(self, step: S, first: str, rest: str) -> None:
        """Write *step* and what is below; *first* and *rest* begin the lines."""
        walk = self._walk
        identity = walk.identity(step)
        line = first + walk.label(step)
        if identity in self._path:
            self.lines.append(f"{line}{_REPEATED}")
            return
        if not self._repeats and identity in self._visited:
            self.lines.append(f"{line}{_REPEATED}" if self._visited[identity] else line)
            return
        note = walk.note(step)
        self.lines.append(f"{line} {note}" if note else line)
        is_deepest = len(self._path) == self._depth
        if is_deepest and not self._marks_deepest:
            return
        below = walk.below(step)
        self._visited[identity] = bool(below)
        if is_deepest:
            return
        self._path.append(identity)
        for place, way in enumerate(below):
            stem, branch = ("└── ", "    ") if place == len(below) - 1 else ("├── ", "│   ")
            self.visit(way, rest + stem, rest + branch)
        self._path.pop()

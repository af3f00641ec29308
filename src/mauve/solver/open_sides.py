"""Of each package, the incompatibilities from which something may still follow.

Most incompatibilities of a package that is followed again have been contradicted, or nothing more can follow from
them; that they are takes most of the time to find out. What is left of them on some level is left on all levels above
it, until that level is undone. So a list is kept with the level on which it was made, and used as long as that level
stands; when it was undone, the one of a level below is used.

Specification: docs/resolution.md "Incompatibilities".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic

from mauve.solver.incompatibility import Incompatibility, P
from mauve.solver.term import S

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from mauve.solver.knowledge import Side

FEW: Final = 24
"""So many sides are not worth a list of their own."""


class _Left(Generic[P, S]):
    """What was left of the first `seen` sides of a package, in their order, when `level` was the highest one."""

    __slots__ = ("level", "seen", "sides", "turn")

    def __init__(self, level: int, turn: int, seen: int, sides: list[Side[P, S]]) -> None:
        self.level = level
        self.turn = turn
        self.seen = seen
        self.sides = sides


class OpenSides(Generic[P, S]):
    """The lists of all packages."""

    __slots__ = ("_begun", "_left", "_turns")

    _left: dict[P, list[_Left[P, S]]]
    """From the lowest level to the highest."""
    _turns: list[int]
    """Of each level, how many had begun before: a level that was undone is another one when it begins again."""

    def __init__(self) -> None:
        """Start on level 0."""
        self._begun = 0
        self._turns = [0]
        self._left = {}

    def copy(self) -> OpenSides[P, S]:
        """Return an independent copy."""
        twin: OpenSides[P, S] = OpenSides()
        twin._begun = self._begun
        twin._turns = self._turns.copy()
        twin._left = {package: left.copy() for package, left in self._left.items()}
        return twin

    def begin(self, level: int) -> None:
        """Begin all levels up to *level* that have not begun."""
        turns = self._turns
        while len(turns) <= level:
            self._begun += 1
            turns.append(self._begun)

    def undo(self, level: int) -> None:
        """Undo what is above *level*."""
        del self._turns[level + 1 :]

    def latest(self, package: P, every: list[Side[P, S]]) -> list[Side[P, S]]:
        """Return what may be left of *every* side of *package*, in order."""
        left = self._left.get(package)
        if left:
            turns = self._turns
            count = len(turns)
            while left:
                last = left[-1]
                if last.level < count and turns[last.level] == last.turn:
                    return last.sides if last.seen == len(every) else last.sides + every[last.seen :]
                left.pop()
        return every

    def below(self, package: P, every: list[Side[P, S]], level: int) -> list[Side[P, S]]:
        """Return the same as `latest`, if all above *level* were undone."""
        turns = self._turns
        for known in reversed(self._left.get(package, ())):
            if known.level <= level and turns[known.level] == known.turn:
                return known.sides if known.seen == len(every) else known.sides + every[known.seen :]
        return every

    def sift(
        self,
        package: P,
        sides: list[Side[P, S]],
        seen: int,
        contradicted: Container[Incompatibility[P, S]],
        recently: Iterable[Incompatibility[P, S]],
    ) -> None:
        """Keep what is left of *sides*, which `latest` has returned, if that is much less.

        Args:
            package: whose sides they are.
            sides: more than a few.
            seen: how many there were in all.
            contradicted: from which nothing follows now.
            recently: what was contradicted on the highest level only, which may soon be undone.
        """
        turns = self._turns
        level = len(turns) - 1
        left = self._left.setdefault(package, [])
        if level and (not left or left[-1].level < level - 1):
            new = set(recently)
            below = [side for side in sides if side[0] not in contradicted or side[0] in new]
            if 2 * len(below) <= len(sides):
                left.append(_Left(level - 1, turns[level - 1], seen, below))
                sides = below
        now = [side for side in sides if side[0] not in contradicted]
        if 2 * len(now) <= len(sides):
            if left and left[-1].level == level:
                left.pop()
            left.append(_Left(level, turns[level], seen, now))

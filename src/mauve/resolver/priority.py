"""Which package is decided next.

Names that leave least choice come first, then names that were met earlier; the packages of one name
(with extras, with markers) follow each other in the order in which they were met.

Specification: docs/resolution.md "Next package".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mauve.enumerations import IntEnum
from mauve.resolver.packages import PYTHON, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.resolver.packages import Package
    from mauve.standards.names import PackageName

_BITS: Final = 24
"""For the number of names, and of packages, that one resolution can meet."""


class Urgency(IntEnum):
    """How much is known of a name; the least is decided first."""

    FIXED = 0
    """The root and Python."""
    DIRECT = 1
    """A URL, a path or a repository."""
    SINGLETON = 2
    """Some requirement allows a single version."""
    CONFLICT_EARLY = 3
    """Its versions were often rejected because of what was decided before."""
    CONFLICT_LATE = 4
    """Its versions often made others impossible."""
    UNSPECIFIED = 5


_CONFLICTING: Final = (Urgency.CONFLICT_EARLY, Urgency.CONFLICT_LATE)
_FIXED_RANKS: Final = {ROOT: 0, PYTHON: 1}


class _Ranks(dict["Package", int]):
    """The ranks that were asked for."""

    __slots__ = ("_met", "_names")

    def __init__(self, names: dict[PackageName, tuple[Urgency, int]], met: dict[Package, int]) -> None:
        super().__init__(_FIXED_RANKS)
        self._names = names
        self._met = met

    def __missing__(self, package: Package) -> int:
        urgency, place = self._names[package.name]
        rank = self[package] = (urgency << _BITS | place) << _BITS | self._met[package]
        return rank


class Priorities:
    """The ranks of all packages that were met in one fork.

    Attributes:
        order: as long as this is the same, all ranks are.
    """

    __slots__ = ("_met", "_names", "_ranks", "order")

    def __init__(self, names: dict[PackageName, tuple[Urgency, int]], met: dict[Package, int]) -> None:
        """Take over the state."""
        self._names = names
        self._met = met
        self.order = 0
        self._ranks = _Ranks(names, met)

    def copy(self) -> Priorities:
        """Return an independent copy."""
        twin = Priorities(self._names.copy(), self._met.copy())
        twin.order = self.order
        return twin

    def add(self, package: Package, *, is_direct: bool, is_single: bool) -> None:
        """Note a requirement for *package*; the urgency of its name may only rise, its place never changes."""
        if package not in self._met:
            self._met[package] = len(self._met)
        urgency = Urgency.DIRECT if is_direct else Urgency.SINGLETON if is_single else Urgency.UNSPECIFIED
        known = self._names.get(package.name)
        if known is None:
            self._names[package.name] = (urgency, len(self._names))
        elif urgency < known[0]:
            self._change(package.name, urgency, known[1])

    @property
    def rank(self) -> Callable[[Package], int]:
        """Return what gives the rank of a package; the least is decided first, and no two ever share one.

        It holds as long as the order is the same.
        """
        return self._ranks.__getitem__

    def prefer(self, package: Package) -> bool:
        """Decide *package* early from now on; return whether that is new."""
        return self._mark(package, Urgency.CONFLICT_EARLY, (Urgency.CONFLICT_EARLY,))

    def defer(self, package: Package) -> bool:
        """Decide *package* after the preferred ones from now on; return whether that is new."""
        return self._mark(package, Urgency.CONFLICT_LATE, _CONFLICTING)

    def _mark(self, package: Package, urgency: Urgency, unless: tuple[Urgency, ...]) -> bool:
        if package in _FIXED_RANKS:
            return False
        known = self._names.get(package.name)
        if known is None:
            self._names[package.name] = (urgency, len(self._names))
            return True
        if known[0] in unless:
            return False
        self._change(package.name, urgency, known[1])
        return True

    def _change(self, name: PackageName, urgency: Urgency, place: int) -> None:
        self._names[name] = (urgency, place)
        ranks = self._ranks
        for package in [package for package in ranks if package.name == name and package not in _FIXED_RANKS]:
            del ranks[package]
        self.order += 1


class ConflictCounts:
    """How often packages were rejected, or made others impossible, in one fork."""

    __slots__ = ("affected", "culprits", "to_defer", "to_prefer")

    THRESHOLD: Final = 5

    def __init__(self, affected: dict[Package, int], culprits: dict[Package, int]) -> None:
        """Take over the counts."""
        self.affected = affected
        self.culprits = culprits
        self.to_prefer: list[Package] = []
        self.to_defer: list[Package] = []

    def copy(self) -> ConflictCounts:
        """Return an independent copy."""
        twin = ConflictCounts(self.affected.copy(), self.culprits.copy())
        twin.to_prefer = self.to_prefer.copy()
        twin.to_defer = self.to_defer.copy()
        return twin

    def add_culprit(self, package: Package) -> None:
        """Count that *package* made another one impossible."""
        count = self.culprits[package] = self.culprits.get(package, 0) + 1
        if count == self.THRESHOLD:
            self.to_defer.append(package)

    def add_affected(self, package: Package) -> None:
        """Count that a version of *package* was rejected."""
        count = self.affected[package] = self.affected.get(package, 0) + 1
        if count == self.THRESHOLD:
            self.to_prefer.append(package)

"""The distributions chosen for one environment: what an installer is given.

A universal lock becomes a resolution by selecting what one interpreter, with one choice of extras and
groups, needs. Nothing here decides anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.distributions.files import Sdist, Wheel
from mauve.distributions.sources import Source
from mauve.standards.hashes import HashDigest
from mauve.standards.names import PackageName
from mauve.standards.versions import Version

if TYPE_CHECKING:
    from collections.abc import Iterator


class ResolvedDistribution(Struct, frozen=True, kw_only=True):
    """One package to install.

    Attributes:
        version: None for a source tree whose version only its build knows.
        source: with absolute paths.
        wheels: those that fit the environment, the best one first; empty for source trees.
        sdist: what to build, where no wheel fits or wheels are not wanted; None for source trees.
        hashes: of a direct archive; files of an index carry their own.
        is_installed: the environment has it already, wherever it came from.
    """

    name: PackageName
    version: Version | None
    source: Source
    wheels: tuple[Wheel, ...] = ()
    sdist: Sdist | None = None
    hashes: tuple[HashDigest, ...] = ()
    is_installed: bool = False


class Resolution(Struct, frozen=True):
    """Everything one environment needs, sorted by name."""

    distributions: tuple[ResolvedDistribution, ...] = ()

    def __len__(self) -> int:
        """Return how many packages are to be installed."""
        return len(self.distributions)

    def __iter__(self) -> Iterator[ResolvedDistribution]:
        """Yield the distributions in order of name."""
        return iter(self.distributions)

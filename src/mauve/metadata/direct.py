"""Distributions that are named by a URL, a repository, a path or a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from mauve.resolver.source import DirectDistribution, DirectSource
    from mauve.standards.names import PackageName


class DirectReader(Protocol):
    """Looks at direct sources for the metadata worker, in the resolver's thread."""

    def read(self, name: PackageName | None, source: DirectSource) -> DirectDistribution:
        """Return the distribution at *source*, which must be of *name* if that is known.

        Raises:
            MauveError: it cannot be had.
        """
        ...

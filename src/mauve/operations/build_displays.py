"""How messages name what is built or chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.distributions.sources import GitSource, RegistrySource, UrlSource

if TYPE_CHECKING:
    from mauve.build.source_tree import SourceTree
    from mauve.distributions.resolution import ResolvedDistribution
    from mauve.resolver.graph import ResolvedPackage


def tree_of(distribution: ResolvedDistribution, shown: str) -> SourceTree:
    """Return what messages tell of the tree that *distribution* is built of."""
    from mauve.build.source_tree import SourceTree

    source = distribution.source
    return SourceTree(
        root="",
        shown=shown,
        name=distribution.name,
        version=str(distribution.version) if isinstance(source, RegistrySource) else None,
        is_remote=isinstance(source, RegistrySource | UrlSource | GitSource),
    )


def registry_display(package: ResolvedPackage) -> str:
    """Return how messages name a package with its index."""
    source = package.source
    location = source.location if isinstance(source, RegistrySource) else ""
    return f"{package.name}=={package.version} @ registry+{location}"

"""A resolution that is still right after requirements were narrowed to what it chose.

`add` resolves, and then writes the versions that were chosen into the new requirements as bounds. To resolve again
would choose the same: a resolver prefers what was chosen before, and what was chosen together excludes nothing of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from mauve.distributions.sources import FromRegistry

if TYPE_CHECKING:
    from mauve.distributions.requirements import SourcedRequirement
    from mauve.resolver.graph import ResolutionGraph
    from mauve.resolver.manifest import Manifest
    from mauve.standards.names import PackageName
    from mauve.standards.versions import Version


def narrowed_graph(graph: ResolutionGraph, earlier: Manifest, now: Manifest) -> ResolutionGraph | None:
    """Return the resolution of *now*, made of *graph*, that of *earlier*; None where only resolving tells.

    It does where anything was split or told of, and where the two differ by more than the versions that members
    require of packages, which still allow what was chosen.
    """
    versions = {package.name: package.version for package in graph.packages}
    if graph.fork_markers or graph.warnings or len(versions) != len(graph.packages):
        return None
    if len(earlier.members) != len(now.members) or structs.replace(earlier, members=now.members) != now:
        return None
    renewed = {}
    for before, after in zip(earlier.members, now.members, strict=True):
        old, new = before.metadata, after.metadata
        others = structs.replace(old, requires_dist=new.requires_dist, groups=new.groups)
        if structs.replace(before, metadata=new) != after or others != new or old.groups.keys() != new.groups.keys():
            return None
        pairs = [(old.requires_dist, new.requires_dist), *((old.groups[name], new.groups[name]) for name in new.groups)]
        if not all(_are_narrowed(first, second, versions) for first, second in pairs):
            return None
        renewed[new.name] = new
    packages = [
        structs.replace(package, metadata=renewed[package.name]) if package.name in renewed else package
        for package in graph.packages
    ]
    return structs.replace(graph, packages=tuple(packages))


def _are_narrowed(
    earlier: tuple[SourcedRequirement, ...], now: tuple[SourcedRequirement, ...], versions: dict[PackageName, Version]
) -> bool:
    """Return whether *now* says the same as *earlier*, or allows less that still includes what was chosen."""
    if len(earlier) != len(now):
        return False
    for before, after in zip(earlier, now, strict=True):
        if before == after:
            continue
        old, new = before.source, after.source
        chosen = versions.get(after.name)
        if not isinstance(old, FromRegistry) or not isinstance(new, FromRegistry) or chosen is None:
            return False
        same = structs.replace(before, source=structs.replace(old, specifiers=new.specifiers))
        ranges = old.specifiers.version_set(), new.specifiers.version_set()
        if same != after or not ranges[1].is_subset(ranges[0]) or chosen not in ranges[1]:
            return False
    return True

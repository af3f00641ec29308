"""What a resolution keeps of an old lock: versions, commits, and perhaps forks.

Specification: docs/lockfile.md "Preferences and fork reuse".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.distributions.sources import RegistrySource
from mauve.lock.freshness import Preferable, Satisfied, Unusable
from mauve.lock.model import SourceKind, split_git_location
from mauve.lock.requirements import unlock_source
from mauve.resolver.preferences import GitPin, Preference, Preferences
from mauve.standards.markers.parse import parse_marker
from mauve.standards.requires_python import RequiresPython
from mauve.standards.specifiers import parse_specifiers
from mauve.standards.versions import parse_version

if TYPE_CHECKING:
    from mauve.lock.freshness import UpgradeRequest, Verdict
    from mauve.lock.model import Lock, LockedPackage
    from mauve.standards.names import GroupName, PackageName


def preferences_from(lock: Lock, verdict: Verdict, root: str, upgrade: UpgradeRequest) -> Preferences:
    """Return what of *lock* (read from the folder *root*) is worth keeping under *verdict*."""
    if isinstance(verdict, Unusable) or upgrade.everything:
        return Preferences()
    requires_python = RequiresPython.from_specifiers(parse_specifiers(lock.requires_python)) or RequiresPython()
    dropped = upgrade.packages | group_requirements(lock, upgrade.groups)
    versions: list[Preference] = []
    pins: list[GitPin] = []
    for package in lock.packages:
        if package.name in dropped or package.version is None:
            continue
        if package.source.kind is SourceKind.GIT:
            pin = _git_pin(package)
            if pin is not None:
                pins.append(pin)
        index: str | None = None
        if package.source.kind is SourceKind.REGISTRY:
            source = unlock_source(package.source, root)
            index = source.location if isinstance(source, RegistrySource) else None
        markers = tuple([requires_python.complexify(parse_marker(text)) for text in package.resolution_markers])
        version = parse_version(package.version)
        versions.append(Preference(name=package.name, version=version, markers=markers, index=index))
    forks: tuple[str, ...] = ()
    if isinstance(verdict, Preferable | Satisfied):
        forks = lock.resolution_markers
    fork_markers = tuple([requires_python.complexify(parse_marker(text)) for text in forks])
    return Preferences(tuple(versions), tuple(pins), fork_markers)


def _git_pin(package: LockedPackage) -> GitPin | None:
    location = split_git_location(package.source.location)
    if location.commit is None:
        return None
    return GitPin(location.url, location.reference.value, location.commit)


def group_requirements(lock: Lock, groups: frozenset[GroupName]) -> frozenset[PackageName]:
    """Return the names that *groups* of any project of *lock* require directly."""
    if not groups:
        return frozenset()
    tables = [package.metadata.requires_dev for package in lock.packages if package.metadata is not None]
    tables.append(lock.manifest.dependency_groups)
    names = {requirement.name for table in tables for group in groups for requirement in table.get(group, ())}
    # A lock may say no more than what groups lead to.
    edges = [package.dev_dependencies.get(group, ()) for package in lock.packages for group in groups]
    return frozenset(names.union(edge.name for section in edges for edge in section))

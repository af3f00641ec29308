"""Whether a wheel that was built agrees with what the lock says of its package.

Only for sources that cannot change (an index, a URL, a commit, an archive): what their build says today was said when
they were locked, unless the build looks at its surroundings. What the user overrides is not compared.

Specification: docs/lockfile.md "Builds that contradict".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.errors import ExitStatus, MauveError
from mauve.standards.markers.environment import evaluate
from mauve.standards.markers.parse import parse_marker
from mauve.standards.requirements import InvalidRequirement, parse_requirement
from mauve.standards.versions import parse_version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mauve.lock.model import Lock, LockedDependency, LockedPackage
    from mauve.standards.markers.environment import MarkerEnvironment
    from mauve.standards.metadata import CoreMetadata
    from mauve.standards.names import PackageName
    from mauve.standards.requirements import Requirement
    from mauve.standards.versions import Version


class ContradictingBuild(MauveError):
    """A built wheel says something else than the lock."""

    status = ExitStatus.FAILURE

    def __init__(self, name: PackageName, version: str | None, difference: str, requires_dist: tuple[str, ...]) -> None:
        """Name the package and the *difference*; *requires_dist* is what the lock has."""
        super().__init__(name, version, difference, requires_dist)
        self.name = name
        self.version = version
        self.difference = difference
        self.requires_dist = requires_dist

    def __str__(self) -> str:
        """Return the message."""
        return f"The wheel of `{self.name}` contradicts the lockfile: {self.difference}"

    def hints(self) -> tuple[str, ...]:
        """Tell both ways out."""
        version = "" if self.version is None else f'version = "{self.version}"\n'
        requires = ", ".join(f'"{requirement}"' for requirement in self.requires_dist)
        table = f'[[tool.uv.dependency-metadata]]\nname = "{self.name}"\n{version}requires-dist = [{requires}]'
        refresh = f"uv lock --refresh-package {self.name} --upgrade-package {self.name}"
        way = f"To follow the build, run `{refresh}`; to follow the lockfile, add to your `pyproject.toml`"
        return (f"{way}:\n\n{table}",)


class BuiltVersion(MauveError):
    """A built wheel has another version than the lock."""

    status = ExitStatus.FAILURE

    def __init__(self, found: Version, locked: Version) -> None:
        """Name both versions."""
        super().__init__(found, locked)
        self.found = found
        self.locked = locked

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Package metadata version `{self.found}` does not match given version `{self.locked}`"


def check_built(
    lock: Lock, environment: MarkerEnvironment, name: PackageName, version: Version | None, metadata: CoreMetadata
) -> None:
    """Raise if *metadata*, of a wheel built for the package *name* in *version*, says something else than *lock*.

    Raises:
        BuiltVersion: the version differs.
        ContradictingBuild: it requires what the lock lacks, or other versions.
    """
    if version is not None and metadata.version.without_local() != version.without_local():
        raise BuiltVersion(metadata.version, version)
    manifest = lock.manifest
    if any(told.name == name for told in manifest.dependency_metadata) or manifest.scoped_overrides:
        return
    package = next((each for each in lock.packages if each.name == name and _is_version(each, version)), None)
    if package is None:
        return
    ignored = {override.name for override in manifest.overrides} | set(manifest.excludes)
    ignored.update(excluded for scope in manifest.scoped_excludes for excluded in scope.dependencies)
    edges = [edge for edge in package.dependencies if _holds(edge, environment)]
    for requirement in _requirements(metadata, environment):
        if requirement.name in ignored or requirement.name == name:
            continue
        difference = _difference(requirement, edges, lock)
        if difference is not None:
            raise ContradictingBuild(
                name, package.version, difference, tuple([_written(e) for e in package.dependencies])
            )


def _is_version(package: LockedPackage, version: Version | None) -> bool:
    return version is None or package.version is None or parse_version(package.version) == version


def _holds(edge: LockedDependency, environment: MarkerEnvironment) -> bool:
    return edge.marker is None or evaluate(parse_marker(edge.marker), environment)


def _requirements(metadata: CoreMetadata, environment: MarkerEnvironment) -> Iterable[Requirement]:
    """Yield what the wheel requires in *environment* without extras."""
    for text in metadata.requires_dist:
        try:
            requirement = parse_requirement(text)
        except InvalidRequirement:
            continue  # the resolver was as lenient
        if evaluate(requirement.marker, environment):
            yield requirement


def _difference(requirement: Requirement, edges: list[LockedDependency], lock: Lock) -> str | None:
    found = [edge for edge in edges if edge.name == requirement.name]
    if not found:
        return f"it requires `{requirement.name}`, which is not locked for it"
    for edge in found:
        targets = [
            package
            for package in lock.packages
            if package.name == edge.name and (edge.version is None or package.version == edge.version)
        ]
        for target in targets:
            if target.version is None or requirement.url is not None:
                return None
            if requirement.specifiers.contains(parse_version(target.version)):
                return None
    versions = ", ".join(
        sorted({package.version or "" for package in lock.packages if package.name == requirement.name})
    )
    return f"it requires `{requirement.name}{requirement.specifiers}`, but `{requirement.name}=={versions}` is locked"


def _written(edge: LockedDependency) -> str:
    extras = f"[{','.join(edge.extra)}]" if edge.extra else ""
    version = "" if edge.version is None else f"=={edge.version}"
    return f"{edge.name}{extras}{version}{'' if edge.marker is None else f' ; {edge.marker}'}"

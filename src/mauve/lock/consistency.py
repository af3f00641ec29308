"""Whether the entries of a lock fit together: what uv refuses while it reads a lockfile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mauve.lock.errors import InconsistentLock
from mauve.lock.model import SourceKind

if TYPE_CHECKING:
    from mauve.lock.model import Lock, LockedDependency, LockedPackage
    from mauve.standards.names import PackageName

_NEEDS_HASH: Final = frozenset((SourceKind.URL, SourceKind.PATH))


def check_references(lock: Lock) -> None:
    """Raise `InconsistentLock` for two equal packages, and for edges that are ambiguous, doubled or lead nowhere."""
    by_name: dict[PackageName, LockedPackage | None] = {}
    identities: set[object] = set()
    for package in lock.packages:
        identity = package.identity
        if identity in identities:
            message = f"Found duplicate package `{package}`"
            raise InconsistentLock(message)
        identities.add(identity)
        by_name[package.name] = None if package.name in by_name else package
    for package in lock.packages:
        for edges in (
            package.dependencies,
            *package.optional_dependencies.values(),
            *package.dev_dependencies.values(),
        ):
            if len(set(edges)) != len(edges):
                doubled = next(edge for edge in edges if edges.count(edge) > 1)
                target = by_name.get(doubled.name)
                version = doubled.version or (target.version if target else None)
                shown = doubled.name if version is None else f"{doubled.name}=={version}"
                message = f"For package `{package}`, found duplicate dependency `{shown}`"
                raise InconsistentLock(message)
            for edge in edges:
                _check_target(package, edge, by_name, identities)


def _check_target(
    package: LockedPackage,
    edge: LockedDependency,
    by_name: dict[PackageName, LockedPackage | None],
    identities: set[object],
) -> None:
    only = by_name.get(edge.name)
    if edge.source is None:
        if only is None:
            message = f"Dependency `{edge.name}` has missing `source` field but has more than one matching package"
            raise InconsistentLock(message)
        if edge.version is None or edge.version == only.version:
            return
    version = edge.version if edge.version is not None or only is None else only.version
    source = edge.source if edge.source is not None or only is None else only.source
    if (edge.name, version, source) not in identities:
        shown = edge.name if version is None else f"{edge.name}=={version}"
        message = f"For package `{package}`, found dependency `{shown}` with no locked package"
        raise InconsistentLock(message)


def check_wheels(lock: Lock) -> None:
    """Raise `InconsistentLock` if a wheel's name carries another version, or a direct archive has no hash."""
    for package in lock.packages:
        version = package.version
        for wheel in package.wheels:
            if version is None or not wheel.location:
                continue
            # The version as text is enough for nearly every wheel; only others are parsed.
            if f"-{version}-" not in wheel.location:
                _check_wheel_version(package, version, wheel.filename)
        if package.source.kind in _NEEDS_HASH:
            files = [("source distribution", package.sdist)] if package.sdist else []
            for what, file in (*files, *(("wheel", wheel) for wheel in package.wheels)):
                if file.hash is None:
                    kind = "direct URL" if package.source.kind is SourceKind.URL else "path"
                    message = (
                        f"Since the package `{package}` comes from a {kind} dependency, a hash was expected but one "
                        f"was not found for {what}"
                    )
                    raise InconsistentLock(message)


def _check_wheel_version(package: LockedPackage, version: str, filename: str) -> None:
    from mauve.standards.filenames import InvalidFilename, parse_wheel_filename
    from mauve.standards.versions import parse_version

    try:
        found = parse_wheel_filename(filename).version
    except InvalidFilename as error:
        message = f"failed to parse `{filename}` as wheel filename: {error}"
        raise InconsistentLock(message) from error
    expected = parse_version(version)
    if found != expected and found.without_local() != expected:
        message = (
            f"The entry for package `{package.name}` ({version}) has wheel `{filename}` with inconsistent version "
            f"({found}), which indicates a malformed wheel. If this is intentional, set "
            "`UV_SKIP_WHEEL_FILENAME_CHECK=1`."
        )
        raise InconsistentLock(message)

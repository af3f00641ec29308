"""Sources and requirements between their domain form and that of the lockfile, and the order of requirements.

Paths are absolute in the domain and relative to the lockfile's folder in the lock, unless the user wrote them
absolute. URLs lose their credentials on the way into a lock.

Specification: docs/lockfile.md "Requirement tables".
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, TypeAlias, assert_never

from mauve.distributions.sources import (
    DirectorySource,
    EditableSource,
    FromDirectory,
    FromGit,
    FromPath,
    FromRegistry,
    FromUrl,
    GitSource,
    PathSource,
    RegistrySource,
    Source,
    UrlSource,
    VirtualSource,
    without_credentials,
)
from mauve.lock.model import (
    GitLocation,
    LockedRequirement,
    LockedSource,
    SourceKind,
    join_git_location,
    split_git_location,
)
from mauve.standards.markers.order import sort_key
from mauve.standards.markers.render import render
from mauve.standards.specifiers import Operator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mauve.distributions.requirements import SourcedRequirement
    from mauve.standards.specifiers import Specifier
    from mauve.standards.versions import Key

OrderKey: TypeAlias = tuple[object, ...]

_RANK: Final = {operator: rank for rank, operator in enumerate(Operator)}


# --- locations


def relative_path(path: str, root: str) -> str:
    """Return *path* relative to *root*, with slashes; the root itself is `.`."""
    return os.path.relpath(path, root).replace(os.sep, "/")


def absolute_path(path: str, root: str) -> str:
    """Return *path*, which is relative to *root* unless it is absolute, as an absolute one."""
    return os.path.normpath(os.path.join(root, path))


def index_location(url: str) -> str:
    """Return what identifies the index at *url*: the URL without credentials, or the absolute path of a local one."""
    if not url.startswith("file:"):
        return without_credentials(url) if "://" in url else absolute_path(url, "/")
    from urllib.parse import unquote

    return absolute_path(unquote(url.removeprefix("file://")), "/")


def _location(path: str, root: str, *, given_absolute: bool) -> str:
    return path if given_absolute else relative_path(path, root)


def lock_source(source: Source, root: str) -> LockedSource:
    """Return the source table of a package from *source* in a lockfile in the folder *root*."""
    match source:
        case RegistrySource():
            location = source.location
            if source.is_path:
                location = _location(location, root, given_absolute=source.given_absolute)
            return LockedSource(SourceKind.REGISTRY, without_credentials(location))
        case GitSource():
            git = GitLocation(
                url=without_credentials(source.url),
                reference=source.reference,
                commit=source.commit,
                subdirectory=source.subdirectory,
                lfs=source.lfs,
            )
            return LockedSource(SourceKind.GIT, join_git_location(git))
        case UrlSource():
            url = without_credentials(source.url).partition("#")[0]
            return LockedSource(SourceKind.URL, url, source.subdirectory)
        case PathSource():
            kind = SourceKind.PATH
        case DirectorySource():
            kind = SourceKind.DIRECTORY
        case EditableSource():
            kind = SourceKind.EDITABLE
        case VirtualSource():
            kind = SourceKind.VIRTUAL
        case _:
            assert_never(source)
    return LockedSource(kind, _location(source.path, root, given_absolute=source.given_absolute))


def unlock_source(source: LockedSource, root: str) -> Source:
    """Return the source that *source* describes in a lockfile in the folder *root*."""
    location = source.location
    match source.kind:
        case SourceKind.REGISTRY:
            if source.is_registry_path:
                return RegistrySource(absolute_path(location, root), True, os.path.isabs(location))
            return RegistrySource(location)
        case SourceKind.GIT:
            git = split_git_location(location)
            return GitSource(
                url=git.url,
                commit=git.commit or "",
                reference=git.reference,
                subdirectory=git.subdirectory,
                lfs=git.lfs,
            )
        case SourceKind.URL:
            return UrlSource(location, source.subdirectory)
        case SourceKind.PATH:
            local: type[PathSource | DirectorySource | EditableSource | VirtualSource] = PathSource
        case SourceKind.DIRECTORY:
            local = DirectorySource
        case SourceKind.EDITABLE:
            local = EditableSource
        case SourceKind.VIRTUAL:
            local = VirtualSource
    return local(absolute_path(location, root), os.path.isabs(location))


# --- requirements


def lock_requirement(requirement: SourcedRequirement, root: str) -> LockedRequirement:
    """Return the requirement table of *requirement* in a lockfile in the folder *root*."""
    source = requirement.source
    marker = render(requirement.marker)
    if isinstance(source, FromRegistry):
        conflict = source.conflict
        return LockedRequirement(
            name=requirement.name,
            extras=requirement.extras,
            groups=requirement.groups,
            marker=marker,
            specifier=source.specifiers.lock_text() or None,
            index=None if source.index is None else without_credentials(source.index),
            conflict=None if conflict is None else (conflict.package, conflict.extra, conflict.group),
            hashes=requirement.hashes,
        )
    return LockedRequirement(
        name=requirement.name,
        extras=requirement.extras,
        groups=requirement.groups,
        marker=marker,
        source=_requirement_source(source, root),
        hashes=requirement.hashes,
    )


def _requirement_source(source: FromGit | FromUrl | FromPath | FromDirectory, root: str) -> LockedSource:
    match source:
        case FromGit():
            location = GitLocation(
                url=without_credentials(source.url),
                reference=source.reference,
                subdirectory=source.subdirectory,
                lfs=source.lfs,
            )
            return LockedSource(SourceKind.GIT, join_git_location(location))
        case FromUrl():
            return LockedSource(SourceKind.URL, without_credentials(source.url).partition("#")[0], source.subdirectory)
        case FromPath():
            return LockedSource(SourceKind.PATH, _given_location(source.path, source.given, root))
        case FromDirectory():
            if source.virtual:
                kind = SourceKind.VIRTUAL
            else:
                kind = SourceKind.EDITABLE if source.editable else SourceKind.DIRECTORY
            return LockedSource(kind, _given_location(source.path, source.given, root))


def _given_location(path: str, given: str, root: str) -> str:
    return _location(path, root, given_absolute=os.path.isabs(given) or given.startswith("file:"))


def _written_order(specifier: Specifier) -> tuple[Key, int]:
    return (specifier.version.key, _RANK[specifier.operator])


def _specifier_key(specifier: Specifier) -> tuple[int, Key]:
    return (_RANK[specifier.operator], specifier.version.key)


def _optional_key(text: str | None) -> tuple[str, ...]:
    return () if text is None else (text,)


def requirement_key(requirement: SourcedRequirement, root: str) -> OrderKey:
    """Return the key by which uv sorts requirements: name, extras, groups, marker, source."""
    source = requirement.source
    key: OrderKey
    match source:
        case FromRegistry():
            clauses = sorted(source.specifiers.specifiers, key=_written_order)
            conflict = source.conflict
            key = (
                0,
                tuple([_specifier_key(clause) for clause in clauses]),
                _optional_key(source.index),
                () if conflict is None else conflict.sort_key,
            )
        case FromUrl():
            key = (1, source.url, _optional_key(source.subdirectory))
        case FromGit():
            key = (
                2,
                source.url,
                str(source.reference.kind),
                source.reference.value,
                _optional_key(source.subdirectory),
            )
        case FromPath():
            key = (3, source.path)
        case FromDirectory():
            key = (4, relative_path(source.path, root))
    return (requirement.name, requirement.extras, requirement.groups, sort_key(requirement.marker), key)


def lock_requirements(requirements: Iterable[SourcedRequirement], root: str) -> tuple[LockedRequirement, ...]:
    """Return the tables of *requirements* as a lockfile in the folder *root* lists them: sorted, each once."""
    ordered = sorted(set(requirements), key=lambda requirement: requirement_key(requirement, root))
    if len(ordered) < 2:
        return tuple([lock_requirement(requirement, root) for requirement in ordered])
    return tuple(dict.fromkeys([lock_requirement(requirement, root) for requirement in ordered]))

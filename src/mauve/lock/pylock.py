"""Read `pylock.toml`, the lockfile that any installer understands, and select what one environment needs of it.

Its packages become those of our own lock, so that files are chosen and refusals are worded in one place.

Specification: PEP 751.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, ValidationError, convert

from mauve.distributions.resolution import Resolution
from mauve.distributions.sources import GitReference, GitReferenceKind
from mauve.lock.distributions import DistributionReader
from mauve.lock.model import (
    GitLocation,
    LockedFile,
    LockedFiles,
    LockedPackage,
    LockedSource,
    SourceKind,
    join_git_location,
)
from mauve.lock.pylock_errors import (
    AmbiguousPackage,
    EmptyPackage,
    InvalidArtifact,
    InvalidPylock,
    UnfitPackage,
    UnsuitablePackage,
    UnsuitablePylock,
)
from mauve.lock.selection_errors import UninstallablePackage
from mauve.standards.hashes import InvalidDigest, parse_digest
from mauve.standards.markers.environment import evaluate
from mauve.standards.markers.parse import InvalidMarker, parse_marker
from mauve.standards.names import PackageName, package_name
from mauve.standards.specifiers import parse_specifiers
from mauve.standards.toml import InvalidToml, parse_toml, point_at
from mauve.standards.versions import parse_version

if TYPE_CHECKING:
    from mauve.resolver.manifest import BuildPolicy
    from mauve.standards.markers.environment import MarkerEnvironment
    from mauve.standards.tags import Tags

_STRONGEST: Final = ("sha256", "sha512", "sha384", "blake2b", "md5")


class _FileTable(Struct, rename="kebab"):
    """A wheel, a source distribution or an archive."""

    hashes: dict[str, str]
    name: str | None = None
    url: str | None = None
    path: str | None = None
    size: int | None = None
    subdirectory: str | None = None


class _DirectoryTable(Struct, rename="kebab"):
    path: str
    editable: bool | None = None
    subdirectory: str | None = None


class _RepositoryTable(Struct, rename="kebab"):
    type: str
    commit_id: str
    url: str | None = None
    path: str | None = None
    requested_revision: str | None = None
    subdirectory: str | None = None


class _PackageTable(Struct, rename="kebab"):
    name: str
    version: str | None = None
    index: str | None = None
    marker: str | None = None
    requires_python: str | None = None
    wheels: list[_FileTable] = []
    sdist: _FileTable | None = None
    archive: _FileTable | None = None
    directory: _DirectoryTable | None = None
    vcs: _RepositoryTable | None = None


class _Table(Struct, rename="kebab"):
    lock_version: str
    requires_python: str | None = None
    extras: list[str] = []
    dependency_groups: list[str] = []
    default_groups: list[str] = []
    packages: list[_PackageTable] = []


class Pylock(Struct, frozen=True):
    """One file.

    Attributes:
        folder: that its paths start from.
        shown: how messages call it.
    """

    folder: str
    shown: str
    table: _Table

    @property
    def extras(self) -> frozenset[str]:
        """Return the extras that it knows."""
        return frozenset(self.table.extras)

    @property
    def default_groups(self) -> frozenset[str]:
        """Return the groups that are installed unless others are asked for."""
        return frozenset(self.table.default_groups)


def parse_pylock(text: str, path: str, shown: str) -> Pylock:
    """Return the file at *path*, which holds *text*.

    Raises:
        InvalidPylock: it is not TOML, or not of this form.
    """
    try:
        document = parse_toml(text)
        _check(text, document)
        table = convert(document, _Table)
    except InvalidToml as error:
        raise InvalidPylock(shown) from error
    except ValidationError as error:
        raise InvalidPylock(shown) from point_at(text, (), str(error))
    return Pylock(os.path.dirname(path), shown, table)


def _check(text: str, document: dict[str, Any]) -> None:
    """Raise `InvalidToml` where a value stands that no file of this form has."""
    version = document.get("lock-version")
    if version is None:
        raise point_at(text, (), "missing field `lock-version`")
    if str(version).partition(".")[0] != "1":
        reason = f"unsupported lock version (`{version}`, but only major version 1 is supported)"
        raise point_at(text, ("lock-version",), reason)
    for number, package in enumerate(document.get("packages", [])):
        place: tuple[str | int, ...] = ("packages", number)
        files = [((*place, "wheels", at), file) for at, file in enumerate(package.get("wheels", []))]
        files += [((*place, key), package[key]) for key in ("sdist", "archive") if key in package]
        for where, file in files:
            _check_file(text, where, file)


def _check_file(text: str, place: tuple[str | int, ...], file: dict[str, Any]) -> None:
    if "hashes" not in file:
        raise point_at(text, place, "missing field `hashes`")
    for algorithm, digest in file["hashes"].items():
        try:
            parse_digest(f"{algorithm}:{digest}")
        except InvalidDigest as error:
            raise point_at(text, (*place, "hashes"), f"{error}\nin `{algorithm}`") from None


def select_pylock(
    pylock: Pylock,
    environment: MarkerEnvironment,
    tags: Tags,
    build: BuildPolicy,
    *,
    extras: frozenset[str] = frozenset(),
    groups: frozenset[str] = frozenset(),
) -> Resolution:
    """Return what an environment with *tags* needs of *pylock*, with *extras* and *groups*.

    Raises:
        MauveError: the file is for other Pythons, or a package of it cannot be installed.
    """
    table = pylock.table
    python = parse_version(environment.python_full_version)
    if table.requires_python is not None and not parse_specifiers(table.requires_python).contains(python):
        raise UnsuitablePylock(environment.python_full_version, table.requires_python)
    reader = DistributionReader(pylock.folder, environment, tags, build)
    found = []
    for package in table.packages:
        name = package_name(package.name)
        try:
            holds = package.marker is None or evaluate(parse_marker(package.marker), environment, extras, groups)
        except InvalidMarker as error:
            raise InvalidPylock(pylock.shown) from error
        if not holds:
            continue
        wanted = package.requires_python
        if wanted is not None and not parse_specifiers(wanted).contains(python):
            raise UnsuitablePackage(name, wanted, environment.python_full_version)
        try:
            found.append(reader.read(_locked(name, package, pylock.folder)))
        except UninstallablePackage as error:
            raise UnfitPackage(name, error.reason, error.hints()) from None
    return Resolution(tuple(sorted(found, key=lambda each: each.name)))


def _locked(name: PackageName, package: _PackageTable, folder: str) -> LockedPackage:
    """Return *package* as a package of our own lock."""
    _check_kinds(name, package)
    if package.directory is not None:
        kind = SourceKind.EDITABLE if package.directory.editable else SourceKind.DIRECTORY
        path = os.path.join(folder, package.directory.path, package.directory.subdirectory or "")
        return LockedPackage(name=name, source=LockedSource(kind, os.path.normpath(path)))
    if package.vcs is not None:
        return LockedPackage(name=name, version=package.version, source=_repository(package.vcs, folder))
    if package.archive is not None:
        return _archive(name, package, package.archive, folder)
    source = LockedSource(SourceKind.REGISTRY, package.index or "")
    wheels = tuple([_file(file, folder) for file in package.wheels])
    sdist = None if package.sdist is None else _file(package.sdist, folder)
    return LockedPackage(name=name, version=package.version, source=source, files=LockedFiles(sdist, wheels))


def _check_kinds(name: PackageName, package: _PackageTable) -> None:
    """Raise if *package* has no source, or several."""
    published = "packages.wheels" if package.wheels else "packages.sdist" if package.sdist is not None else None
    others = [
        (f"packages.{field}", words)
        for field, words in (("directory", "a directory"), ("vcs", "a VCS"), ("archive", "an archive"))
        if getattr(package, field) is not None
    ]
    if published is not None and others:
        raise AmbiguousPackage(name, published, "a registry", *others[0])
    if len(others) > 1:
        raise AmbiguousPackage(name, others[0][0], others[0][1], *others[1])
    if published is None and not others:
        raise EmptyPackage(name)


def _repository(table: _RepositoryTable, folder: str) -> LockedSource:
    reference = GitReference()
    if table.requested_revision is not None:
        reference = GitReference(GitReferenceKind.REV, table.requested_revision)
    url = table.url or f"file://{os.path.normpath(os.path.join(folder, table.path or ''))}"
    location = GitLocation(
        url=url, reference=reference, commit=table.commit_id, subdirectory=table.subdirectory, lfs=False
    )
    return LockedSource(SourceKind.GIT, join_git_location(location))


def _archive(name: PackageName, package: _PackageTable, file: _FileTable, folder: str) -> LockedPackage:
    if file.path is not None:
        location = os.path.normpath(os.path.join(folder, file.path))
        source = LockedSource(SourceKind.PATH, location)
    else:
        location = _checked(file.url)
        source = LockedSource(SourceKind.URL, location, file.subdirectory)
    filename = file.name or location.partition("?")[0].partition("#")[0].rpartition("/")[2]
    locked = LockedFile("filename", filename, _hash(file), file.size)
    if filename.endswith(".whl"):
        return LockedPackage(name=name, version=package.version, source=source, files=LockedFiles(None, (locked,)))
    plain = LockedFile("", "", _hash(file), file.size)
    return LockedPackage(name=name, version=package.version, source=source, files=LockedFiles(plain))


def _file(file: _FileTable, folder: str) -> LockedFile:
    if file.path is not None:
        from mauve.filesystem.file_urls import file_url

        url = file_url(os.path.normpath(os.path.join(folder, file.path)))
    else:
        url = _checked(file.url)
    return LockedFile("url", url, _hash(file), file.size)


def _checked(url: str | None) -> str:
    """Return *url* if it leads to a file."""
    if url is None or not url.startswith(("http://", "https://", "file://")):
        raise InvalidArtifact(url or "")
    return url


def _hash(file: _FileTable) -> str | None:
    algorithm = next((each for each in _STRONGEST if each in file.hashes), None)
    return None if algorithm is None else f"{algorithm}:{file.hashes[algorithm]}"

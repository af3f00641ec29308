"""One locked package -> what an installer is given, for one interpreter.

Only wheels that the interpreter accepts become values; the tags of the others are compared as text.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from mauve.distributions.files import File, Sdist, Wheel
from mauve.distributions.resolution import ResolvedDistribution
from mauve.distributions.sources import DirectorySource, EditableSource
from mauve.filesystem.file_urls import file_url
from mauve.lock.model import SourceKind
from mauve.lock.requirements import absolute_path, unlock_source
from mauve.standards.filenames import (
    InvalidFilename,
    is_former_archive,
    parse_sdist_filename,
    parse_wheel_filename,
    tags_of,
)
from mauve.standards.hashes import HashDigest
from mauve.standards.tags import TagMismatch
from mauve.standards.versions import Version, parse_version

if TYPE_CHECKING:
    from mauve.distributions.sources import Source
    from mauve.lock.model import LockedFile, LockedPackage, LockedSource
    from mauve.lock.selection_errors import UninstallablePackage
    from mauve.resolver.manifest import BuildPolicy
    from mauve.standards.filenames import SdistFilename
    from mauve.standards.markers.environment import MarkerEnvironment
    from mauve.standards.names import PackageName
    from mauve.standards.tags import Tags


def refused_wheels(package: LockedPackage, build: BuildPolicy) -> UninstallablePackage | None:
    """Return why *package* cannot be had if its wheels are refused; None if they are not."""
    if not build.forbids_wheel(package.name):
        return None
    from mauve.lock.selection_errors import UninstallablePackage

    if build.forbids_build(package.name):
        return UninstallablePackage(package, "it is marked as both `--no-binary` and `--no-build`")
    is_wheel = package.source.kind is not SourceKind.REGISTRY and package.wheels
    why = "is itself a binary distribution" if is_wheel else "has no source distribution"
    return UninstallablePackage(package, f"it is marked as `--no-binary` but {why}")


def refused_build(package: LockedPackage, build: BuildPolicy) -> UninstallablePackage:
    """Return why *package*, which may not be built, cannot be had."""
    from mauve.lock.selection_errors import UninstallablePackage

    refused = refused_wheels(package, build)
    return refused or UninstallablePackage(package, "it is marked as `--no-build` but has no binary distribution")


class DistributionReader:
    """Reads packages of one lock for one interpreter."""

    __slots__ = (
        "_build",
        "_editable",
        "_environment",
        "_no_editable_packages",
        "_root",
        "_sources",
        "_tags",
    )

    def __init__(
        self,
        root: str,
        environment: MarkerEnvironment,
        tags: Tags,
        build: BuildPolicy,
        *,
        editable: bool | None = None,
        no_editable_packages: frozenset[PackageName] = frozenset(),
    ) -> None:
        """Take the folder of the lockfile, the interpreter, and which editable sources are to change."""
        self._root = root
        self._environment = environment
        self._tags = tags
        self._build = build
        self._editable = editable
        self._no_editable_packages = no_editable_packages
        self._sources: dict[LockedSource, Source] = {}

    def read(self, package: LockedPackage) -> ResolvedDistribution:
        """Return *package* with the wheels that fit, best first; its source distribution only if none does.

        Raises:
            UninstallablePackage: there is no file to install or to build from.
        """
        source = self._source(package)
        version = None if package.version is None else parse_version(package.version)
        if package.source.is_tree or package.source.kind is SourceKind.GIT:
            # What is no package is not built.
            if package.source.kind is not SourceKind.VIRTUAL and self._build.forbids_build(package.name):
                raise self._uninstallable(package)
            return ResolvedDistribution(name=package.name, version=version, source=source)
        wheels = () if self._build.forbids_wheel(package.name) else self._fitting_wheels(package)
        if wheels:
            # A wheel may be of a local variant of the version that is locked; that is what will be installed.
            version = wheels[0].filename.version
            return ResolvedDistribution(name=package.name, version=version, source=source, wheels=wheels)
        sdist = None if self._build.forbids_build(package.name) else self._sdist(package, version)
        if sdist is None:
            raise self._uninstallable(package)
        return ResolvedDistribution(name=package.name, version=version, source=source, sdist=sdist)

    def _source(self, package: LockedPackage) -> Source:
        locked = package.source
        source = self._sources.get(locked)
        if source is None:
            source = unlock_source(locked, self._root)
            if package.name in self._no_editable_packages or self._editable is False:
                if isinstance(source, EditableSource):
                    source = DirectorySource(source.path, source.given_absolute)
            elif self._editable is True and isinstance(source, DirectorySource):
                source = EditableSource(source.path, source.given_absolute)
            self._sources[locked] = source
        return source

    def _rank(self, filename: str) -> int | None:
        """Return how well the wheel *filename* fits, smaller is better; None if it does not."""
        tags = tags_of(filename)
        return None if tags is None else self._tags.priority_of(tags)

    def _fitting_wheels(self, package: LockedPackage) -> tuple[Wheel, ...]:
        wheels: list[tuple[int, Wheel]] = []
        for file in package.wheels:
            filename = file.filename
            rank = self._rank(filename)
            if rank is not None:
                with suppress(InvalidFilename):
                    wheels.append((rank, self._wheel(package, file, filename)))
        if len(wheels) > 1:
            # Of equal tags the highest build is the best.
            wheels.sort(key=lambda pair: pair[1].filename.build_order, reverse=True)
            wheels.sort(key=lambda pair: pair[0])
        return tuple([wheel for _, wheel in wheels])

    def _wheel(self, package: LockedPackage, file: LockedFile, filename: str) -> Wheel:
        return Wheel(self._file(package, file, filename), parse_wheel_filename(filename))

    def _sdist(self, package: LockedPackage, version: Version | None) -> Sdist | None:
        file = package.sdist
        if file is None:
            return None
        name: SdistFilename | None = None
        filename = file.filename or package.source.location.rpartition("/")[2]
        if is_former_archive(filename):
            from mauve.lock.selection_errors import NonStandardArchive

            raise NonStandardArchive(package)
        if package.source.kind is SourceKind.REGISTRY and version is not None:
            name = parse_sdist_filename(filename, package.name)
        return Sdist(self._file(package, file, filename), name)

    def _file(self, package: LockedPackage, file: LockedFile, filename: str) -> File:
        source = package.source
        if file.kind == "url":
            url = file.location
        elif source.kind is SourceKind.URL:
            url = source.location
        else:
            path = absolute_path(source.location, self._root)
            if file.kind == "path":
                path = absolute_path(file.location, path)
            url = file_url(path)
        hashes = () if file.hash is None else (HashDigest.parse(file.hash),)
        return File(filename=filename, url=url, hashes=hashes, size=file.size)

    def _uninstallable(self, package: LockedPackage) -> UninstallablePackage:
        from mauve.lock.selection_errors import UninstallablePackage

        if self._build.forbids_build(package.name):
            return refused_build(package, self._build)
        refused = refused_wheels(package, self._build)
        if refused is not None:
            return refused
        if package.source.kind is not SourceKind.REGISTRY and package.wheels:
            return UninstallablePackage(
                package, "the binary distribution is incompatible with the current platform", self._hint(package)
            )
        return UninstallablePackage(
            package, "it doesn't have a source distribution or wheel for the current platform", self._hint(package)
        )

    def _hint(self, package: LockedPackage) -> str | None:
        """Return how the wheels differ from what the interpreter accepts, by the part that is nearest to fitting."""
        wheels = [parse_wheel_filename(file.filename) for file in package.wheels]
        mismatches = [(self._tags.mismatch(wheel), wheel) for wheel in wheels]
        nearest = max((mismatch for mismatch, _ in mismatches if mismatch is not None), default=None)
        near = [wheel for mismatch, wheel in mismatches if mismatch is nearest]
        shown = package.name if package.version is None else f"`{package.name}` (v{package.version})"
        environment, tags = self._environment, self._tags
        python = f"{environment.platform_python_implementation} {environment.python_version}"
        match nearest:
            case TagMismatch.PYTHON:
                what = _listed("tag", [tag for wheel in near for tag in wheel.python_tags])
                return (
                    f"You're using {python} (`{tags.python_tag}`), but {shown} only has wheels with the following "
                    f"Python implementation {what}"
                )
            case TagMismatch.ABI:
                tags_of_abis = [tag for wheel in near for tag in wheel.abi_tags if tag != "none"]
                if not tags_of_abis:
                    return None
                what = _listed("tag", tags_of_abis)
                return (
                    f"You're using {python} (`{tags.abi_tag}`), but {shown} only has wheels with the following Python "
                    f"ABI {what}"
                )
            case TagMismatch.PLATFORM:
                what = _listed("platform", [tag for wheel in near for tag in wheel.platform_tags])
                system = "macOS" if environment.platform_system == "Darwin" else environment.platform_system
                marker = f"sys_platform == '{environment.sys_platform}'"
                marker += f" and platform_machine == '{environment.platform_machine}'"
                hint = f'consider adding "{marker}" to `tool.uv.required-environments`'
                return (
                    f"You're on {system} (`{tags.platform_tag}`), but {shown} only has wheels for the following "
                    f"{what}; {hint} to ensure uv resolves to a version with compatible wheels"
                )
            case None:
                return None


def _listed(noun: str, tags: list[str]) -> str:
    """Return the noun in its number, and the different *tags*."""
    different = sorted(set(tags))
    return f"{noun}{'' if len(different) == 1 else 's'}: {', '.join(f'`{tag}`' for tag in different)}"

"""What a source archive says about itself without being built: PKG-INFO, else a static pyproject.toml."""

from __future__ import annotations

import tarfile
import zipfile
from typing import TYPE_CHECKING

from msgspec import Struct, ValidationError, convert, field

from mauve.standards.metadata import CoreMetadata, InvalidCoreMetadata, parse_metadata
from mauve.standards.names import extra_name, package_name
from mauve.standards.versions import parse_version

if TYPE_CHECKING:
    from collections.abc import Iterator

_LARGEST = 1 << 24


def read_static_metadata(path: str) -> CoreMetadata | None:
    """Return the metadata of the archive at *path* if it cannot differ from what a build gives, else None.

    That is the case for PKG-INFO of version 2.2 or newer whose fields of interest are not dynamic, else for a
    pyproject.toml that declares all of them.
    """
    project: CoreMetadata | None = None
    try:
        for name, content in _top_files(path):
            if name == "PKG-INFO":
                metadata = parse_metadata(content)
                if metadata.is_static:
                    return metadata
            else:
                project = parse_static_project(content)
    except (tarfile.TarError, zipfile.BadZipFile, OSError, EOFError, InvalidCoreMetadata):
        return None  # the build will say what is wrong with it
    return project


class _Project(Struct):
    name: str
    version: str | None = None
    requires_python: str | None = field(name="requires-python", default=None)
    dependencies: list[str] | None = None
    optional_dependencies: dict[str, list[str]] = field(name="optional-dependencies", default={})
    dynamic: list[str] = []


class _Document(Struct):
    project: _Project
    tool: dict[str, object] = {}


_NEEDED = frozenset({"version", "requires-python", "dependencies", "optional-dependencies"})


def parse_static_project(content: bytes) -> CoreMetadata | None:
    """Return the metadata that the `[project]` table of a pyproject.toml declares, None if any of it is computed."""
    import tomllib

    try:
        document = convert(tomllib.loads(content.decode()), _Document)
        project = document.project
        if project.version is None or not _NEEDED.isdisjoint(project.dynamic):
            return None
        if project.dependencies is None and "poetry" in document.tool:
            return None  # Poetry's own table has them
        requirements = list(project.dependencies or ())
        for extra, required in project.optional_dependencies.items():
            requirements += [_under_extra(requirement, extra) for requirement in required]
        return CoreMetadata(
            metadata_version="2.2",
            name=package_name(project.name),
            version=parse_version(project.version),
            requires_dist=tuple(requirements),
            requires_python=project.requires_python,
            provides_extra=tuple([extra_name(extra) for extra in project.optional_dependencies]),
        )
    except (ValueError, ValidationError):
        return None  # the build will say what is wrong with it


def _under_extra(requirement: str, extra: str) -> str:
    """Return *requirement* as METADATA has it, with the extra in its marker."""
    start, semicolon, marker = requirement.partition(";")
    condition = f"extra == '{extra}'"
    return f"{start} ; ({marker.strip()}) and {condition}" if semicolon else f"{start} ; {condition}"


def _top_files(path: str) -> Iterator[tuple[str, bytes]]:
    """Yield the names and contents of PKG-INFO and pyproject.toml directly in the archive's one folder."""
    wanted = {"PKG-INFO", "pyproject.toml"}
    if path.endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                folder, _, name = info.filename.partition("/")
                if folder and name in wanted and info.file_size <= _LARGEST:
                    yield name, archive.read(info)
        return
    with tarfile.open(path, "r|*") as stream:
        for member in stream:
            name = member.name.removeprefix("./").partition("/")[2]
            if name in wanted and member.isfile() and member.size <= _LARGEST:
                file = stream.extractfile(member)
                if file is not None:
                    yield name, file.read()

"""A lock as `requirements.txt`: local packages first, then everything else, with markers, hashes and who asked.

Specification: pip's "Requirements File Format"; docs/project.md "export".
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from mauve.filesystem.file_urls import file_url
from mauve.lock.export.locations import anchored_path, archive_requirement_url, git_requirement_url
from mauve.lock.model import SourceKind
from mauve.standards.markers.render import render

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mauve.lock.export.packages import EditableChoice, ExportedPackage
    from mauve.lock.model import LockedPackage
    from mauve.standards.names import PackageName

_ALGORITHMS: Final = {name: place for place, name in enumerate(("md5", "sha256", "sha384", "sha512", "blake2b"))}


def render_requirements(
    packages: Iterable[ExportedPackage],
    *,
    editable: EditableChoice,
    hashes: bool = True,
    annotations: bool = True,
) -> str:
    """Return the requirements, one package after the other.

    Args:
        packages: in the order of the lock.
        editable: of source trees.
        hashes: write the digests of all files.
        annotations: write who requires each package.
    """
    out: list[str] = []
    for exported in sorted(packages, key=_rank):
        name = _requirement(exported.package, editable)
        if name is None:
            continue
        marker = render(exported.marker)
        out.append(name if marker is None else f"{name} ; {marker}")
        if hashes:
            out += [f" \\\n    --hash={digest}" for digest in file_hashes(exported.package)]
        out.append("\n")
        if annotations and exported.dependents:
            out += [f"{line}\n" for line in _annotation(exported.dependents)]
    return "".join(out)


def _rank(exported: ExportedPackage) -> tuple[int, list[tuple[int, str]]]:
    """Order by kind: editable trees, other local packages, all others; these as they are."""
    source = exported.package.source
    if source.kind is SourceKind.EDITABLE:
        return 0, _path_order(source.location)
    if source.kind in (SourceKind.PATH, SourceKind.DIRECTORY):
        return 1, _path_order(source.location)
    return 2, []


def _path_order(location: str) -> list[tuple[int, str]]:
    """Order paths part by part: absolute ones first, then those that lead upwards."""
    if location == ".":
        return []
    root = [(0, "")] if os.path.isabs(location) else []
    return [*root, *[(1, "") if part == ".." else (2, part) for part in location.split("/") if part]]


def _requirement(package: LockedPackage, editable: EditableChoice) -> str | None:
    """Return how *package* is required; None if it is not installed at all."""
    source = package.source
    match source.kind:
        case SourceKind.REGISTRY:
            return f"{package.name}=={package.version}"
        case SourceKind.GIT:
            return f"{package.name} @ {git_requirement_url(source)}"
        case SourceKind.URL:
            return f"{package.name} @ {archive_requirement_url(source)}"
        case SourceKind.VIRTUAL:
            return None
        case SourceKind.EDITABLE if editable(package.name) is not False:
            return f"-e {anchored_path(source.location)}"
        case SourceKind.PATH | SourceKind.DIRECTORY | SourceKind.EDITABLE:
            return file_url(source.location) if os.path.isabs(source.location) else anchored_path(source.location)


def file_hashes(package: LockedPackage) -> list[str]:
    """Return the digests of all files of *package*, by algorithm and value."""
    files = package.wheels if package.sdist is None else (package.sdist, *package.wheels)
    found = [file.hash for file in files if file.hash is not None]
    found += [file.zstd.hash for file in files if file.zstd is not None and file.zstd.hash is not None]
    return sorted(found, key=_hash_order)


def _hash_order(digest: str) -> tuple[int, str]:
    algorithm, _, value = digest.partition(":")
    return _ALGORITHMS.get(algorithm, len(_ALGORITHMS)), value


def _annotation(dependents: tuple[PackageName, ...]) -> list[str]:
    if len(dependents) == 1:
        return [f"    # via {dependents[0]}"]
    return ["    # via", *[f"    #   {name}" for name in dependents]]

"""A lock as `pylock.toml`, which other installers read.

Virtual projects are left out, for there is nothing to install; a source tree has no version, for it may change.

Specification: PEP 751; docs/project.md "export".
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mauve.lock.export.locations import file_location, index_url
from mauve.lock.model import SourceKind, split_git_location
from mauve.lock.requirements import absolute_path, relative_path
from mauve.standards.markers.render import render
from mauve.standards.toml_strings import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mauve.lock.export.packages import EditableChoice, ExportedPackage
    from mauve.lock.model import Lock, LockedFile, LockedPackage, LockedSource

LOCK_VERSION = "1.0"


def render_pylock(
    packages: Iterable[ExportedPackage], lock: Lock, root: str, base: str, *, editable: EditableChoice
) -> str:
    """Return the text of the file.

    Args:
        packages: in the order of the lock.
        lock: that they are from.
        root: the folder of the lock.
        base: the folder of the file, which relative paths start from.
        editable: of source trees.
    """
    out = [f"lock-version = {quote(LOCK_VERSION)}\n", 'created-by = "uv"\n']
    if lock.supported_markers:
        out.append(f"environments = [{', '.join(map(quote, lock.supported_markers))}]\n")
    out.append(f"requires-python = {quote(lock.requires_python)}\n")
    installed = [exported for exported in packages if exported.package.source.kind is not SourceKind.VIRTUAL]
    if not installed:
        out.append("packages = []\n")
    for exported in installed:
        out.append("\n[[packages]]\n")
        out += _package(exported, root, base, editable)
    return "".join(out)


def _package(exported: ExportedPackage, root: str, base: str, editable: EditableChoice) -> Iterable[str]:
    package, source = exported.package, exported.package.source
    yield f"name = {quote(package.name)}\n"
    if package.version is not None and not source.is_tree:
        yield f"version = {quote(package.version)}\n"
    marker = render(exported.marker)
    if marker is not None:
        yield f"marker = {quote(marker)}\n"
    index = index_url(package, root)
    if index is not None:
        yield f"index = {quote(index)}\n"
    match source.kind:
        case SourceKind.REGISTRY:
            yield from _registry_files(package, root)
        case SourceKind.GIT:
            yield f"vcs = {_vcs(source.location)}\n"
        case SourceKind.URL | SourceKind.PATH:
            yield f"archive = {_archive(package, root, base)}\n"
        case SourceKind.DIRECTORY | SourceKind.EDITABLE:
            yield f"directory = {_directory(source, _path(source, root, base), editable=editable(package.name))}\n"
        case SourceKind.VIRTUAL:
            pass


def _path(source: LockedSource, root: str, base: str) -> str:
    """Return where a local source is, seen from the folder *base*; what the lock has as absolute stays so."""
    if os.path.isabs(source.location):
        return source.location
    path = relative_path(absolute_path(source.location, root), base)
    # uv writes a folder above the file with a slash.
    return f"{path}/" if path.split("/")[-1] == ".." else path


def _directory(source: LockedSource, path: str, *, editable: bool | None) -> str:
    pairs = [f"path = {quote(path)}"]
    if editable is None:
        pairs.append(f"editable = {'true' if source.kind is SourceKind.EDITABLE else 'false'}")
    elif editable:
        pairs.append("editable = true")
    return _table(pairs)


def _vcs(location: str) -> str:
    git = split_git_location(location)
    pairs = ['type = "git"', f"url = {quote(git.url)}"]
    if git.reference.value:
        pairs.append(f"requested-revision = {quote(git.reference.value)}")
    pairs.append(f"commit-id = {quote(git.commit or '')}")
    if git.subdirectory is not None:
        pairs.append(f"subdirectory = {quote(git.subdirectory)}")
    return _table(pairs)


def _archive(package: LockedPackage, root: str, base: str) -> str:
    source = package.source
    file = package.sdist or next(iter(package.wheels), None)
    is_url = source.kind is SourceKind.URL
    pairs = [f"url = {quote(source.location)}" if is_url else f"path = {quote(_path(source, root, base))}"]
    if file is not None and file.size is not None:
        pairs.append(f"size = {file.size}")
    if source.subdirectory is not None:
        pairs.append(f"subdirectory = {quote(source.subdirectory)}")
    pairs.append(_hashes(file))
    return _table(pairs)


def _registry_files(package: LockedPackage, root: str) -> Iterable[str]:
    if package.sdist is not None:
        yield f"sdist = {_file(package, package.sdist, root)}\n"
    wheels = [_file(package, wheel, root) for wheel in package.wheels]
    if len(wheels) > 1:
        yield "wheels = [\n" + "".join(f"    {wheel},\n" for wheel in wheels) + "]\n"
    elif wheels:
        yield f"wheels = [{wheels[0]}]\n"


def _file(package: LockedPackage, file: LockedFile, root: str) -> str:
    pairs = [f"url = {quote(file_location(package, file, root))}"]
    if file.upload_time is not None:
        pairs.append(f"upload-time = {_seconds(file.upload_time)}")
    if file.size is not None:
        pairs.append(f"size = {file.size}")
    pairs.append(_hashes(file))
    return _table(pairs)


def _seconds(time: str) -> str:
    """Return an RFC 3339 time in UTC without fractions of a second."""
    return f"{time.removesuffix('Z').partition('.')[0]}Z"


def _hashes(file: LockedFile | None) -> str:
    if file is None or file.hash is None:
        return "hashes = {}"
    algorithm, _, value = file.hash.partition(":")
    return f"hashes = {{ {algorithm} = {quote(value)} }}"


def _table(pairs: list[str]) -> str:
    return f"{{ {', '.join(pairs)} }}"

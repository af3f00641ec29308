"""The nodes of which graphs of a lock for other programs are made, and how they are called.

A package is called `NAME==VERSION@SOURCE`, an extra of it `NAME[EXTRA]==…`, a group `NAME:GROUP==…`; without a fixed
version, without `==VERSION`. Paths are absolute.

Specification: docs/project.md "Metadata of a workspace".
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import UNSET, Struct, UnsetType

from mauve.lock.model import SourceKind

if TYPE_CHECKING:
    from mauve.lock.model import LockedFile, LockedPackage, LockedSource
    from mauve.standards.names import ExtraName, GroupName

Kind: TypeAlias = str | dict[str, str]
"""`package`, `workspace`, `script`, or `{"extra": NAME}`, `{"group": NAME}`."""

_DIRECT: Final = "direct"


class Edge(Struct, omit_defaults=True):
    """A dependency on the node `id`, if `marker` holds."""

    id: str
    marker: str | UnsetType = UNSET


class Part(Struct):
    """An extra or group of a node, which is a node of its own."""

    name: str
    id: str


class FileNode(Struct):
    """A source distribution or a wheel."""

    url: str | UnsetType = UNSET
    path: str | UnsetType = UNSET
    hashes: dict[str, str] | UnsetType = UNSET
    size: int | UnsetType = UNSET
    upload_time: str | UnsetType = UNSET
    filename: str | UnsetType = UNSET


class PackageNode(Struct, kw_only=True):
    """A package, or an extra or a group of one."""

    name: str
    version: str | UnsetType = UNSET
    source: dict[str, object]
    kind: Kind
    dependencies: list[Edge]
    optional_dependencies: list[Part] | UnsetType = UNSET
    dependency_groups: list[Part] | UnsetType = UNSET
    latest_version: str | UnsetType = UNSET
    sdist: FileNode | UnsetType = UNSET
    wheels: list[FileNode] | UnsetType = UNSET


class OwnerNode(Struct, kw_only=True):
    """A workspace or a script, or a group of a workspace whose root is no project."""

    kind: Kind
    path: str
    dependencies: list[Edge]
    dependency_groups: list[Part] | UnsetType = UNSET


class NodeWriter:
    """Makes the nodes of a lock whose file is, or would be, in the folder *root*."""

    __slots__ = ("_root",)

    def __init__(self, root: str) -> None:
        """Take the folder."""
        self._root = root

    def absolute(self, path: str) -> str:
        """Return *path*, relative to the folder of the lock, as an absolute one."""
        return self._root if path == "." else os.path.join(self._root, path)

    def identifier(self, package: LockedPackage, extra: ExtraName | None = None, group: GroupName | None = None) -> str:
        """Return the identifier of a package, or of an extra or a group of it."""
        part = f"[{extra}]" if extra is not None else f":{group}" if group is not None else ""
        version = "" if package.version is None else f"=={package.version}"
        return f"{package.name}{part}{version}@{self._source_identifier(package.source)}"

    def _source_identifier(self, source: LockedSource) -> str:
        kind = _DIRECT if source.kind is SourceKind.URL else source.kind.value
        is_path = source.is_local or source.is_registry_path
        return f"{kind}+{self.absolute(source.location) if is_path else source.location}"

    def part(self, package: LockedPackage, kind: Kind, edges: list[Edge]) -> PackageNode:
        """Return the node of *package*, or of an extra or a group of it, without files."""
        node = PackageNode(name=package.name, source=self._source(package.source), kind=kind, dependencies=edges)
        if package.version is not None:
            node.version = package.version
        return node

    def package(self, package: LockedPackage, edges: list[Edge], *, sdist: bool = True) -> PackageNode:
        """Return the node of *package* with its files; without the source distribution if *sdist* is false."""
        node = self.part(package, "package", edges)
        if sdist and package.sdist is not None:
            node.sdist = self._file(package.sdist)
        if package.wheels:
            node.wheels = [self._wheel(file) for file in package.wheels]
        return node

    def _wheel(self, file: LockedFile) -> FileNode:
        node = self._file(file)
        node.filename = file.filename
        return node

    def _file(self, file: LockedFile) -> FileNode:
        node = FileNode()
        if file.kind == "url":
            node.url = file.location
        elif file.kind == "path":
            node.path = self.absolute(file.location)
        if file.hash is not None:
            algorithm, _, digest = file.hash.partition(":")
            node.hashes = {algorithm: digest}
        if file.size is not None:
            node.size = file.size
        if file.upload_time is not None:
            node.upload_time = file.upload_time
        return node

    def _source(self, source: LockedSource) -> dict[str, object]:
        if source.kind is SourceKind.REGISTRY:
            where: dict[str, object]
            where = {"path": self.absolute(source.location)} if source.is_registry_path else {"url": source.location}
            return {"registry": where}
        if source.kind is SourceKind.URL:
            # uv, too, gives the path inside of the archive as if it were one beside the lock.
            inside = None if source.subdirectory is None else self.absolute(source.subdirectory)
            return {"url": source.location, "subdirectory": inside}
        return {source.kind.value: self.absolute(source.location) if source.is_local else source.location}

"""Write wheels: of the modules, or of a `.pth` file that points at them (editable).

Specification: binary distribution format, PEP 660.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, Protocol

from mauve.build.native.globs import compile_excludes
from mauve.build.native.licenses import find_license_files
from mauve.build.native.listing import ArchiveListing, Member
from mauve.build.native.metadata import WHEEL_TAG, WHEEL_TEXT, render_entry_points, render_metadata
from mauve.build.native.roots import data_place, find_roots
from mauve.build.native.selection import walk
from mauve.standards.record import RecordRow

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self
    from zipfile import ZipFile

    from mauve.build.native.project import NativeTree
    from mauve.build.native.roots import ModuleRoots

_TIME: Final = (1980, 1, 1, 0, 0, 0)
_FILE: Final = 0o100644
_PROGRAM: Final = 0o100755
_FOLDER: Final = 0o040755


def build_wheel(root: str, tree: NativeTree, output: str, warn: Callable[[str], None]) -> str:
    """Write the wheel of *tree*, which is in the folder *root*, into *output* and return its name.

    Raises:
        NativeBuildError: the project cannot be built as it is.
    """
    roots = find_roots(root, tree.project.package, tree.settings, warn)
    metadata = dist_info(root, tree, warn)
    name = f"{tree.project.stem}-{WHEEL_TAG}.whl"
    with _WheelWriter(os.path.join(output, name), compresses=True) as writer:
        _fill(writer, root, tree, roots, metadata)
    return name


def list_wheel(root: str, tree: NativeTree, warn: Callable[[str], None]) -> ArchiveListing:
    """Return what the wheel of *tree*, which is in the folder *root*, would have. Raises as `build_wheel` does."""
    roots = find_roots(root, tree.project.package, tree.settings, warn)
    writer = _WheelLister(root)
    _fill(writer, root, tree, roots, dist_info(root, tree, warn))
    return ArchiveListing(f"{tree.project.stem}-{WHEEL_TAG}.whl", tuple(writer.members))


class _WheelSink(Protocol):
    """Takes the members of a wheel, in order."""

    def add_file(self, name: str, location: str, *, below: str = "") -> None:
        """Take the file at *location*."""
        ...

    def add_dist_info(self, folder: str, files: list[tuple[str, bytes]]) -> None:
        """Take what is made for the wheel."""
        ...


def _fill(
    writer: _WheelSink, root: str, tree: NativeTree, roots: ModuleRoots, metadata: list[tuple[str, bytes]]
) -> None:
    """Give *writer* all members of the wheel."""
    project = tree.project
    excludes = compile_excludes(tree.settings.wheel_excludes())
    source = f"{roots.source}/" if roots.source else ""
    for module in roots.modules:
        for file in walk(root, source + module, lambda _, location: not excludes(location)):
            if not excludes(file.path):
                writer.add_file(file.path.removeprefix(source), file.location)
    folder = f"{project.stem}.dist-info/licenses"
    for path in find_license_files(root, project):
        writer.add_file(f"{folder}/{path}", os.path.join(root, path), below=folder)
    _add_data(writer, root, tree, excludes)
    writer.add_dist_info(f"{project.stem}.dist-info", metadata)


def build_editable(root: str, tree: NativeTree, output: str, warn: Callable[[str], None]) -> str:
    """Write the editable wheel of *tree*, which is in the folder *root*, into *output* and return its name.

    Raises:
        NativeBuildError: the project cannot be built as it is.
    """
    project = tree.project
    excludes = compile_excludes(tree.settings.wheel_excludes())
    roots = find_roots(root, project.package, tree.settings, warn)
    name = f"{project.stem}-{WHEEL_TAG}.whl"
    with _WheelWriter(os.path.join(output, name), compresses=False) as writer:
        # Joined even if empty, after which the path ends with a separator.
        writer.add_bytes(f"{project.escaped_name}.pth", os.fsencode(os.path.join(root, roots.source)))
        _add_data(writer, root, tree, excludes)
        writer.add_dist_info(f"{project.stem}.dist-info", dist_info(root, tree, warn))
    return name


def _add_data(writer: _WheelSink, root: str, tree: NativeTree, excludes: Callable[[str], object]) -> None:
    """Add the folders that are installed elsewhere than modules."""
    for kind, start in tree.settings.data.items():
        place = data_place(root, kind, start)
        folder = f"{tree.project.stem}.data/{kind}"
        for file in walk(root, place, lambda _, location: not excludes(location)):
            if not excludes(file.path):
                path = file.path[len(place) + 1 :] if place else file.path
                writer.add_file(f"{folder}/{path}", file.location, below=folder)


def dist_info(root: str, tree: NativeTree, warn: Callable[[str], None]) -> list[tuple[str, bytes]]:
    """Return name and content of the files of `.dist-info` but RECORD, in the order of wheels.

    Raises:
        NativeBuildError: the metadata breaks a rule.
    """
    files = [("WHEEL", WHEEL_TEXT.encode())]
    entry_points = render_entry_points(tree.project)
    if entry_points is not None:
        files.append(("entry_points.txt", entry_points.encode()))
    files.append(("METADATA", render_metadata(root, tree.project, warn).encode()))
    return files


class _WheelLister:
    """Notes what a wheel would have."""

    def __init__(self, root: str) -> None:
        self._root = root
        self.members: list[Member] = []

    def add_file(self, name: str, location: str, *, below: str = "") -> None:
        """Note a file of the source tree."""
        del below
        self.members.append(Member(name, os.path.relpath(location, self._root)))

    def add_dist_info(self, folder: str, files: list[tuple[str, bytes]]) -> None:
        """Note what is made; RECORD is not worth it."""
        self.members += [Member(f"{folder}/{name}") for name, _ in files]


class _WheelWriter:
    """Writes one wheel and notes what is in it."""

    def __init__(self, path: str, *, compresses: bool) -> None:
        from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

        self._path = path
        self._compression = ZIP_DEFLATED if compresses else ZIP_STORED
        self._zip: ZipFile = ZipFile(path, "w")
        self._rows: list[RecordRow] = []
        self._folders: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._zip.close()
        if kind is not None:
            os.unlink(self._path)

    def add_file(self, name: str, location: str, *, below: str = "") -> None:
        """Add the file at *location* with the folders it is in; those above *below* stay out."""
        with open(location, "rb") as file:
            executable = os.fstat(file.fileno()).st_mode & 0o111
            data = file.read()
        self._add_folders(name.rpartition("/")[0], below)
        self.add_bytes(name, data, _PROGRAM if executable else _FILE)

    def add_bytes(self, name: str, data: bytes, mode: int = _FILE) -> None:
        """Add a file of which *data* is the content."""
        from base64 import urlsafe_b64encode
        from hashlib import sha256

        self._write(name, data, mode)
        digest = urlsafe_b64encode(sha256(data).digest()).rstrip(b"=").decode()
        self._rows.append(RecordRow(name, f"sha256={digest}", len(data)))

    def add_dist_info(self, folder: str, files: list[tuple[str, bytes]]) -> None:
        """Add *files* and RECORD, which is last and lists itself without a digest."""
        self._add_folders(folder, folder)
        for name, data in files:
            self.add_bytes(f"{folder}/{name}", data)
        self._rows.append(RecordRow(f"{folder}/RECORD"))
        self._write(f"{folder}/RECORD", "".join([f"{row.line()}\n" for row in self._rows]).encode(), _FILE)

    def _add_folders(self, folder: str, below: str) -> None:
        if not folder or folder in self._folders:
            return
        if folder != below:
            self._add_folders(folder.rpartition("/")[0], below)
        self._folders.add(folder)
        self._write(f"{folder}/", b"", _FOLDER)

    def _write(self, name: str, data: bytes, mode: int) -> None:
        from zipfile import ZIP_STORED, ZipInfo

        info = ZipInfo(name, _TIME)
        info.create_system = 3  # Unix, everywhere: wheels do not depend on where they are built
        info.external_attr = mode << 16
        info.compress_type = ZIP_STORED if mode == _FOLDER else self._compression
        self._zip.writestr(info, data)

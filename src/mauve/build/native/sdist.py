"""Write source distributions: what the wheel is built from, and what the settings add to it.

Specification: source distribution format (PEP 625, PEP 643), pax archives (POSIX.1-2001).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from mauve.build.native.errors import NameTaken, NativeBuildError, PyProjectExcluded
from mauve.build.native.globs import Includes, compile_excludes, quote_glob
from mauve.build.native.listing import ArchiveListing, Member
from mauve.build.native.metadata import render_metadata
from mauve.build.native.roots import data_place, find_roots
from mauve.build.native.selection import walk
from mauve.build.native.toml_text import render_toml
from mauve.project.pyproject import shown_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from mauve.build.native.project import NativeTree
    from mauve.build.native.selection import SourceFile

_FILE: Final = 0o644
_PROGRAM: Final = 0o755
_BLOCK: Final = 512
_REWRITTEN: Final = {"pyproject.toml", "pyproject.toml.orig"}


def build_sdist(root: str, tree: NativeTree, output: str, warn: Callable[[str], None]) -> str:
    """Write the source distribution of *tree*, which is in the folder *root*, into *output* and return its name.

    Raises:
        NativeBuildError: the project cannot be built as it is.
    """
    project = tree.project
    metadata = render_metadata(root, project, warn)
    files = list(_select(root, tree, warn))
    name = f"{project.stem}.tar.gz"
    path = os.path.join(output, name)
    try:
        with open(path, "wb") as file:
            writer = _ArchiveWriter(file)
            writer.add_bytes(f"{project.stem}/PKG-INFO", metadata.encode())
            writer.add_bytes(f"{project.stem}/pyproject.toml", render_toml(tree.document).encode())
            writer.add_bytes(f"{project.stem}/pyproject.toml.orig", tree.text.encode())
            writer.add_folder(project.stem, top=True)
            for source in files:
                writer.add_file(f"{project.stem}/{source.path}", source.location)
            writer.finish()
    except BaseException as error:
        os.unlink(path)
        if isinstance(error, NameTaken):
            raise NativeBuildError(f"Failed to write tar archive to `{shown_path(path)}`") from error
        raise
    return name


def list_sdist(root: str, tree: NativeTree, warn: Callable[[str], None]) -> ArchiveListing:
    """Return what the source distribution of *tree*, in the folder *root*, would have. Raises as `build_sdist`."""
    stem = tree.project.stem
    render_metadata(root, tree.project, warn)
    made = (Member(f"{stem}/PKG-INFO"), Member(f"{stem}/pyproject.toml"))
    original = Member(f"{stem}/pyproject.toml.orig", "pyproject.toml")
    found = [Member(f"{stem}/{file.path}", file.path) for file in _select(root, tree, warn)]
    return ArchiveListing(f"{stem}.tar.gz", (*made, original, *found))


def _select(root: str, tree: NativeTree, warn: Callable[[str], None]) -> Iterator[SourceFile]:
    includes = Includes(_patterns(root, tree, warn))
    excludes = compile_excludes(tree.settings.sdist_excludes())
    if excludes("pyproject.toml"):
        raise PyProjectExcluded
    for file in walk(root, "", lambda path, _: includes.enters(path) and not excludes(path)):
        if file.path not in _REWRITTEN and includes.admits(file.path) and not excludes(file.path):
            yield file


def _patterns(root: str, tree: NativeTree, warn: Callable[[str], None]) -> list[tuple[str, str]]:
    """Return what is included, with the key that says so."""
    project, settings = tree.project, tree.settings
    patterns = [(pattern, "tool.uv.build-backend.source-include") for pattern in settings.source_include]
    roots = find_roots(root, project.package, settings, warn)
    for module in roots.modules:
        path = f"{roots.source}/{module}" if roots.source else module
        patterns.append((f"{quote_glob(path)}/**", "tool.uv.build-backend.module-root"))
    if project.readme is not None and project.readme.file is not None:
        patterns.append((quote_glob(os.path.normpath(project.readme.file)), "project.readme"))
    if project.license is not None and project.license.file is not None:
        patterns.append((quote_glob(os.path.normpath(project.license.file)), "project.license.file"))
    patterns += [(pattern, "project.license-files") for pattern in project.license_files or ()]
    for kind, folder in settings.data.items():
        place = data_place(root, kind, folder)
        patterns.append((f"{quote_glob(place)}/**" if place else "**", f"tool.uv.build-backend.data.{kind}"))
    return patterns


class _ArchiveWriter:
    """Writes the members of one archive; none of them has an owner or a time.

    Every member is preceded by its path and size as pax records, whether they fit into the old header or not.
    """

    def __init__(self, file: BinaryIO) -> None:
        import zlib

        self._file = file
        self._deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._checksum = 0
        self._size = 0
        self._members = 0
        self._names: set[str] = set()
        self._folders: set[str] = set()
        file.write(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff")

    def add_bytes(self, name: str, data: bytes, mode: int = _FILE) -> None:
        """Add a file of which *data* is the content."""
        if name in self._names:
            raise NameTaken(name)
        self._names.add(name)
        self._add_header(name, len(data), mode, b"0")
        self._write(data)
        self._write(bytes(-len(data) % _BLOCK))

    def add_file(self, name: str, location: str) -> None:
        """Add the file at *location* with the folders it is in."""
        with open(location, "rb") as file:
            executable = os.fstat(file.fileno()).st_mode & 0o111
            data = file.read()
        self.add_folder(name.rpartition("/")[0])
        self.add_bytes(name, data, _PROGRAM if executable else _FILE)

    def add_folder(self, name: str, *, top: bool = False) -> None:
        """Add a folder, and those above it, unless that was done."""
        if not name or name in self._folders:
            return
        self.add_folder(name.rpartition("/")[0])
        self._folders.add(name)
        self._add_header(f"{name}/" if top else name, 0, _PROGRAM, b"5")

    def finish(self) -> None:
        """Write the end of the archive."""
        self._write(bytes(2 * _BLOCK))
        self._file.write(self._deflate.flush())
        self._file.write(self._checksum.to_bytes(4, "little") + (self._size & 0xFFFFFFFF).to_bytes(4, "little"))

    def _add_header(self, name: str, size: int, mode: int, kind: bytes) -> None:
        records = _record("path", os.fsencode(name)) + _record("size", str(size).encode())
        self._write(_header(f"PaxHeaders/{self._members}".encode(), len(records), _FILE, b"x"))
        self._write(records + bytes(-len(records) % _BLOCK))
        self._write(_header(os.fsencode(name), size, mode, kind, f"PaxEntries/{self._members}".encode()))
        self._members += 1

    def _write(self, data: bytes) -> None:
        import zlib

        self._checksum = zlib.crc32(data, self._checksum)
        self._size += len(data)
        self._file.write(self._deflate.compress(data))


def _record(key: str, value: bytes) -> bytes:
    """Return a pax record, which starts with its own length."""
    rest = b" %s=%s\n" % (key.encode(), value)
    length = len(rest)
    while length != len(rest) + len(str(length)):
        length = len(rest) + len(str(length))
    return str(length).encode() + rest


def _header(name: bytes, size: int, mode: int, kind: bytes, substitute: bytes = b"") -> bytes:
    prefix, name = _split(name) or (b"", substitute)
    number = b"%07o\0"
    fields = [
        name.ljust(100, b"\0"),
        number % mode,
        number % 0 * 2,
        b"%011o\0" % size,
        b"%011o\0" % 0,
        b" " * 8,
        kind,
        bytes(100),
        b"ustar\x0000",
        bytes(64),
        number % 0 * 2,
        prefix,
    ]
    header = b"".join(fields).ljust(_BLOCK, b"\0")
    return header[:148] + b"%06o\0 " % sum(header) + header[156:]


def _split(name: bytes) -> tuple[bytes, bytes] | None:
    """Return *name* in two parts for the old header; None if they do not fit, and only the pax record tells it."""
    if len(name) <= 100:
        return b"", name
    prefix, slash, rest = name[:156].rpartition(b"/")
    rest += name[156:]
    return (prefix, rest) if slash and rest and len(rest) <= 100 else None

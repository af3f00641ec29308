"""What a source archive says about itself without being built: PKG-INFO, else a static pyproject.toml."""

from __future__ import annotations

import tarfile
import zipfile
from typing import TYPE_CHECKING

from mauve.standards.metadata import CoreMetadata, InvalidCoreMetadata, parse_metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

_LARGEST = 1 << 24


def read_static_metadata(path: str) -> CoreMetadata | None:
    """Return the metadata of the archive at *path* if it cannot differ from what a build gives, else None.

    That is the case for PKG-INFO of version 2.2 or newer whose fields of interest are not dynamic.
    """
    try:
        for name, content in _top_files(path):
            if name == "PKG-INFO":
                metadata = parse_metadata(content)
                return metadata if metadata.is_static else None
    except (tarfile.TarError, zipfile.BadZipFile, OSError, EOFError, InvalidCoreMetadata):
        return None  # the build will say what is wrong with it
    return None


def _top_files(path: str) -> Iterator[tuple[str, bytes]]:
    """Yield the names and contents of PKG-INFO and pyproject.toml directly in the archive's one folder."""
    wanted = {"PKG-INFO"}
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

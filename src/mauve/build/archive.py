"""Unpack the archive of a source distribution into a folder, safely.

Members that would land outside of the folder are refused. A single top folder is stripped.

Specification: PEP 625, PEP 721; docs/environments.md "Source builds".
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mauve.errors import ExitStatus, MauveError

if TYPE_CHECKING:
    from tarfile import TarInfo


class FailedToUnpack(MauveError):
    """The archive of a source distribution cannot be unpacked; the cause says why."""

    status = ExitStatus.FAILURE

    def __init__(self, filename: str) -> None:
        """Name the archive."""
        super().__init__(filename)
        self.filename = filename

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Failed to extract archive: {self.filename}"


class UnsafeMember(MauveError):
    """A member of an archive would be written outside of its folder."""

    status = ExitStatus.FAILURE

    def __init__(self, path: str, reason: str) -> None:
        """Name the member."""
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        """Return the message."""
        return f'unsafe member path "{self.path}": {self.reason}'


def unpack_source(archive: str, folder: str) -> str:
    """Unpack *archive* into *folder*, which is made, and return the root of the source tree.

    Raises:
        FailedToUnpack: it is damaged, of an unknown kind, or unsafe.
    """
    import tarfile
    import zipfile

    os.makedirs(folder, exist_ok=True)
    try:
        if archive.endswith((".zip", ".whl")):
            with zipfile.ZipFile(archive) as zipped:
                for name in zipped.namelist():
                    _check(name)
                zipped.extractall(folder)  # noqa: S202 - every name was checked
        else:
            with tarfile.open(archive) as tarred:
                tarred.extractall(folder, filter=_filter)  # noqa: S202 - the filter checks
    except (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, MauveError) as error:
        raise FailedToUnpack(os.path.basename(archive)) from error
    entries = os.listdir(folder)
    if len(entries) == 1 and os.path.isdir(os.path.join(folder, entries[0])):
        return os.path.join(folder, entries[0])
    return folder


def _filter(member: TarInfo, folder: str) -> TarInfo | None:
    """Return *member* without owner and special bits, None for devices and pipes."""
    import tarfile

    _check(member.name)
    if member.isdev():
        return None
    return tarfile.data_filter(member, folder)


def _check(name: str) -> None:
    if ".." in name.replace("\\", "/").split("/"):
        raise UnsafeMember(name, "contains a parent-directory component")
    if name.startswith("/"):
        raise UnsafeMember(name, "is absolute")

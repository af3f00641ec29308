"""Unpack the archive of a source distribution into a folder, safely.

Members that would land outside of the folder are refused. A single top folder is stripped.

Specification: PEP 625, PEP 721; docs/environments.md "Source builds".
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from mauve.errors import ExitStatus, MauveError

if TYPE_CHECKING:
    from tarfile import TarInfo


_ENVIRONMENT_INCLUDED: Final = (
    "The source distribution includes a virtual environment. Virtual environments must be excluded from source "
    "distributions."
)


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


class DamagedArchive(MauveError):
    """An archive cannot be read, or must not be; the text says of which kind it should be."""

    status = ExitStatus.FAILURE

    def hints(self) -> tuple[str, ...]:
        """Return what the cause suggests."""
        return self.__cause__.hints() if isinstance(self.__cause__, MauveError) else ()


class UnsafeLink(MauveError):
    """A link in an archive leads out of its folder."""

    status = ExitStatus.FAILURE

    def __init__(self, member: TarInfo, reason: str) -> None:
        """Take place and target from *member*."""
        super().__init__(member.name, reason)
        self.path = member.name
        self.target = member.linkname
        self.place = member.offset
        self.reason = reason

    def __str__(self) -> str:
        """Return the message."""
        return f'at byte {self.place}: unsafe symbolic-link target "{self.target}": {self.reason}'

    def hints(self) -> tuple[str, ...]:
        """Return what the link is likely to be."""
        if self.path.endswith(("/bin/python", "/bin/python3")):
            return (_ENVIRONMENT_INCLUDED,)
        return ()


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


class UnsupportedMember(MauveError):
    """A member of an archive is no file, folder or link."""

    status = ExitStatus.FAILURE

    def __init__(self, path: str, kind: str) -> None:
        """Name the member."""
        super().__init__(path, kind)
        self.path = path
        self.kind = kind

    def __str__(self) -> str:
        """Return the message."""
        return f"cannot extract unsupported member type {self.kind} at {self.path}"


def unpack_source(archive: str, folder: str) -> str:
    """Unpack *archive* into *folder*, which is made, and return the root of the source tree.

    Raises:
        FailedToUnpack: it is damaged, of an unknown kind, or unsafe.
    """
    import tarfile
    import zipfile
    import zlib

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
    except UnsafeLink as error:
        damaged = DamagedArchive("Invalid tar file")
        damaged.__cause__ = error
        raise FailedToUnpack(os.path.basename(archive)) from damaged
    except MauveError as error:
        raise FailedToUnpack(os.path.basename(archive)) from error
    except (tarfile.TarError, EOFError, KeyError, zlib.error):
        raise FailedToUnpack(os.path.basename(archive)) from DamagedArchive("Invalid tar file")
    except zipfile.BadZipFile:
        raise FailedToUnpack(os.path.basename(archive)) from DamagedArchive("Invalid zip file structure")
    except OSError as error:
        raise FailedToUnpack(os.path.basename(archive)) from error
    entries = os.listdir(folder)
    if len(entries) == 1 and os.path.isdir(os.path.join(folder, entries[0])):
        return os.path.join(folder, entries[0])
    return folder


def _filter(member: TarInfo, folder: str) -> TarInfo:
    """Return *member* without owner and special bits.

    Raises:
        UnsafeMember, UnsupportedMember: it would not be only a file, folder or link within *folder*.
    """
    import tarfile

    _check(member.name)
    if member.isdev():
        kind = "Fifo" if member.isfifo() else "CharacterDevice" if member.ischr() else "BlockDevice"
        raise UnsupportedMember(member.name, kind)
    try:
        return tarfile.data_filter(member, folder)
    except tarfile.AbsoluteLinkError:
        raise UnsafeLink(member, "is absolute") from None


def _check(name: str) -> None:
    if ".." in name.replace("\\", "/").split("/"):
        raise UnsafeMember(name, "contains a parent-directory component")
    if name.startswith("/"):
        raise UnsafeMember(name, "is absolute")

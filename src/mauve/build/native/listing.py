"""What an archive would have, for people who want to see it before it is built."""

from __future__ import annotations

from msgspec import Struct


class Member(Struct, frozen=True):
    """A file in an archive.

    Attributes:
        name: in the archive.
        source: the file it is made of, relative to the source tree; None if the backend makes it.
    """

    name: str
    source: str | None = None


class ArchiveListing(Struct, frozen=True):
    """The files of an archive in their order, without folders.

    Attributes:
        filename: of the archive.
    """

    filename: str
    members: tuple[Member, ...]

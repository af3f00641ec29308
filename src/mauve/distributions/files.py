"""One published file, as a wheel or as a source distribution."""

from __future__ import annotations

from msgspec import Struct

from mauve.standards.filenames import SdistFilename, WheelFilename
from mauve.standards.hashes import HashDigest


class File(Struct, frozen=True, kw_only=True):
    """What an index, a flat index or a lockfile says about one file.

    Attributes:
        filename: the last segment of the location, decoded.
        url: absolute, without fragment, otherwise as the index gives it. A `file:` URL in a local index.
        hashes: every digest that was published; may be empty.
        size: bytes.
        upload_time: milliseconds since the epoch, UTC.
        requires_python: the specifier as published.
        yanked: None = not yanked; otherwise the reason, which may be empty.
        has_metadata: a `.metadata` sidecar file is published (PEP 658, PEP 714).
    """

    filename: str
    url: str
    hashes: tuple[HashDigest, ...] = ()
    size: int | None = None
    upload_time: int | None = None
    requires_python: str | None = None
    yanked: str | None = None
    has_metadata: bool = False


class Wheel(Struct, frozen=True):
    """A built distribution."""

    file: File
    filename: WheelFilename


class Sdist(Struct, frozen=True):
    """A source distribution. `filename` is None where a direct URL or path does not name the version."""

    file: File
    filename: SdistFilename | None

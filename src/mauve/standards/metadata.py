"""Core metadata: the header block of METADATA and PKG-INFO, as far as resolving and installing need it.

Requirements and specifiers stay text; whoever needs them parses them leniently (`mauve.standards.lenient`), since
what was published before the standards were enforced does not always follow them.

Specification: "Core metadata specifications" (PEP 566, 643, 685).
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from mauve.errors import MauveError
from mauve.standards.names import ExtraName, InvalidName, PackageName, extra_name, package_name
from mauve.standards.versions import InvalidVersion, Version, parse_version


class InvalidCoreMetadata(MauveError):
    """The metadata lacks a required field, or the field is malformed.

    Attributes:
        reason: one line.
    """

    def __init__(self, reason: str) -> None:
        """Say what is wrong."""
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        """Return the reason."""
        return self.reason


class CoreMetadata(Struct, frozen=True, kw_only=True):
    """The fields that are used.

    Attributes:
        requires_dist: as written, in order.
        requires_python: as written.
        provides_extra: in order; invalid names are left out.
        dynamic: names of fields in lower case.
    """

    metadata_version: str
    name: PackageName
    version: Version
    requires_dist: tuple[str, ...] = ()
    requires_python: str | None = None
    provides_extra: tuple[ExtraName, ...] = ()
    dynamic: tuple[str, ...] = ()

    @property
    def is_static(self) -> bool:
        """Return whether the metadata of a source distribution may be used without a build (2.2 or newer)."""
        major, _, minor = self.metadata_version.partition(".")
        if not major.isdecimal() or not minor.isdecimal() or (int(major), int(minor)) < _FIRST_STATIC:
            return False
        return _MUST_BE_STATIC.isdisjoint(self.dynamic)


_FIRST_STATIC: Final = (2, 2)
_MUST_BE_STATIC: Final = frozenset({"requires-python", "requires-dist", "provides-extra"})
_SINGLE: Final = {"metadata-version", "name", "version", "requires-python"}
_MULTIPLE: Final = {"requires-dist", "provides-extra", "dynamic"}


def parse_metadata(content: bytes) -> CoreMetadata:
    """Return the fields of *content*; reading stops at the first empty line.

    Raises:
        InvalidCoreMetadata: `Name` or `Version` is missing or malformed.
    """
    single, multiple = _read_headers(content)
    if "name" not in single:
        raise InvalidCoreMetadata("Metadata field Name not found")
    if "version" not in single:
        raise InvalidCoreMetadata("Metadata field Version not found")
    try:
        name, version = package_name(single["name"]), parse_version(single["version"])
    except InvalidName as error:
        raise InvalidCoreMetadata(str(error)) from error
    except InvalidVersion as error:
        raise InvalidCoreMetadata(error.reason) from error
    return CoreMetadata(
        metadata_version=single.get("metadata-version", "1.0"),
        name=name,
        version=version,
        requires_dist=tuple(multiple.get("requires-dist", ())),
        requires_python=single.get("requires-python"),
        provides_extra=_valid_extras(multiple.get("provides-extra", [])),
        dynamic=tuple([field.lower() for field in multiple.get("dynamic", ())]),
    )


def _read_headers(content: bytes) -> tuple[dict[str, str], dict[str, list[str]]]:
    end = content.find(b"\n\n")
    if end < 0 or b"\r\n\r\n" in content[:end]:
        crlf = content.find(b"\r\n\r\n")
        end = crlf if crlf >= 0 else end
    # Not splitlines(): descriptions and author names contain other separators that do not end a header.
    lines = (content if end < 0 else content[:end]).decode(errors="replace").lstrip("\ufeff").split("\n")
    single: dict[str, str] = {}
    multiple: dict[str, list[str]] = {}
    place, count = 0, len(lines)
    while place < count:
        line = lines[place]
        place += 1
        field, colon, value = line.partition(":")
        if not colon or line[0] in " \t":
            continue
        field = field.lower()
        is_single = field in _SINGLE
        if not is_single and field not in _MULTIPLE:
            continue
        value = value.strip()
        while place < count and lines[place][:1] in {" ", "\t"}:
            value = f"{value} {lines[place].strip()}"
            place += 1
        if is_single:
            single.setdefault(field, value)
        else:
            multiple.setdefault(field, []).append(value)
    return single, multiple


def _valid_extras(names: list[str]) -> tuple[ExtraName, ...]:
    extras: list[ExtraName] = []
    for name in names:
        try:
            extras.append(extra_name(name))
        except InvalidName:
            # An extra that nobody can name is of no use, and no reason to refuse the distribution.
            continue
    return tuple(extras)

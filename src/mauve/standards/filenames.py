"""File names of wheels and source distributions.

An index page of a large project has thousands of names, so reading one is a few splits; the tags of a wheel stay
text until `mauve.standards.tags` or a filter looks at them, and equal tag sets are shared.

Specification: "Binary distribution format" and "Source distribution format" of the packaging specifications.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from msgspec import Struct

from mauve.errors import MauveError
from mauve.standards.names import InvalidName, PackageName, normalise
from mauve.standards.versions import InvalidVersion, Version, parse_version

SDIST_EXTENSIONS: Final = (
    ".tar.gz",
    ".zip",
    ".tar.bz2",
    ".tar.lz",
    ".tar.lzma",
    ".tar.xz",
    ".tar.zst",
    ".tar",
    ".tbz",
    ".tgz",
    ".tlz",
    ".txz",
)
"""Extensions of source archives; the first two are those of PEP 625 and what is common on indexes."""

_NO_BUILD: Final = (0, "")

_CHARACTERS: Final = "must contain only ASCII letters, digits, underscores, and periods"


class InvalidFilename(MauveError):
    """A file name does not follow its standard.

    Attributes:
        filename: the name.
        kind: `wheel` or `source distribution`.
        reason: what is wrong.
    """

    def __init__(self, filename: str, kind: str, reason: str) -> None:
        """Say what is wrong with *filename*."""
        super().__init__(filename, kind, reason)
        self.filename = filename
        self.kind = kind
        self.reason = reason

    def __str__(self) -> str:
        """Return one line that names the file."""
        return f"The {self.kind} filename `{self.filename}` {self.reason}"


class WheelFilename(Struct, frozen=True):
    """The parts of the name of a wheel.

    Attributes:
        build: number and rest of the build tag, None without one.
    """

    name: PackageName
    version: Version
    build: tuple[int, str] | None
    python_tags: tuple[str, ...]
    abi_tags: tuple[str, ...]
    platform_tags: tuple[str, ...]

    @property
    def tag_text(self) -> str:
        """Return the compressed tag set as in the file name."""
        return f"{'.'.join(self.python_tags)}-{'.'.join(self.abi_tags)}-{'.'.join(self.platform_tags)}"

    @property
    def build_order(self) -> tuple[int, str]:
        """Return a key by which a higher build tag is later; none is the lowest."""
        return self.build or _NO_BUILD


class SdistFilename(Struct, frozen=True):
    """The parts of the name of a source distribution; `extension` starts with a dot."""

    name: PackageName
    version: Version
    extension: str

    @property
    def is_standard(self) -> bool:
        """Return whether the extension is one that is installed from (PEP 625, and `.zip`)."""
        return self.extension in {".tar.gz", ".zip"}


def is_former_archive(filename: str) -> bool:
    """Return whether *filename* is that of a source archive in a format that is not installed from any more."""
    return filename.endswith(SDIST_EXTENSIONS) and not filename.endswith((".tar.gz", ".zip"))


WheelTags: TypeAlias = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""Tags of Pythons, of ABIs and of platforms."""

_tag_sets: dict[str, tuple[str, ...]] = {}


def _tags(text: str) -> tuple[str, ...]:
    known = _tag_sets.get(text)
    if known is None:
        _check_characters(text)
        known = _tag_sets[text] = tuple(text.split("."))
    return known


def tags_of(filename: str) -> WheelTags | None:
    """Return the tags of the wheel *filename*, None if some are missing or malformed; the rest is not looked at."""
    parts = filename.removesuffix(".whl").rsplit("-", 3)
    if len(parts) != 4:
        return None
    try:
        return _tags(parts[1]), _tags(parts[2]), _tags(parts[3])
    except _OddCharacters:
        return None


class _OddCharacters(ValueError):
    """A tag is not made of what tags are made of; it may become part of a path."""


def _check_characters(text: str) -> None:
    # "é" is an identifier, too.
    if not text or not text.isascii() or not text.replace(".", "_").replace("_", "a").isalnum():
        raise _OddCharacters(text)


def parse_wheel_filename(text: str) -> WheelFilename:
    """Return the parts of the wheel name *text*.

    Raises:
        InvalidFilename: a part is missing, superfluous or malformed.
    """
    parts = text.split("-")
    if len(parts) == 5:
        name, version, python, abi, platform = parts
        build = None
    elif len(parts) == 6:
        name, version, written, python, abi, platform = parts
        build = _build_tag(written, text)
    else:
        raise _wrong_number_of_parts(text)
    if not platform.endswith(".whl"):
        raise InvalidFilename(text, "wheel", "is invalid: Must end with .whl")
    try:
        return WheelFilename(
            PackageName(normalise(name)), parse_version(version), build, _tags(python), _tags(abi), _tags(platform[:-4])
        )
    except _OddCharacters as error:
        raise InvalidFilename(text, "wheel", f"is invalid: Tag components {_CHARACTERS}") from error
    except InvalidVersion as error:
        raise InvalidFilename(text, "wheel", f"has an invalid version: {error.reason}") from error
    except InvalidName as error:
        raise InvalidFilename(text, "wheel", f"has an invalid package name: {error}") from error


def wheel_filename(text: str) -> WheelFilename | None:
    """Return the parts of the wheel name *text*, None if it is not valid."""
    try:
        return parse_wheel_filename(text)
    except InvalidFilename:
        return None


def _wrong_number_of_parts(text: str) -> InvalidFilename:
    if not text.endswith(".whl"):
        return InvalidFilename(text, "wheel", "is invalid: Must end with .whl")
    count = text.count("-") + 1
    missing = {1: "a version", 2: "a Python tag", 3: "an ABI tag", 4: "a platform tag"}
    reason = f"Must have {missing[count]}" if count in missing else "Must have 5 or 6 components, but has more"
    return InvalidFilename(text, "wheel", f"is invalid: {reason}")


def _build_tag(written: str, text: str) -> tuple[int, str]:
    rest = written.lstrip("0123456789")
    number = written[: len(written) - len(rest)]
    if not number:
        reason = "must start with a digit" if written else "must not be empty"
        raise InvalidFilename(text, "wheel", f"has an invalid build tag: {reason}")
    try:
        _check_characters(written)
    except _OddCharacters as error:
        raise InvalidFilename(text, "wheel", f"has an invalid build tag: {_CHARACTERS}") from error
    return int(number), rest


def sdist_extension(filename: str) -> str | None:
    """Return the extension of a source archive with its leading dot, None if *filename* is not one."""
    for extension in SDIST_EXTENSIONS:
        if filename.endswith(extension):
            return extension
    return None


def parse_sdist_filename(text: str, name: PackageName) -> SdistFilename:
    """Return the parts of the source archive name *text* of the package *name*.

    The name is needed because old archives may have dashes in name and version alike.

    Raises:
        InvalidFilename: not a source archive, of another package, or without a version.
    """
    extension = sdist_extension(text)
    if extension is None:
        raise InvalidFilename(text, "source distribution", "is invalid: File extension is invalid")
    stem = text[: -len(extension)]
    length = len(name)
    if stem[length : length + 1] != "-":
        # Runs of separators make the name in the file longer than its normal form.
        length = stem.rfind("-")
    try:
        if length <= 0 or normalise(stem[:length]) != name:
            reason = f"is invalid: The name doesn't start with package name {name}"
            raise InvalidFilename(text, "source distribution", reason)
        return SdistFilename(name, parse_version(stem[length + 1 :]), extension)
    except InvalidName as error:
        raise InvalidFilename(text, "source distribution", f"is invalid: {error}") from error
    except InvalidVersion as error:
        raise InvalidFilename(text, "source distribution", f"is invalid: {error.reason}") from error

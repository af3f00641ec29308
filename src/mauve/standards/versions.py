"""PEP 440 versions, each reduced to one number whose order is the order of versions.

A version is encoded into bytes so that comparing the bytes compares the versions (epoch, release
without trailing zeros, then pre, post, dev and local parts, each introduced by an ordered code).
The bytes are read as one integer of `KEY_BYTES` bytes. Encodings that are longer (many components,
large numbers, local parts) continue behind the binary point as an exact `Fraction`, which Python
compares with integers, so the order is total for every version.

Positions between versions ("before every pre-release of 2.0", "after every local variant of 1.0")
are numbers on the same line; `mauve.standards.version_sets` builds sets from them.

Specification: PEP 440 (Version Identification), docs/resolution.md "Versions".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from fractions import Fraction

Key: TypeAlias = "int | Fraction"

KEY_BYTES: Final = 16
"""Bytes of the integer part. Fourteen hold every version with up to six small release components and one
suffix; 15 is the longest encoding that stays an integer, so that any extension of it is at least one larger."""

END_OF_RELEASE: Final = 0x01
COMPONENT: Final = 0x02
"""Code of the component 0. One byte holds components up to 179; larger ones take a length byte first."""
_LARGEST_SMALL: Final = 179
LENGTH: Final = COMPONENT + _LARGEST_SMALL

_PRE_DEV_ONLY: Final = 0x02
PRE_CODES: Final = {"a": 0x03, "b": 0x04, "rc": 0x05}
_PRE_NONE: Final = 0x06
_POST_NONE: Final = 0x02
POST: Final = 0x03
DEV: Final = 0x02
_DEV_NONE: Final = 0x03
LOCAL: Final = 0x02
LOCAL_TEXT: Final = 0x03
LOCAL_NUMBER: Final = 0x04
LOCAL_END: Final = 0x01
BELOW: Final = b"\x01"
ABOVE: Final = b"\xff"

_FINAL: Final = bytes((END_OF_RELEASE, _PRE_NONE, _POST_NONE, _DEV_NONE))
_EPOCH_ZERO: Final = b"\x02"
_TO_PRERELEASES: Final = int.from_bytes(_FINAL[1:]) - int.from_bytes(BELOW.ljust(3, b"\0"))
_TO_POSTS: Final = int.from_bytes(bytes((_PRE_NONE,)) + ABOVE + b"\0") - int.from_bytes(_FINAL[1:])


_LARGEST_NUMBER: Final = 2**64 - 2
"""As in uv: the largest number in an epoch, a release, or behind one, so that one more has 64 bits."""
_SAFE_DIGITS: Final = 19
"""A number of so many digits is not too large."""


class InvalidVersion(ValueError):
    """The text is not a PEP 440 version."""

    def __init__(self, text: str) -> None:
        """Name the offending *text*."""
        super().__init__(f"Invalid version: `{text}`")
        self.text = text

    @property
    def reason(self) -> str:
        """Return where the text stops being a version, one line."""
        return _reason_against(self.text)


class Version:
    """One PEP 440 version. Equal versions (`1.0`, `1.0.0`) compare and hash alike but keep their text.

    Attributes:
        text: the normalised text, release components as written (`1.0.0` stays `1.0.0`).
        key: the position of this version on the line of all versions.
    """

    __slots__ = ("_parts", "key", "text")

    text: str
    key: Key

    def __init__(self, text: str, key: Key, parts: Parts | None = None) -> None:
        """Store the value; use `parse_version` to read text."""
        self.text = text
        self.key = key
        self._parts = parts

    def __str__(self) -> str:
        """Return the normalised text."""
        return self.text

    def __repr__(self) -> str:
        """Return an evaluable form."""
        return f"parse_version({self.text!r})"

    def __hash__(self) -> int:
        """Hash by position."""
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        """Compare by position."""
        return isinstance(other, Version) and self.key == other.key

    def __lt__(self, other: Version) -> bool:
        """Order by PEP 440."""
        return self.key < other.key

    def __le__(self, other: Version) -> bool:
        """Order by PEP 440."""
        return self.key <= other.key

    def __gt__(self, other: Version) -> bool:
        """Order by PEP 440."""
        return self.key > other.key

    def __ge__(self, other: Version) -> bool:
        """Order by PEP 440."""
        return self.key >= other.key

    @property
    def parts(self) -> Parts:
        """Return the parsed parts, computed on first use."""
        if self._parts is None:
            self._parts = _parse_parts(self.text)
        return self._parts

    @property
    def epoch(self) -> int:
        """Return the epoch, 0 by default."""
        return self.parts.epoch

    @property
    def release(self) -> tuple[int, ...]:
        """Return the release components as written."""
        return self.parts.release

    @property
    def pre(self) -> tuple[str, int] | None:
        """Return the pre-release letter (`a`, `b`, `rc`) and number."""
        return self.parts.pre

    @property
    def post(self) -> int | None:
        """Return the post-release number."""
        return self.parts.post

    @property
    def dev(self) -> int | None:
        """Return the development release number."""
        return self.parts.dev

    @property
    def local(self) -> tuple[int | str, ...]:
        """Return the local segments; empty without a local part."""
        return self.parts.local

    @property
    def is_prerelease(self) -> bool:
        """Return whether this is a pre-release or a development release."""
        return self.parts.pre is not None or self.parts.dev is not None

    @property
    def is_local(self) -> bool:
        """Return whether there is a local part."""
        return "+" in self.text

    def without_local(self) -> Version:
        """Return the public version."""
        return parse_version(self.text.partition("+")[0]) if self.is_local else self


class Parts:
    """The fields of a version; `release` keeps trailing zeros."""

    __slots__ = ("dev", "epoch", "local", "post", "pre", "release")

    def __init__(
        self,
        epoch: int,
        release: tuple[int, ...],
        pre: tuple[str, int] | None,
        post: int | None,
        dev: int | None,
        local: tuple[int | str, ...],
    ) -> None:
        self.epoch = epoch
        self.release = release
        self.pre = pre
        self.post = post
        self.dev = dev
        self.local = local

    def text(self) -> str:
        """Return the normalised text."""
        epoch = f"{self.epoch}!" if self.epoch else ""
        pre = f"{self.pre[0]}{self.pre[1]}" if self.pre else ""
        post = f".post{self.post}" if self.post is not None else ""
        dev = f".dev{self.dev}" if self.dev is not None else ""
        local = "+" + ".".join(map(str, self.local)) if self.local else ""
        return f"{epoch}{'.'.join(map(str, self.release))}{pre}{post}{dev}{local}"


class _Spelled(int):
    """A position that knows the text it was made from, because that text is not the shortest one."""

    spelling: str


def spell(position: Key, version: Version) -> Key:
    """Return *position* in a form that remembers how *version*, which it was made from, is written.

    Only for messages: `>=1.0` must not be shown as `>=1`. Equality, order and hash are those of the number; a
    position behind the binary point forgets its spelling.
    """
    if ".0" not in version.text or not isinstance(position, int):
        return position
    spelled = _Spelled(position)
    spelled.spelling = version.text
    return spelled


def spelling_of(position: Key) -> str | None:
    """Return the text that `spell` attached to *position*, None if its shortest spelling will do."""
    return position.spelling if isinstance(position, _Spelled) else None


_known: dict[str, Version] = {}
"""Every text parsed so far; the same few thousand versions are asked for again and again."""


def parse_version(text: str) -> Version:
    """Return the version of *text*, which may be in any spelling that PEP 440 accepts.

    Raises:
        InvalidVersion: *text* is not a version.
    """
    known = _known.get(text)
    if known is None:
        known = _parse(text)
        _known[text] = known
    return known


def derived_version(text: str) -> Version:
    """Return the version of *text*, which is in normal form and was computed: its numbers may be larger than any read.

    Raises:
        InvalidVersion: *text* is not a version.
    """
    try:
        return parse_version(text)
    except InvalidVersion:
        parts = _parse_normal(text)
        if parts is None:
            raise
        return Version(text, _position(_encode(parts)), parts)


class _Components(dict[str, bytes]):
    """Encodings of release components in normal form, filled when first asked for."""

    def __missing__(self, text: str) -> bytes:
        if not text.isascii() or not text.isdecimal() or (text[0] == "0" and text != "0") or _is_too_large(text):
            raise KeyError(text)
        encoded = self[text] = _number(int(text))
        return encoded


class _Suffixes(dict[str, bytes]):
    """Encodings of what may follow the release (`rc1`, `.post1`, `+cu118`) in normal form."""

    def __missing__(self, text: str) -> bytes:
        parts = None if _too_large_number(text) is not None else _parse_normal(f"0{text}")
        if parts is None or parts.text() != f"0{text}":
            raise KeyError(text)
        encoded = self[text] = _encode(parts)[len(_EPOCH_ZERO) :]
        return encoded


_components = _Components()
_suffixes = _Suffixes({"": _FINAL})
_RELEASE_CHARACTERS: Final = "0123456789."
_IN_PUBLIC_VERSIONS: Final = "0123456789.-_! \t\n\r\f\vabcdehiloprstvw"
"""Digits, what stands between and around them, and the letters of the words that there may be."""


def _parse(text: str) -> Version:
    # Components and suffixes repeat, versions rarely do: the encoding is put together from remembered pieces.
    suffix = text.lstrip(_RELEASE_CHARACTERS)
    release = text
    if suffix:
        release = text[: -len(suffix)]
        if release.endswith("."):
            release, suffix = release[:-1], f".{suffix}"
    while release.endswith(".0"):
        release = release[:-2]
    try:
        components = b"" if release == "0" else b"".join([_components[component] for component in release.split(".")])
        encoded = _EPOCH_ZERO + components + _suffixes[suffix]
    except KeyError:
        parts = _parse_parts(text)
        return Version(parts.text(), _position(_encode(parts)), parts)
    if len(encoded) < KEY_BYTES:
        return Version(text, int.from_bytes(encoded.ljust(KEY_BYTES, b"\0")))
    return Version(text, _position(encoded))


def _parse_parts(text: str) -> Parts:
    if _too_large_number(text) is not None:
        raise InvalidVersion(text)
    return _parse_normal(text) or _parse_normal(_respelled(text)) or _parse_any_spelling(text)


def _respelled(text: str) -> str:
    """Return *text* with those spellings in normal form that old releases often have.

    They are `1.0beta1`, `1.0.b1`, `1.0a`, `1.0a.1`, `1.0_pre1`, `1.0-1`, `1.0dev` and `1.0dev1`.

    Whatever else is odd about it stays, so that it is not taken for normal; importing `packaging` takes as long as
    reading a few hundred versions, so it is left for what is rare.
    """
    if "+" in text:
        return text
    spelled = text.lower().replace("alpha", "a").replace("beta", "b").replace("_pre", "_rc").replace("-post", ".post")
    for mark in (".a", ".b", ".rc", "_a", "_b", "_rc", "-a", "-b", "-rc", "_dev"):
        place = spelled.find(mark)
        if place > 0 and spelled[place - 1].isdecimal():
            spelled = spelled[:place] + spelled[place + 1 :]
    spelled = spelled.replace("a.", "a").replace("b.", "b").replace(".dev", "dev").replace("dev", ".dev")
    base, dash, number = spelled.rpartition("-")
    if dash and number.isdecimal():
        spelled = f"{base}.post{number}"
    return f"{spelled}0" if spelled.endswith(("a", "b", "rc", "dev")) else spelled


def _parse_normal(text: str) -> Parts | None:
    """Return the parts of a version in normal form, which nearly all are; None leaves it to `packaging`."""
    if not text.isascii():
        return None
    public, plus, local_text = text.partition("+")
    local: tuple[int | str, ...] = ()
    if plus:
        segments = local_text.split(".")
        if local_text != local_text.lower() or not all(map(str.isalnum, segments)):
            return None
        local = tuple([int(segment) if segment.isdecimal() else segment for segment in segments])
    rest, has_dev, dev = public.partition(".dev")
    rest, has_post, post = rest.partition(".post")
    letter = next((letter for letter in PRE_CODES if letter in rest), "")
    pre = ""
    if letter:
        rest, _, pre = rest.partition(letter)
    epoch, has_epoch, release = rest.rpartition("!")
    numbers = release.split(".")
    for present, digits in ((has_dev, dev), (has_post, post), (letter, pre), (has_epoch, epoch)):
        if present:
            numbers.append(digits)
    if not all(map(str.isdecimal, numbers)):
        return None
    return Parts(
        int(epoch) if has_epoch else 0,
        tuple(map(int, release.split("."))),
        (letter, int(pre)) if letter else None,
        int(post) if has_post else None,
        int(dev) if has_dev else None,
        local,
    )


def _parse_any_spelling(text: str) -> Parts:
    if not text or ("+" not in text and text.isascii() and text.lower().strip(_IN_PUBLIC_VERSIONS)):
        raise InvalidVersion(text)
    from packaging.version import InvalidVersion as PackagingInvalidVersion
    from packaging.version import Version as PackagingVersion

    try:
        parsed = PackagingVersion(text)
    except PackagingInvalidVersion as error:
        raise InvalidVersion(text) from error
    local = tuple(int(part) if part.isdigit() else part for part in (parsed.local or "").split(".") if part)
    return Parts(parsed.epoch, parsed.release, parsed.pre, parsed.post, parsed.dev, local)


def _is_too_large(digits: str) -> bool:
    return len(digits) > _SAFE_DIGITS and (len(digits) > 2 * _SAFE_DIGITS or int(digits) > _LARGEST_NUMBER)


def _too_large_number(text: str) -> str | None:
    """Return the first number of the version *text* that is too large; local segments may be of any size."""
    if len(text) <= _SAFE_DIGITS:
        return None
    public = "".join([character if character.isdecimal() else " " for character in text.partition("+")[0]])
    return next(filter(_is_too_large, public.split()), None)


def _reason_against(text: str) -> str:
    number = _too_large_number(text)
    if number is not None:
        return f'expected number less than or equal to {_LARGEST_NUMBER}, but number found in "{number}" exceeds it'
    digits = len(text) - len(text.lstrip("0123456789"))
    if not digits and not (text[:1] in {"v", "V"} and text[1:2].isdecimal()):
        return "expected version to start with a number, but no leading ASCII digits were found"
    for end in range(len(text) - 1, digits, -1):
        try:
            parsed = parse_version(text[:end])
        except InvalidVersion:
            continue
        if parsed.is_local or text[end] == "+":
            found = text[end]
            return (
                f"found a `{found}` indicating the start of a local component in a version, but did not find any "
                f"alphanumeric ASCII segment following the `{found}`"
            )
        return f"after parsing `{text[:end]}`, found `{text[end:]}`, which is not part of a valid version"
    return f"after parsing `{text[:digits]}`, found `{text[digits:]}`, which is not part of a valid version"


def _number(value: int) -> bytes:
    if value <= _LARGEST_SMALL:
        return bytes((value + COMPONENT,))
    digits = value.to_bytes((value.bit_length() + 7) // 8)
    if len(digits) > 0xFE - LENGTH:
        # 73 bytes: only a local segment can be so large; the order must not break in silence.
        raise InvalidVersion(str(value))
    return bytes((LENGTH + len(digits),)) + digits


def _release_prefix(epoch: int, release: tuple[int, ...]) -> bytes:
    length = len(release)
    while length and release[length - 1] == 0:
        length -= 1
    return _number(epoch) + b"".join(map(_number, release[:length])) + bytes((END_OF_RELEASE,))


def _encode(parts: Parts) -> bytes:
    encoded = _encode_public(parts)
    if parts.local:
        encoded += bytes((LOCAL,))
        for segment in parts.local:
            if isinstance(segment, int):
                encoded += bytes((LOCAL_NUMBER,)) + _number(segment)
            else:
                encoded += bytes((LOCAL_TEXT,)) + segment.encode() + bytes((LOCAL_END,))
        encoded += bytes((LOCAL_END,))
    return encoded


def _encode_pre(parts: Parts) -> bytes:
    if parts.pre is not None:
        return bytes((PRE_CODES[parts.pre[0]],)) + _number(parts.pre[1])
    if parts.post is None and parts.dev is not None:
        return bytes((_PRE_DEV_ONLY,))
    return bytes((_PRE_NONE,))


def _encode_post(parts: Parts) -> bytes:
    return bytes((_POST_NONE,)) if parts.post is None else bytes((POST,)) + _number(parts.post)


def _encode_public(parts: Parts) -> bytes:
    dev = bytes((_DEV_NONE,)) if parts.dev is None else bytes((DEV,)) + _number(parts.dev)
    return _release_prefix(parts.epoch, parts.release) + _encode_pre(parts) + _encode_post(parts) + dev


def _position(encoded: bytes) -> Key:
    if len(encoded) < KEY_BYTES:
        return int.from_bytes(encoded.ljust(KEY_BYTES, b"\0"))
    from fractions import Fraction  # with `decimal` behind it; few projects have a version that long

    return Fraction(int.from_bytes(encoded), 256 ** (len(encoded) - KEY_BYTES))


def after(version: Version) -> Key:
    """Return the position directly behind *version* itself, before any local variant of it."""
    key = version.key
    if isinstance(key, int):
        return key + 1
    return _position(_encode(version.parts) + BELOW)


def _plain_scale(version: Version) -> int:
    """Return the value of one step of the last byte of the key of a plain release (`1.2.3`), 0 for anything else.

    Plain releases end in the bytes of `_FINAL`, so the positions around them differ by constants.
    """
    key = version.key
    if isinstance(key, int) and not version.text.lstrip(_RELEASE_CHARACTERS):
        return key & -key
    return 0


def after_locals(version: Version) -> Key:
    """Return the position behind *version* and every local variant of it."""
    scale = _plain_scale(version)
    if scale:
        return version.key + (ABOVE[0] * scale >> 8)
    return _position(_encode_public(version.parts) + ABOVE)


def before_prereleases(version: Version) -> Key:
    """Return the position below every pre-release and development release of *version*'s release."""
    scale = _plain_scale(version)
    if scale:
        return version.key - _TO_PRERELEASES * scale
    parts = version.parts
    return _position(_release_prefix(parts.epoch, parts.release) + BELOW)


def after_posts(version: Version) -> Key:
    """Return the position behind every post-release and local variant of *version*."""
    scale = _plain_scale(version)
    if scale:
        return version.key + _TO_POSTS * scale
    parts = version.parts
    return _position(_release_prefix(parts.epoch, parts.release) + _encode_pre(parts) + ABOVE)


def release_version(release: tuple[int, ...], epoch: int = 0) -> Version:
    """Return the final version with these *release* components."""
    text = ".".join(map(str, release))
    return derived_version(f"{epoch}!{text}" if epoch else text)

"""SPDX license expressions: whether a text is one, and if not, which word is wrong.

Names of licenses and exceptions must be spelled as in SPDX's list, and must not be deprecated there.

Specification: PEP 639, SPDX 2.3 annex D.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from mauve.errors import MauveError

if TYPE_CHECKING:
    from collections.abc import Iterator

_AFTER_LICENSE: Final = ("`AND`", "`OR`", "`WITH`", "`)`")
_AFTER_ADDITION: Final = ("`AND`", "`OR`", "`)`")
_AFTER_GROUP: Final = ("`AND`", "`OR`")
_TERM: Final = ("`<license>`", "`(`")
_OPERATORS: Final = {"AND", "OR", "WITH", "and", "or", "with"}
_GNU: Final = ("AGPL-", "GFDL-", "GPL-", "LGPL-")


class InvalidLicenseExpression(MauveError):
    """The text is not a license expression.

    Attributes:
        text: what was read.
        reason: what is wrong, one line.
        start: where in *text*, in bytes.
        length: of the part that is wrong, in bytes.
    """

    def __init__(self, text: str, reason: str, start: int, length: int) -> None:
        """Point at *length* bytes of *text* from *start* on."""
        super().__init__(text, reason, start, length)
        self.text = text
        self.reason = reason
        self.start = start
        self.length = length

    def __str__(self) -> str:
        """Return the text, and below it marks and the reason."""
        mark = "-" if self.reason == "unclosed parens" else "^"
        return f"{self.text}\n{' ' * self.start}{mark * self.length} {self.reason}"


@cache
def _known() -> tuple[dict[str, bool], frozenset[str]]:
    """Return the licenses, with whether they are deprecated, and the exceptions."""
    from packaging.licenses._spdx import EXCEPTIONS, LICENSES

    licenses = {entry["id"]: entry["deprecated"] for entry in LICENSES.values()}
    licenses["NOASSERTION"] = False
    return licenses, frozenset(entry["id"] for entry in EXCEPTIONS.values())


def check_license_expression(text: str) -> None:
    """Raise if *text* is not a license expression.

    Raises:
        InvalidLicenseExpression: with the first word that is wrong.
    """
    licenses, exceptions = _known()
    expected: tuple[str, ...] = _TERM
    opened: list[int] = []
    previous = ""
    is_empty = True
    for word, start in _words(text):
        is_empty = False
        kind = _kind(word, licenses, exceptions)
        if kind is None:
            raise InvalidLicenseExpression(text, "unknown term", start, len(word))
        if word == ")" and not opened and "`)`" in expected:
            raise InvalidLicenseExpression(text, "unopened parens", start, 1)
        if kind not in expected:
            raise InvalidLicenseExpression(text, _describe(expected), start, len(word))
        if kind == "`<license>`":
            if licenses.get(word):
                raise InvalidLicenseExpression(text, "a deprecated license identifier was used", start, len(word))
            expected = (*_AFTER_LICENSE, "`+`") if word in licenses else _AFTER_LICENSE
        elif kind == "`<addition>`":
            expected = _AFTER_ADDITION
        elif word == "+":
            if previous.startswith(_GNU):
                raise InvalidLicenseExpression(text, "a GNU license was followed by a `+`", start, 1)
            expected = _AFTER_LICENSE
        elif word == "(":
            opened.append(start)
        elif word == ")":
            opened.pop()
            expected = (*_AFTER_GROUP, "`)`") if opened else _AFTER_GROUP
        else:
            expected = ("`<addition>`",) if word in {"WITH", "with"} else _TERM
        previous = word
    if is_empty:
        raise InvalidLicenseExpression(text, "empty expression", 0, 0)
    if expected in {_TERM, ("`<addition>`",)}:
        raise InvalidLicenseExpression(text, _describe(expected), len(text.encode()), 0)
    if opened:
        raise InvalidLicenseExpression(text, "unclosed parens", opened[0], 1)


def _describe(expected: tuple[str, ...]) -> str:
    if len(expected) == 1:
        return f"expected a {expected[0]} here"
    return f"expected one of {', '.join(expected)} here"


def _kind(word: str, licenses: dict[str, bool], exceptions: frozenset[str]) -> str | None:
    """Return how messages call the class of *word*."""
    if word in _OPERATORS or word in {"(", ")", "+"}:
        return f"`{word.upper()}`"
    if (
        word in licenses
        or word.startswith("LicenseRef-")
        or (word.startswith("DocumentRef-") and ":LicenseRef-" in word)
    ):
        return "`<license>`"
    return "`<addition>`" if word in exceptions or word.startswith("AdditionRef-") else None


def _words(text: str) -> Iterator[tuple[str, int]]:
    """Yield the words of *text* with their place in bytes."""
    encoded = text.encode()
    place = 0
    while place < len(encoded):
        character = chr(encoded[place])
        if character.isspace():
            if encoded[place:].lstrip().startswith(b"+"):
                raise InvalidLicenseExpression(text, "`+` must not follow whitespace", place, 1)
            place += 1
        elif character in "()+":
            yield character, place
            place += 1
        else:
            end = place
            while end < len(encoded) and _is_letter(encoded[end]):
                end += 1
            if end == place:
                raise InvalidLicenseExpression(text, "invalid character(s)", place, len(encoded) - place)
            yield encoded[place:end].decode(), place
            place = end


def _is_letter(byte: int) -> bool:
    character = chr(byte)
    return byte < 128 and (character.isalnum() or character in "-.:")

"""PEP 508 requirements: a name with extras, specifiers or a URL, and a marker.

Specification: "Dependency specifiers" of the packaging specifications.
"""

from __future__ import annotations

import os
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from mauve.errors import MauveError
from mauve.standards.markers.diagram import TRUE, Marker
from mauve.standards.markers.parse import InvalidMarker, parse_marker
from mauve.standards.markers.render import render
from mauve.standards.names import ExtraName, InvalidName, PackageName, normalise
from mauve.standards.specifiers import NO_SPECIFIERS, InvalidSpecifier, Specifiers, parse_specifiers


class InvalidRequirement(MauveError):
    """The text is not a requirement.

    Attributes:
        text: what was read.
        reason: what is wrong, one line.
        start: where in *text*, in characters.
        length: of the part that is wrong.
    """

    def __init__(self, text: str, reason: str, start: int, length: int) -> None:
        """Point at *length* characters of *text* from *start* on."""
        super().__init__(text, reason, start, length)
        self.text = text
        self.reason = reason
        self.start = start
        self.length = length

    def __str__(self) -> str:
        """Return the reason, the text, and marks below what is wrong; only the reason for an empty text."""
        if not self.text:
            return self.reason
        return f"{self.reason}\n{self.text}\n{' ' * self.start}{'^' * max(self.length, 1)}"


class Requirement(Struct, frozen=True):
    """One requirement as written.

    Attributes:
        extras: normalised, in the order of the text.
        url: a direct reference, as written; then there are no specifiers.
    """

    name: PackageName
    extras: tuple[ExtraName, ...] = ()
    specifiers: Specifiers = NO_SPECIFIERS
    url: str | None = None
    marker: Marker = TRUE


_known: dict[str, Requirement] = {}
_END: Final = "end of dependency specification"


def parse_requirement(text: str, *, has_folder: bool = False) -> Requirement:
    """Return the requirement of *text*. Remembers every text.

    Args:
        text: in PEP 508's form; a path may stand in place of a URL.
        has_folder: it is known to what a path is relative; otherwise it must be absolute.

    Raises:
        InvalidRequirement: *text* does not follow the grammar.
    """
    known = _known.get(text)
    if known is None:
        known = _known[text] = _parse_common(text) or _parse_any(text)
    if known.url is not None and not has_folder:
        path = _relative_path(known.url)
        if path is not None:
            start = text.index(known.url, text.index("@"))
            reason = f"relative path without a working directory: {path}"
            raise InvalidRequirement(text, reason, start, len(known.url))
    return known


def _relative_path(url: str) -> str | None:
    """Return the path in place of *url* if it is relative; one behind a variable may be absolute."""
    path = url.partition("#")[0]
    if "://" in path:
        return None
    path = path.removeprefix("file:")
    return None if path.startswith(("/", "${")) or os.path.isabs(path) else path


_OF_NAMES: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
_NOT_IN_SPECIFIERS: Final = frozenset("()@")


def _parse_common(text: str) -> Requirement | None:
    """Return the requirement if it names a registry package and is well-formed; None leaves it to `_parse_any`."""
    shape, semicolon, marker = text.strip().partition(";")
    name = shape.partition(" ")[0]
    if not name.isalnum():
        # A pattern would have to be compiled in nearly every run.
        name = shape[: len(shape) - len(shape.lstrip(_OF_NAMES))]
    rest = shape[len(name) :].strip()
    extras = ""
    if rest.startswith("["):
        extras, closing, rest = rest[1:].partition("]")
        if not closing:
            return None
        rest = rest.lstrip()
    if rest.startswith("(") and rest.endswith(")"):
        rest = rest[1:-1].strip()
        if not rest:
            return None
    if rest and (rest[0] not in "<>=!~" or not _NOT_IN_SPECIFIERS.isdisjoint(rest)):
        return None
    try:
        return Requirement(
            PackageName(normalise(name)),
            tuple([ExtraName(normalise(extra.strip())) for extra in extras.split(",")]) if extras else (),
            parse_specifiers(rest),
            None,
            parse_marker(marker) if semicolon else TRUE,
        )
    except (InvalidName, InvalidSpecifier, InvalidMarker):
        return None


class _Cursor:
    """A place in the text of one requirement."""

    __slots__ = ("place", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0

    def skip_blanks(self) -> None:
        """Move to the next character that is not white space."""
        while self.place < len(self.text) and self.text[self.place].isspace():
            self.place += 1

    def peek(self) -> str:
        """Return the next character, empty at the end."""
        return self.text[self.place : self.place + 1]

    def error(self, reason: str, start: int | None = None, length: int = 1) -> InvalidRequirement:
        """Return an error at *start*, by default here."""
        return InvalidRequirement(self.text, reason, self.place if start is None else start, length)


def _parse_any(text: str) -> Requirement:
    cursor = _Cursor(text)
    cursor.skip_blanks()
    if not cursor.peek():
        raise InvalidRequirement(text, "Empty field is not allowed for PEP508", 0, 1)
    name = PackageName(_read_name(cursor))
    cursor.skip_blanks()
    extras = _read_extras(cursor)
    cursor.skip_blanks()
    specifiers, url, start = NO_SPECIFIERS, None, cursor.place
    character = cursor.peek()
    if character == "@":
        url = _read_url(cursor)
    elif character == "(":
        specifiers = _read_parenthesised(cursor)
    elif character and character in "<>=!~":
        specifiers = _read_specifiers(cursor, ";")
    elif character not in {";", ""}:
        raise cursor.error(f"Expected one of `@`, `(`, `<`, `=`, `>`, `~`, `!`, `;`, found `{character}`")
    cursor.skip_blanks()
    marker = TRUE
    if cursor.peek() == ";":
        marker = _read_marker(cursor)
    elif cursor.peek():
        rest = text[cursor.place :]
        raise cursor.error(f"Trailing `{rest}` is not allowed", start, len(text) - start)
    return Requirement(name, extras, specifiers, url, marker)


def _is_name_character(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in "._-")


def _read_name(cursor: _Cursor) -> str:
    text, start = cursor.text, cursor.place
    if not (text[start].isascii() and text[start].isalnum()):
        raise cursor.error(f"Expected package name starting with an alphanumeric character, found `{text[start]}`")
    while cursor.place < len(text) and _is_name_character(text[cursor.place]):
        cursor.place += 1
    last = text[cursor.place - 1]
    if not last.isalnum():
        raise cursor.error(f"Package name must end with an alphanumeric character, not `{last}`", cursor.place - 1)
    return normalise(text[start : cursor.place])


def _read_extras(cursor: _Cursor) -> tuple[ExtraName, ...]:
    if cursor.peek() != "[":
        return ()
    bracket = cursor.place
    cursor.place += 1
    extras: list[ExtraName] = []
    while True:
        cursor.skip_blanks()
        character = cursor.peek()
        if not character:
            raise cursor.error(f"Missing closing bracket (expected ']', found {_END})", bracket)
        if character == "]" and not extras:
            break
        if extras:
            if character == "]":
                break
            if character != ",":
                raise cursor.error(
                    f"Expected either `,` (separating extras) or `]` (ending the extras section), found `{character}`"
                )
            cursor.place += 1
            cursor.skip_blanks()
        extras.append(_read_extra(cursor, bracket))
    cursor.place += 1
    return tuple(extras)


def _read_extra(cursor: _Cursor, bracket: int) -> ExtraName:
    character = cursor.peek()
    if not character:
        raise cursor.error(f"Missing closing bracket (expected ']', found {_END})", bracket)
    if not (character.isascii() and character.isalnum()):
        raise cursor.error(f"Expected an alphanumeric character starting the extra name, found `{character}`")
    start = cursor.place
    while cursor.peek() and _is_name_character(cursor.peek()):
        cursor.place += 1
    try:
        return ExtraName(normalise(cursor.text[start : cursor.place]))
    except InvalidName as error:
        raise cursor.error(str(error), start, cursor.place - start) from None


def _read_url(cursor: _Cursor) -> str:
    """Read up to a semicolon or comment sign behind white space, or the end."""
    text = cursor.text
    cursor.place += 1
    cursor.skip_blanks()
    start = cursor.place
    while cursor.place < len(text) and not (text[cursor.place] in ";#" and text[cursor.place - 1].isspace()):
        cursor.place += 1
    url = text[start : cursor.place].strip()
    if cursor.peek() == "#":
        cursor.place = len(text)
    if not url:
        raise cursor.error("Expected URL", start)
    if "@" in url:
        _check_authority(cursor, url, start)
    return url


def _check_authority(cursor: _Cursor, url: str, start: int) -> None:
    from mauve.standards.web_urls import InvalidUrl, check_authority

    try:
        check_authority(url)
    except InvalidUrl as error:
        raise cursor.error(str(error), start, len(url)) from None


def _read_specifiers(cursor: _Cursor, end: str) -> Specifiers:
    """Read up to a character of *end*; an error marks everything from here up to there."""
    text, start = cursor.text, cursor.place
    while cursor.place < len(text) and text[cursor.place] not in end:
        cursor.place += 1
    written = text[start : cursor.place]
    try:
        return parse_specifiers(written.strip())
    except InvalidSpecifier:
        clauses = written.split(",")
        place = start
        for clause in clauses:
            length = len(clause)
            try:
                parse_specifiers(clause.strip())
            except InvalidSpecifier as reason:
                words = clause.strip().split()
                if len(words) > 1 and _is_complete(words[0]):
                    trailing = " ".join(words[1:])
                    raise cursor.error(f"Trailing `{trailing}` is not allowed", start, len(written)) from None
                raise cursor.error(reason.reason, place, length) from None
            place += length + 1
        raise


def _is_complete(clause: str) -> bool:
    try:
        parse_specifiers(clause)
    except InvalidSpecifier:
        return False
    return True


def _read_parenthesised(cursor: _Cursor) -> Specifiers:
    opening = cursor.place
    cursor.place += 1
    cursor.skip_blanks()
    if cursor.text.find(")", cursor.place) < 0:
        raise cursor.error(f"Missing closing parenthesis (expected ')', found {_END})", opening)
    specifiers = _read_specifiers(cursor, ")")
    cursor.place += 1
    return specifiers


def _read_marker(cursor: _Cursor) -> Marker:
    start = cursor.place + 1
    cursor.place = len(cursor.text)
    written = cursor.text[start:]
    if not written.strip():
        raise cursor.error(f"Expected marker value, found {_END}", start + len(written))
    try:
        return parse_marker(written)
    except InvalidMarker as error:
        raise InvalidRequirement(cursor.text, error.reason, start + error.start, error.length) from None


def render_requirement(requirement: Requirement) -> str:
    """Return uv's normal form: `name[x,y]>=1,<2 ; marker`, extras and clauses sorted."""
    return requirement_text(replace(requirement, extras=tuple(sorted(set(requirement.extras)))))


def requirement_text(requirement: Requirement) -> str:
    """Return the text of *requirement*, extras as they were written and clauses sorted."""
    extras = f"[{','.join(requirement.extras)}]" if requirement.extras else ""
    text = f"{requirement.name}{extras}"
    if requirement.url is not None:
        text = f"{text} @ {requirement.url}"
    else:
        text = f"{text}{requirement.specifiers.lock_text()}"
    marker = render(requirement.marker)
    return text if marker is None else f"{text} ; {marker}"

"""Portable glob patterns, which select files of source trees.

`*` and `?` stay within one name, `**` spans folders and must be a name of its own, `[…]` is one of some
characters, and a backslash makes the next character an ordinary one. Includes are anchored at the root of the
source tree; excludes only if they start with a slash.

Specification: PEP 639 "Glob patterns"; the backslash is an extension.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from mauve.build.native.errors import NativeBuildError, UnsupportedGlob

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_PLAIN = frozenset("_-.?")


class InvalidPortableGlob(NativeBuildError):
    """A pattern is not a portable glob."""


@cache
def compile_glob(pattern: str, *, is_extended: bool = True) -> str:
    """Return the regular expression of *pattern*, for whole paths with `/`.

    Args:
        pattern: the glob.
        is_extended: whether a backslash may quote a character, and characters beyond the standard's are allowed.

    Raises:
        InvalidPortableGlob: *pattern* breaks a rule.
    """
    _check(pattern, is_extended=is_extended)
    expression: list[str] = []
    parts = pattern.split("/")
    for place, part in enumerate(parts):
        is_last = place == len(parts) - 1
        if part == "**":
            if place and parts[place - 1] == "**":
                continue
            expression.append(".*" if is_last and place == 0 else ".+" if is_last else "(?:.*/)?")
            continue
        expression.append(_compile_name(part))
        if not is_last:
            expression.append("/")
    return "".join(expression)


def _compile_name(part: str) -> str:
    expression: list[str] = []
    place = 0
    while place < len(part):
        character = part[place]
        if character == "*":
            expression.append("[^/]*")
        elif character == "?":
            expression.append("[^/]")
        elif character == "[":
            end = part.index("]", place + 1)
            content = re.sub(r"([\\^\[&~|])", r"\\\1", part[place + 1 : end])
            expression.append(f"[{content}]")
            place = end
        elif character == "\\":
            place += 1
            expression.append(re.escape(part[place]))
        else:
            expression.append(re.escape(character))
        place += 1
    return "".join(expression)


def _check(pattern: str, *, is_extended: bool) -> None:
    place = 0
    starts_name = True
    while place < len(pattern):
        character = pattern[place]
        started, starts_name = starts_name, False
        if character == "*":
            end = place + len(pattern[place:]) - len(pattern[place:].lstrip("*"))
            if end - place > 2 or (end - place == 2 and pattern[end : end + 1] not in {"", "/"}):
                raise _invalid(f"Too many at stars at position {place}", pattern)
            place = end - 1
        elif character == "[":
            place = _check_class(pattern, place)
        elif character == "/":
            starts_name = True
        elif character == "." and started and pattern.startswith(".", place + 1):
            raise _invalid(f"The parent directory operator (`..`) at position {place} is not allowed", pattern)
        elif character == "\\" and is_extended:
            place += 1
            _check_quoted(pattern, place)
        elif not (character.isalnum() or character in _PLAIN):
            raise _invalid(f"Invalid character `{character}` at position {place}", pattern)
        place += 1


def _invalid(reason: str, pattern: str) -> InvalidPortableGlob:
    return InvalidPortableGlob(f"{reason} in glob `{pattern}`")


def _check_quoted(pattern: str, place: int) -> None:
    if place == len(pattern):
        raise _invalid(f"Trailing backslash at position {place - 1}", pattern)
    if pattern[place] == "/":
        raise _invalid(f"Path separators can't be escaped, invalid character at position {place}", pattern)


def _check_class(pattern: str, start: int) -> int:
    """Return the place of the bracket that closes the class which opens at *start*."""
    place = start + 1
    while place < len(pattern) and pattern[place] != "]":
        character = pattern[place]
        if not (character.isalnum() or character in "_-."):
            raise _invalid(f"Invalid character `{character}` in range at position {place}", pattern)
        place += 1
    if place == len(pattern) or place == start + 1:
        raise InvalidPortableGlob(f"error parsing glob '{pattern}': unclosed character class; missing ']'")
    for first, hyphen, last in zip(
        pattern[start + 1 :], pattern[start + 2 :], pattern[start + 3 : place], strict=False
    ):
        if hyphen == "-" and first > last:
            raise InvalidPortableGlob(f"error parsing glob '{pattern}': invalid range; '{first}' > '{last}'")
    return place


def quote_glob(path: str) -> str:
    """Return a pattern that names exactly *path*."""
    return "".join([f"\\{character}" if _is_special(character) else character for character in path])


def _is_special(character: str) -> bool:
    return character in "*?[" or not (character.isalnum() or character in "_-./")


class Includes:
    """Patterns, of which a path of the source tree has to match one."""

    def __init__(self, patterns: Iterable[tuple[str, str]], *, is_extended: bool = True) -> None:
        """Compile pairs of pattern and the key of `pyproject.toml` that holds it.

        Raises:
            UnsupportedGlob: from `InvalidPortableGlob`.
        """
        expressions: list[str] = []
        folders: list[str] = []
        for pattern, field in patterns:
            expressions.append(_compile_for(pattern, field, is_extended=is_extended))
            folders += _folders_above(pattern)
        self.admits = _matcher(expressions)
        self._folders = _matcher(folders)

    def enters(self, path: str, _: str = "") -> object:
        """Return whether something below the folder *path* may be included."""
        return self._folders(path)


def _folders_above(pattern: str) -> list[str]:
    """Return expressions for the folders in which *pattern* may name something."""
    names: list[str] = []
    folders: list[str] = []
    for part in pattern.split("/")[:-1]:
        if part == "**":
            return [*folders, "/".join([*names, ".*"])]
        names.append(_compile_name(part))
        folders.append("/".join(names))
    return [*folders, "/".join([*names, ".*"])] if pattern.endswith("**") else folders


def compile_excludes(patterns: Iterable[str]) -> Callable[[str], object]:
    """Return whether a path is excluded.

    Raises:
        UnsupportedGlob: from `InvalidPortableGlob`.
    """
    field = "tool.uv.build-backend.*-exclude"
    return _matcher([_compile_for(_unanchored(pattern), field) for pattern in patterns])


def _unanchored(pattern: str) -> str:
    if not pattern:
        return "**"
    return pattern[1:] if pattern.startswith("/") else f"**/{pattern}"


def _compile_for(pattern: str, field: str, *, is_extended: bool = True) -> str:
    try:
        return compile_glob(pattern, is_extended=is_extended)
    except InvalidPortableGlob as error:
        raise UnsupportedGlob(field) from error


def _matcher(expressions: list[str]) -> Callable[[str], object]:
    if not expressions:
        return lambda _: False
    return re.compile("|".join(f"(?:{expression})" for expression in dict.fromkeys(expressions)), re.DOTALL).fullmatch

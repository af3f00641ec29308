"""Shell patterns of `tool.uv.workspace`: which folders they name below a root.

`*` and `?` stay within one name, `**` spans folders, `[…]` is one of some characters. Hidden names match too.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

Matcher: TypeAlias = "str | re.Pattern[str] | None"

_SPECIAL: Final = frozenset("*?[")


class InvalidGlob(ValueError):
    """The pattern cannot be read."""

    def __init__(self, position: int, reason: str) -> None:
        """Point at a character of the pattern."""
        super().__init__(f"Pattern syntax error near position {position}: {reason}")
        self.position = position
        self.reason = reason


@cache
def compile_glob(pattern: str) -> tuple[Matcher, ...]:
    """Return a matcher for each name of *pattern*: the name itself, an expression, or None for `**`.

    Raises:
        InvalidGlob: a bracket is not closed, or stars are misplaced.
    """
    matchers: list[Matcher] = []
    position = 0
    for part in pattern.split("/"):
        if part == "**":
            if not matchers or matchers[-1] is not None:
                matchers.append(None)
        elif part not in {"", "."}:
            matchers.append(part if _SPECIAL.isdisjoint(part) else _compile_part(part, position))
        position += len(part) + 1
    return tuple(matchers)


def _compile_part(part: str, offset: int) -> re.Pattern[str]:
    import re

    expression: list[str] = []
    place = 0
    while place < len(part):
        character = part[place]
        if character == "*":
            if part.startswith("***", place):
                raise InvalidGlob(offset + place + 2, "wildcards are either regular `*` or recursive `**`")
            if part.startswith("**", place):
                raise InvalidGlob(offset + place, "recursive wildcards must form a single path component")
            expression.append(".*")
        elif character == "?":
            expression.append(".")
        elif character == "[":
            negated = part.startswith("!", place + 1)
            end = part.find("]", place + (3 if negated else 2))
            if end < 0:
                raise InvalidGlob(offset + place, "invalid range pattern")
            content = part[place + (2 if negated else 1) : end].replace("\\", "\\\\").replace("^", "\\^")
            content = content.replace("[", "\\[").replace("]", "\\]")
            expression.append(f"[{'^' if negated else ''}{content}]")
            place = end
        else:
            expression.append(re.escape(character))
        place += 1
    return re.compile("".join(expression), re.DOTALL)


def matches_glob(pattern: str, path: str) -> bool:
    """Return whether *pattern* names *path*; both relative to the same folder, with `/`, without `..`."""
    names = [name for name in path.split("/") if name not in {"", "."}]
    return _matches(compile_glob(pattern), names)


def _matches(matchers: tuple[Matcher, ...], names: list[str]) -> bool:
    if not matchers:
        return not names
    first = matchers[0]
    if first is None:
        # At the end, `**` names what is below a folder and not the folder itself.
        least = 0 if len(matchers) > 1 else 1
        return any(_matches(matchers[1:], names[skipped:]) for skipped in range(least, len(names) + 1))
    return bool(names) and _matches_name(first, names[0]) and _matches(matchers[1:], names[1:])


def _matches_name(matcher: str | re.Pattern[str], name: str) -> bool:
    return matcher == name if isinstance(matcher, str) else matcher.fullmatch(name) is not None


def matches_glob_loosely(pattern: str, path: str) -> bool:
    """Return whether *pattern* names *path* when `*` and `?` may span folders (as `exclude` reads them)."""
    import re

    expression: list[str] = []
    matchers = compile_glob(pattern)
    for place, matcher in enumerate(matchers):
        is_last = place == len(matchers) - 1
        if matcher is None:
            expression.append(".+" if is_last else "(?:.*/)?")
        else:
            expression.append(re.escape(matcher) if isinstance(matcher, str) else matcher.pattern)
            if not is_last:
                expression.append("/")
    return re.fullmatch("".join(expression), path, re.DOTALL) is not None


def find_folders(root: str, pattern: str) -> Iterator[str]:
    """Yield the folders below *root* that *pattern* names, in alphabetical order, `..` resolved."""
    yield from dict.fromkeys(_expand(root, compile_glob(pattern)))


def _expand(folder: str, matchers: tuple[Matcher, ...]) -> Iterator[str]:
    if not matchers:
        yield folder
        return
    matcher, rest = matchers[0], matchers[1:]
    if matcher is None:
        yield from _expand_deep(folder, rest)
    elif matcher == "..":
        yield from _expand(os.path.dirname(folder), rest)
    elif isinstance(matcher, str):
        path = os.path.join(folder, matcher)
        if os.path.isdir(path):
            yield from _expand(path, rest)
    else:
        for name in _folders(folder):
            if matcher.fullmatch(name):
                yield from _expand(os.path.join(folder, name), rest)


def _expand_deep(folder: str, rest: tuple[Matcher, ...]) -> Iterator[str]:
    if rest:
        yield from _expand(folder, rest)
    for name in _folders(folder):
        path = os.path.join(folder, name)
        if not rest:
            yield path
        if not os.path.islink(path):
            yield from _expand_deep(path, rest)


def _folders(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if entry.is_dir())
    except (PermissionError, FileNotFoundError, NotADirectoryError):
        return []  # what may not be listed has no members

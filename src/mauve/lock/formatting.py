"""Whether the text of a lockfile is formatted as uv formats it (preview `lockfile-format-check`).

Blanks, quotes and line ends are looked at, token by token. How entries are laid out on lines, in which order they
stand, and comments are nobody's business: tools may have merged the file.
"""

from __future__ import annotations

import re
from typing import Final

_STRING: Final = r'"(?:[^"\\]|\\.)*"(?!")'
_TOKEN: Final = re.compile(
    rf"(?P<blank>[ \t]+)|(?P<string>{_STRING})|(?P<mark>[=\[\]{{}},])|(?P<other>[^ \t\"=\[\]{{}},#']+)"
)
_INDENT: Final = "    "


def first_misformatted_line(text: str) -> int | None:
    """Return the number of the first line of the TOML *text* that is not formatted as uv does, None without one."""
    lines = text.removeprefix("\ufeff").split("\n")
    depth = 0
    for number, line in enumerate(lines[:-1], 1):
        if line and not _is_well_spaced(line, depth):
            return number
        depth += _opened(line)
    return len(lines) if lines[-1] else None


def _is_well_spaced(line: str, depth: int) -> bool:
    if line[-1] in " \t\r":
        return False
    body = line.lstrip(" \t")
    indent = line[: len(line) - len(body)]
    if indent and (indent != _INDENT or not depth or body[0] == "]"):
        return False
    before, blank, place = "", "", 0
    while place < len(body):
        if body[place] == "#":
            return before == "" or (before != "[" and blank in {"", " "})
        found = _TOKEN.match(body, place)
        if found is None:
            return False  # a literal string, or one over several lines
        place = found.end()
        token = found[0]
        if found["blank"] is not None:
            blank = token
            continue
        if before and not _fits(before, blank, token):
            return False
        before, blank = token if found["mark"] else "value", ""
    return True


def _fits(before: str, blank: str, after: str) -> bool:
    """Return whether *blank* may stand between two tokens of a line."""
    if before == "{" and after == "}":
        return blank in {"", " "}
    if before in {"=", "{", ","} or after in {"=", "}"}:
        return blank == " "
    if before == "[" or after in {"]", ","}:
        return blank == ""
    return True


def _opened(line: str) -> int:
    """Return how many arrays *line* leaves open; negative for closed ones."""
    bare = re.sub(_STRING, "", line).partition("#")[0]
    return bare.count("[") - bare.count("]")

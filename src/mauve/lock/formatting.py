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
    arrays: list[str] = []
    for number, line in enumerate(lines[:-1], 1):
        if line and not _is_well_spaced(line, arrays[-1] if arrays else ""):
            return number
        _follow(line, arrays)
    return len(lines) if lines[-1] else None


def _is_well_spaced(line: str, indent: str) -> bool:
    if line[-1] in " \t\r":
        return False
    body = line.lstrip(" \t")
    if line[: len(line) - len(body)] != ("" if body[0] == "]" else indent):
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


def _follow(line: str, arrays: list[str]) -> None:
    """Bring *arrays*, the indents of the elements of those that are open, behind *line*."""
    bare = re.sub(_STRING, "", line).partition("#")[0].rstrip()
    # Elements are indented if the first one has a line of its own.
    indent = _INDENT if bare.endswith("[") else ""
    for mark in re.findall(r"[\[\]]", bare):
        if mark == "[":
            arrays.append(indent)
        elif arrays:
            arrays.pop()

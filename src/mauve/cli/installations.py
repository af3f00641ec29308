"""Installed interpreters as a table, or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.operations.python_list import ListedPython
    from mauve.terminal.style import Style


def render_table(listed: list[ListedPython], shown: Callable[[str], str], style: Style) -> str:
    """Return a line for each executable: its key, its path as *shown*, and what that is a link to."""
    width = max((len(each.interpreter.key) for each in listed), default=0)
    lines: list[str] = []
    for each in listed:
        link = "" if each.link is None else f" -> {style.cyan(shown(each.link))}"
        lines.append(f"{each.interpreter.key.ljust(width)}    {style.cyan(shown(each.path))}{link}\n")
    return "".join(lines)


def render_json(listed: list[ListedPython], shown: Callable[[str], str]) -> str:
    """Return an array with an object for each executable; paths as *shown*."""
    import json

    rows: list[dict[str, object]] = []
    for each in listed:
        interpreter = each.interpreter
        *_, system, architecture, libc = interpreter.key.split("-")
        major, minor, patch = interpreter.release
        rows.append(
            {
                "key": interpreter.key,
                "version": interpreter.markers.python_full_version,
                "version_parts": {"major": major, "minor": minor, "patch": patch},
                "path": shown(each.path),
                "symlink": None if each.link is None else shown(each.link),
                "url": None,
                "os": system,
                "variant": interpreter.variant.removeprefix("+") or "default",
                "implementation": interpreter.implementation,
                "arch": architecture,
                "libc": libc,
            }
        )
    return json.dumps(rows, separators=(",", ":"), ensure_ascii=False) + "\n"

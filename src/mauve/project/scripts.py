"""Find the scripts with inline metadata below a folder.

A script ends in `.py` or `.pyw`, or has no extension and begins with `#!`. What git ignores is passed over, and links
are not followed.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mauve.errors import MauveError
from mauve.filesystem.text import UnreadableFile, read_text
from mauve.project.ignored import files_not_ignored
from mauve.project.script import parse_script

if TYPE_CHECKING:
    from collections.abc import Callable

_EXTENSIONS = (".py", ".pyw")


def find_scripts(root: str, warn: Callable[[str], None]) -> list[str]:
    """Return the paths of the scripts below *root*, sorted; those whose block is malformed are told to *warn*."""
    return sorted(path for path in files_not_ignored(root) if _is_script(path, warn))


def _is_script(path: str, warn: Callable[[str], None]) -> bool:
    extension = os.path.splitext(path)[1].lower()
    if extension not in _EXTENSIONS and (extension or not _has_shebang(path)):
        return False
    try:
        text = read_text(path)
    except (UnreadableFile, FileNotFoundError):
        return False
    try:
        return parse_script(text, path, path) is not None
    except MauveError as error:
        warn(f"Skipping invalid PEP 723 script `{path}`: {error}")
        return False


def _has_shebang(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read(2) == b"#!"
    except OSError:
        return False

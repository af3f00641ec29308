"""License expressions, and which files tell the terms.

Specification: PEP 639.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.build.native.errors import BrokenRule, InvalidProjectMetadata
from mauve.build.native.globs import Includes
from mauve.build.native.selection import walk

if TYPE_CHECKING:
    from mauve.build.native.project import NativeProject


def check_license(project: NativeProject) -> None:
    """Raise if the license is told in two ways, or in words that are not an expression.

    Raises:
        InvalidProjectMetadata: from `BrokenRule`.
    """
    declared = project.license
    if declared is None:
        return
    if declared.expression is None:
        if project.license_files is not None:
            raise InvalidProjectMetadata from BrokenRule(
                "When `project.license-files` is defined, `project.license` must be an SPDX expression string"
            )
        return
    reason = explain_expression(declared.expression)
    if reason is not None:
        rule = BrokenRule(f"`project.license` is not a valid SPDX expression: {declared.expression}")
        rule.__cause__ = BrokenRule(reason)
        raise InvalidProjectMetadata from rule


def explain_expression(text: str) -> str | None:
    """Return what is wrong with a license expression, None if nothing: the text, and marks below the place."""
    from packaging.licenses._spdx import EXCEPTIONS, LICENSES

    licenses = {entry["id"] for entry in LICENSES.values()}
    exceptions = {entry["id"] for entry in EXCEPTIONS.values()}
    depth = 0
    wants_term = True
    place = 0
    for word, start in _words(text):
        place = start + len(word)
        if wants_term:
            if word == "(":
                depth += 1
                continue
            bare = word.removesuffix("+")
            if bare in licenses or bare.startswith(("LicenseRef-", "DocumentRef-")):
                wants_term = False
                continue
        elif word == ")" and depth:
            depth -= 1
            continue
        elif word in {"AND", "OR"}:
            wants_term = True
            continue
        elif word == "WITH" or word in exceptions:
            continue
        return f"{text}\n{' ' * start}{'^' * len(word)} unknown term"
    if wants_term:
        return f"{text}\n{' ' * len(text)} expected one of `<license>`, `(` here"
    return None


def _words(text: str) -> list[tuple[str, int]]:
    words: list[tuple[str, int]] = []
    start = None
    for place, character in enumerate(f"{text} "):
        if character.isspace() or character in "()":
            if start is not None:
                words.append((text[start:place], start))
                start = None
            if character in "()":
                words.append((character, place))
        elif start is None:
            start = place
    return words


def find_license_files(tree: str, project: NativeProject) -> list[str]:
    """Return the files that `license-files` names, in the order of metadata.

    Raises:
        UnsupportedGlob: from `InvalidPortableGlob`.
        InvalidProjectMetadata: from `BrokenRule`, if a pattern names no file.
    """
    found: set[str] = set()
    for pattern in project.license_files or ():
        includes = Includes([(pattern, pattern)], is_extended=False)
        matching = [file.path for file in walk(tree, "", includes.enters) if includes.admits(file.path)]
        if not matching:
            raise InvalidProjectMetadata from BrokenRule(
                f"`project.license-files` glob `{pattern}` did not match any files"
            )
        found.update(matching)
    return sorted(found, key=lambda path: path.split("/"))

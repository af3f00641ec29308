"""What git ignores: a folder with nothing else is no forgotten workspace member, and is not searched for scripts.

Reads the `.gitignore` files between the top of the repository and the folder; outside a repository
nothing is ignored, unless scripts are searched for. Covers names, paths, `*`, `?`, `**`, negation and trailing slashes.

Specification: gitignore(5).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.project.globs import InvalidGlob, matches_glob

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Rule(Struct, frozen=True):
    """One line: `pattern` is matched against the path below `base`."""

    base: str
    pattern: str
    is_negated: bool
    only_folders: bool

    def matches(self, path: str, *, is_folder: bool) -> bool:
        """Return whether the line is about *path* (absolute)."""
        if self.only_folders and not is_folder:
            return False
        relative = os.path.relpath(path, self.base).replace(os.sep, "/")
        try:
            return matches_glob(self.pattern, relative)
        except InvalidGlob:
            return False  # git passes over lines it cannot read


def has_only_ignored_files(folder: str) -> bool:
    """Return whether every file below *folder* is ignored; true if there is none."""
    top = _repository(folder)
    rules = _rules_above(folder, top)
    return next(_walk(folder, rules, reads_rules=top is not None), None) is None


def files_not_ignored(folder: str) -> Iterator[str]:
    """Yield the files below *folder* that are not ignored, links left out; repository or not, rules below count."""
    for entry in _walk(folder, _rules_above(folder, _repository(folder)), reads_rules=True):
        if entry.is_file(follow_symlinks=False):
            yield entry.path


def _rules_above(folder: str, top: str | None) -> list[_Rule]:
    """Return the rules of the folders from *top* to the one that *folder* is in."""
    rules: list[_Rule] = []
    if top is not None:
        between = [folder]
        while between[-1] != top:
            between.append(os.path.dirname(between[-1]))
        for parent in reversed(between[1:]):
            rules += _read_rules(parent)
    return rules


def _repository(folder: str) -> str | None:
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder


def _walk(folder: str, rules: list[_Rule], *, reads_rules: bool) -> Iterator[os.DirEntry[str]]:
    """Yield everything below *folder* that is no folder and not ignored."""
    if reads_rules:
        rules = rules + _read_rules(folder)
    with os.scandir(folder) as entries:
        for entry in entries:
            is_folder = entry.is_dir(follow_symlinks=False)
            if _is_ignored(entry.path, rules, is_folder=is_folder):
                continue
            if is_folder:
                yield from _walk(entry.path, rules, reads_rules=reads_rules)
            else:
                yield entry


def _is_ignored(path: str, rules: list[_Rule], *, is_folder: bool) -> bool:
    for rule in reversed(rules):
        if rule.matches(path, is_folder=is_folder):
            return not rule.is_negated
    return False


def _read_rules(folder: str) -> list[_Rule]:
    try:
        with open(os.path.join(folder, ".gitignore"), encoding="utf-8", errors="replace") as file:
            lines = file.read().splitlines()
    except OSError:
        return []  # there is none, or it may not be read: nothing is ignored then
    rules: list[_Rule] = []
    for line in lines:
        pattern = line.rstrip()
        if not pattern or pattern.startswith("#"):
            continue
        is_negated = pattern.startswith("!")
        pattern = pattern.removeprefix("!")
        only_folders = pattern.endswith("/")
        pattern = pattern.rstrip("/")
        # A slash before the end ties the pattern to the folder of the file.
        rules.append(_Rule(folder, pattern if "/" in pattern else f"**/{pattern}", is_negated, only_folders))
    return rules

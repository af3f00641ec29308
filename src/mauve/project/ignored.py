"""Whether a folder has nothing but files that git ignores: such a folder is no forgotten workspace member.

Reads the `.gitignore` files between the top of the repository and the folder; outside a repository nothing
is ignored. Covers names, paths, `*`, `?`, `**`, negation and trailing slashes.

Specification: gitignore(5).
"""

from __future__ import annotations

import os

from msgspec import Struct

from mauve.project.globs import InvalidGlob, matches_glob


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
    rules: list[_Rule] = []
    if top is not None:
        between = [folder]
        while between[-1] != top:
            between.append(os.path.dirname(between[-1]))
        for parent in reversed(between[1:]):
            rules += _read_rules(parent)
    return _is_empty(folder, rules, in_repository=top is not None)


def _repository(folder: str) -> str | None:
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder


def _is_empty(folder: str, rules: list[_Rule], *, in_repository: bool) -> bool:
    if in_repository:
        rules = rules + _read_rules(folder)
    with os.scandir(folder) as entries:
        for entry in entries:
            is_folder = entry.is_dir(follow_symlinks=False)
            if _is_ignored(entry.path, rules, is_folder=is_folder):
                continue
            if not is_folder or not _is_empty(entry.path, rules, in_repository=in_repository):
                return False
    return True


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

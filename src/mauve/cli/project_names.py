"""Names that only the project at hand has: what a shell offers for extras, groups, members and packages."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from mauve.errors import MauveError
from mauve.project.workspace import Workspace, discover_workspace
from mauve.standards.requirements import InvalidRequirement, parse_requirement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LOCKED_NAME: Final = re.compile(r'^name = "([^"]+)"$', re.MULTILINE)


def names_for(path: str, field: str) -> list[str]:
    """Return what the project around the working directory has for the *field* of the command at *path*; sorted.

    Nothing where there is no project, or a broken one: a completion is no place for errors.
    """
    kind = "required" if (path, field) == ("remove", "packages") else _KINDS.get(field)
    if kind is None:
        return []
    try:
        return sorted(set(_NAMES[kind](discover_workspace(os.getcwd()))))
    except (MauveError, OSError, ValueError):
        return []


def _extras(workspace: Workspace) -> Iterator[str]:
    for member in workspace.members.values():
        if member.pyproject.project is not None:
            yield from member.pyproject.project.optional_dependencies


def _groups(workspace: Workspace) -> Iterator[str]:
    yield from workspace.pyproject.groups
    for member in workspace.members.values():
        yield from member.pyproject.groups


def _members(workspace: Workspace) -> Iterator[str]:
    yield from workspace.members


def _locked(workspace: Workspace) -> Iterator[str]:
    """Give every name in the lockfile, or those of the members if there is none."""
    try:
        with open(workspace.lock_path, encoding="utf-8") as file:
            yield from _LOCKED_NAME.findall(file.read())
    except FileNotFoundError:
        yield from workspace.members


def _required(workspace: Workspace) -> Iterator[str]:
    """Give what the current project requires itself."""
    member = None if workspace.current is None else workspace.members.get(workspace.current)
    pyproject = workspace.pyproject if member is None else member.pyproject
    texts: list[object] = [entry for entries in pyproject.groups.values() for entry in entries]
    if pyproject.project is not None:
        texts += pyproject.project.dependencies or ()
        for entries in pyproject.project.optional_dependencies.values():
            texts += entries
    for text in texts:
        if isinstance(text, str):
            try:
                yield parse_requirement(text).name
            except InvalidRequirement:
                continue  # what cannot be read cannot be removed by name


_NAMES: Final[dict[str, Callable[[Workspace], Iterator[str]]]] = {
    "extras": _extras,
    "groups": _groups,
    "members": _members,
    "locked": _locked,
    "required": _required,
}
_OF_PACKAGES: Final = (
    "no_binary_package no_build_package no_build_isolation_package no_editable_package no_emit_package "
    "no_install_package no_sources_package only_install_package prune refresh_package reinstall_package upgrade_package"
)
_KINDS: Final = {
    "extra": "extras",
    "no_extra": "extras",
    "optional": "extras",
    "group": "groups",
    "no_group": "groups",
    "only_group": "groups",
    "upgrade_group": "groups",
    "package": "members",
    **dict.fromkeys(_OF_PACKAGES.split(), "locked"),
}
"""Fields of options, and what they name."""

"""The Python versions of a workspace: what its members and selected groups ask for, taken together.

Specification: docs/project.md "Python choice".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.errors import MauveError
from mauve.project.groups import flatten_groups
from mauve.standards.names import GroupName, PackageName
from mauve.standards.requires_python import RequiresPython
from mauve.standards.specifiers import Operator, Specifiers, parse_specifiers

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from mauve.project.pyproject import PyProject
    from mauve.project.workspace import Workspace


class PythonBound(Struct, frozen=True):
    """One declaration of `requires-python`; *package* is None for a group of a root without `[project]`."""

    package: PackageName | None
    group: GroupName | None
    specifiers: Specifiers

    def __str__(self) -> str:
        """Return the owner and the specifiers as lists of them show it."""
        owner = self.package or ""
        if self.group is not None:
            owner = f"{owner}:{self.group}"
        return f"{owner}: {_sorted_text(self.specifiers)}"


class ConflictingPythons(MauveError):
    """No Python version satisfies every member."""

    def __init__(self, bounds: Sequence[PythonBound]) -> None:
        """Keep the declarations."""
        super().__init__(bounds)
        self.bounds = tuple(bounds)

    def __str__(self) -> str:
        """Return the list of declarations."""
        return "Found conflicting Python requirements:" + "".join(f"\n- {bound}" for bound in self.bounds)


def python_bounds(workspace: Workspace, groups: Collection[GroupName] = ()) -> tuple[PythonBound, ...]:
    """Return every declaration of the members, and of those *groups* where they are defined, by owner."""
    bounds: list[PythonBound] = []
    for name, member in workspace.members.items():
        if member.project.requires_python is not None:
            bounds.append(PythonBound(name, None, member.project.requires_python))
        bounds += _group_bounds(member.pyproject, name, groups)
    if workspace.is_virtual:
        bounds += _group_bounds(workspace.pyproject, None, groups)
    return tuple(bounds)


def _group_bounds(pyproject: PyProject, name: PackageName | None, groups: Collection[GroupName]) -> list[PythonBound]:
    if not groups or not pyproject.uv.group_requires_python:
        return []
    return [
        PythonBound(name, group, flat.requires_python)
        for group, flat in flatten_groups(pyproject).items()
        if group in groups and not flat.requires_python.is_empty
    ]


def intersect_bounds(bounds: Sequence[PythonBound]) -> RequiresPython | None:
    """Return the range that all *bounds* allow; None without any.

    Raises:
        ConflictingPythons: it is empty.
    """
    if not bounds:
        return None
    both = RequiresPython.intersection([bound.specifiers for bound in bounds])
    if both is None:
        raise ConflictingPythons(bounds)
    return both


def tilde_warnings(bounds: Sequence[PythonBound]) -> list[str]:
    """Return one warning for each `~=3.x`, which allows more than most people expect."""
    warnings: list[str] = []
    for bound in bounds:
        clauses = bound.specifiers.specifiers
        if len(clauses) != 1 or clauses[0].operator is not Operator.TILDE_EQUAL or bound.group is not None:
            continue
        release = clauses[0].version.release
        if len(release) != 2:
            continue
        major, minor = release
        warnings.append(
            f"The `requires-python` specifier (`~={major}.{minor}`) in `{bound.package}` uses the tilde specifier "
            f"(`~=`) without a patch version. This will be interpreted as `>={major}.{minor}, <{major + 1}`. Did you "
            f"mean `~={major}.{minor}.0` to constrain the version as `>={major}.{minor}.0, <{major}.{minor + 1}`? We "
            "recommend only using the tilde specifier with a patch version to avoid ambiguity."
        )
    return warnings


class LockPython(Struct, frozen=True):
    """The range that is locked for, and what has to be said about it."""

    requires_python: RequiresPython
    warning: str | None = None


def lock_python(declared: RequiresPython | None, running: tuple[int, int]) -> LockPython:
    """Return the range to lock for; *running* is major and minor of the interpreter, the default lower bound."""
    minimum = f">={running[0]}.{running[1]}"
    if declared is None:
        default = RequiresPython.from_specifiers(parse_specifiers(minimum)) or RequiresPython()
        return LockPython(default, f"No `requires-python` value found in the workspace. Defaulting to `{minimum}`.")
    if declared.lower is None:
        return LockPython(
            declared,
            f"The workspace `requires-python` value (`{declared}`) does not contain a lower bound. Add a lower bound "
            f"to indicate the minimum compatible Python version (e.g., `{minimum}`).",
        )
    first, *others = declared.specifiers.specifiers
    if not others and first.operator is Operator.EQUAL and len(first.version.release) == 2:
        return LockPython(
            declared,
            f"The workspace `requires-python` value (`{declared}`) contains an exact match without a patch version. "
            f"When omitted, the patch version is implicitly `0` (e.g., `{declared}.0`). Did you mean `{declared}.*`?",
        )
    return LockPython(declared)


def _sorted_text(specifiers: Specifiers) -> str:
    return ", ".join(map(str, sorted(specifiers.specifiers, key=lambda clause: clause.version.key)))

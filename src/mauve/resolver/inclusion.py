"""Why a version is looked at: the first way of requirements from the root to it, as uv finds it.

Specification: docs/resolution.md "Hints".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.solver.incompatibility import DependsOn
from mauve.standards.range_text import bounds_of

if TYPE_CHECKING:
    from mauve.resolver.packages import Package
    from mauve.solver.solver import Solver
    from mauve.standards.range_text import Bounds
    from mauve.standards.version_sets import VersionSet
    from mauve.standards.versions import Version


class _Step(Struct, frozen=True):
    """A decided package that depends on the next one, or on the goal, in a range."""

    package: Package
    version: Version
    needed: VersionSet


def describe_inclusion(package: Package, version: Version, solver: Solver[Package, Version, VersionSet]) -> str | None:
    """Return in one sentence who requires *version* of *package*; None if nobody but the root does."""
    way: list[_Step] = []
    if not _find_way(package, version, solver, dict(solver.solution.decisions()), way) or not way:
        return None
    words, needed = [], ""
    for step in dict.fromkeys(reversed(way)):
        words.append(f"`{_notation(step.package)}{needed}` (v{step.version})")
        needed = _range_text(step.needed)
    words.append(f"`{package.name}{needed}`")
    return f"`{package.name}` (v{version}) was included because {words[0]} depends on " + " which depends on ".join(
        words[1:]
    )


def _find_way(
    package: Package,
    version: Version,
    solver: Solver[Package, Version, VersionSet],
    decided: dict[Package, Version],
    way: list[_Step],
) -> bool:
    """Add to *way* who leads from *package* to the root, by what is *decided*; return whether somebody does."""
    for incompatibility in solver.incompatibilities.get(package, ()):
        cause = incompatibility.cause
        if not isinstance(cause, DependsOn) or cause.child != package or version not in cause.child_versions:
            continue
        parent, chosen = cause.parent, decided.get(cause.parent)
        if chosen is None:
            continue
        if not parent.name:
            return True
        if parent.name != package.name:  # otherwise a proxy
            way.append(_Step(parent, chosen, cause.child_versions))
        if _find_way(parent, chosen, solver, decided, way):
            return True
        if parent.name != package.name:
            way.pop()
    return False


def _notation(package: Package) -> str:
    if package.extra is not None:
        return f"{package.name}[{package.extra}]"
    return package.name if package.group is None else f"{package.name}:{package.group}"


def _range_text(versions: VersionSet) -> str:
    """Return *versions* as intervals, the sides apart."""
    return " | ".join(map(_interval_text, bounds_of(versions)))


def _interval_text(bounds: Bounds) -> str:
    if bounds.lower_included and bounds.upper_included and bounds.lower == bounds.upper:
        return f"=={bounds.lower}"
    lower = "" if bounds.lower is None else f"{'>=' if bounds.lower_included else '>'}{bounds.lower}"
    upper = "" if bounds.upper is None else f"{'<=' if bounds.upper_included else '<'}{bounds.upper}"
    return ", ".join(filter(None, (lower, upper)))

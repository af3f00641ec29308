"""Requirements without a lower bound: with the lowest versions they lead to packages nobody has tried for years.

Specification: docs/resolution.md "Warnings".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from mauve.distributions.sources import FromRegistry
from mauve.resolver.manifest import ResolutionMode
from mauve.standards.specifiers import Operator
from mauve.standards.version_sets import LOWEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mauve.distributions.requirements import SourcedRequirement
    from mauve.resolver.dependencies import Dependency
    from mauve.resolver.graph import Edge, ResolvedPackage
    from mauve.resolver.manifest import Manifest
    from mauve.standards.names import ExtraName, GroupName, PackageName
    from mauve.standards.version_sets import VersionSet

_Node: TypeAlias = "tuple[int, ExtraName | None, GroupName | None]"
"""A package, or an extra or a group of it."""

_WITHOUT = frozenset((Operator.NOT_EQUAL, Operator.NOT_EQUAL_STAR, Operator.LESS_THAN, Operator.LESS_THAN_EQUAL))


def unbounded_directly(dependencies: Sequence[Dependency]) -> Iterator[str]:
    """Yield a warning for each of the *dependencies* of one first-party project that nothing bounds from below."""
    bounded = {dependency.package.name for dependency in dependencies if _is_bounded(dependency.versions)}
    for dependency in dependencies:
        name = dependency.package.name
        if dependency.direct is None and name not in bounded:
            yield (
                f"The direct dependency `{name}` is unpinned. Consider setting a lower bound when using "
                "`--resolution lowest` or `--resolution lowest-direct` to avoid using outdated versions."
            )


def _is_bounded(versions: VersionSet) -> bool:
    return bool(versions.cuts) and versions.cuts[0] > LOWEST


def unbounded_anywhere(packages: Sequence[ResolvedPackage], edges: Iterable[Edge], manifest: Manifest) -> Iterator[str]:
    """Yield a warning for each package that has a version which others require, none of which bounds it from below."""
    if manifest.options.resolution is not ResolutionMode.LOWEST:
        return
    parents: dict[_Node, set[int]] = {}
    for edge in edges:
        parents.setdefault((edge.child, edge.child_extra, edge.child_group), set()).add(edge.parent)
    everywhere = [*manifest.constraints, *manifest.overrides]
    told: set[PackageName] = set()
    for (child, *_), places in parents.items():
        name = packages[child].name
        if -1 in places or name in told or any(packages[place].name == name for place in places):
            continue  # told as a direct dependency, of another version, or of an extra
        declared = list(everywhere)
        for place in places:
            metadata = packages[place].metadata
            declared += metadata.all_requirements()
            for requirements in metadata.groups.values():
                declared += requirements
        if not any(_bounds(requirement) for requirement in declared if requirement.name == name):
            told.add(name)
            yield (
                f"The transitive dependency `{name}` is unpinned. Consider setting a lower bound with a constraint "
                "when using `--resolution lowest` to avoid using outdated versions."
            )


def _bounds(requirement: SourcedRequirement) -> bool:
    source = requirement.source
    return not isinstance(source, FromRegistry) or any(
        clause.operator not in _WITHOUT for clause in source.specifiers.specifiers
    )

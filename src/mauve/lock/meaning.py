"""What lists of requirements ask for, so that lists that ask for the same are told to be equal.

`a ; linux` and `a ; not linux` ask for `a`, `a>1` and `a[x]` for `a[x]>1`, and whoever has `a>1` may also say `a`.
A pin (`a==1`) is more than a range of one version: it may be yanked. So it is only united with its likes.

Specification: docs/lockfile.md "Is it up to date?".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from mauve.distributions.sources import without_credentials
from mauve.lock.model import LockedRequirement, SourceKind
from mauve.lock.requirements import absolute_path
from mauve.standards.markers.diagram import FALSE, TRUE, Marker
from mauve.standards.markers.extras import extra_names
from mauve.standards.markers.parse import parse_marker
from mauve.standards.specifiers import Operator, Specifiers, parse_specifiers
from mauve.standards.version_sets import VersionSet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mauve.standards.requires_python import RequiresPython

Subject: TypeAlias = tuple[object, ...]
"""What requirements are united about: a name from one place, for one extra of the parent, and the version if pinned."""
Demand: TypeAlias = tuple[frozenset[str], frozenset[str], VersionSet, bool]
"""Extras, groups, versions, and whether a pre-release is named."""
Meaning: TypeAlias = dict[Subject, dict[Demand, Marker]]
"""Where which demand is made of each subject."""


def meaning(requirements: Iterable[LockedRequirement], bounds: RequiresPython, root: str) -> Meaning:
    """Return what *requirements* of a lock in the folder *root* ask for, as far as the Pythons *bounds* go."""
    found: Meaning = {}
    void: list[tuple[Subject, Demand]] = []
    for requirement in requirements:
        marker = TRUE if requirement.marker is None else parse_marker(requirement.marker)
        specifiers = parse_specifiers(requirement.specifier or "")
        demand: Demand = (
            frozenset(requirement.extras),
            frozenset(requirement.groups),
            specifiers.version_set(),
            _names_prerelease(specifiers),
        )
        subject = _subject(requirement, specifiers, marker, root)
        where = bounds.simplify(marker)
        if where is FALSE:
            void.append((subject, demand))
        else:
            found[subject] = _united(found.get(subject, {}), demand, where)
    for subject, demand in void:
        # What is never asked for is still said.
        found.setdefault(subject, {}).setdefault(demand, FALSE)
    return found


def constrains_nothing(requirement: LockedRequirement) -> bool:
    """Return whether *requirement*, as a constraint, leaves everything possible."""
    return requirement.source is None and requirement.index is None and not requirement.specifier


def _subject(requirement: LockedRequirement, specifiers: Specifiers, marker: Marker, root: str) -> Subject:
    pin = None
    if len(specifiers.specifiers) == 1:
        (clause,) = specifiers.specifiers
        if clause.operator in {Operator.EQUAL, Operator.EXACT_EQUAL}:
            pin = (clause.operator, clause.version.key)
    index = None if requirement.index is None else without_credentials(requirement.index)
    return (requirement.name, extra_names(marker), pin, index, requirement.conflict, _place(requirement, root))


def _place(requirement: LockedRequirement, root: str) -> object:
    """Return where a *requirement* that names a source comes from; None for an index."""
    source = requirement.source
    if source is None:
        return None
    location = without_credentials(source.location)
    if source.kind in {SourceKind.URL, SourceKind.GIT}:
        location = location.partition("#")[0]
    else:
        location = absolute_path(location, root)
    return (source.kind, location, source.subdirectory)


def _names_prerelease(specifiers: Specifiers) -> bool:
    return any(
        clause.operator is not Operator.NOT_EQUAL and clause.version.is_prerelease for clause in specifiers.specifiers
    )


def _united(demands: dict[Demand, Marker], demand: Demand, marker: Marker) -> dict[Demand, Marker]:
    """Return *demands*, whose markers are disjoint, with *demand* under *marker*."""
    united: dict[Demand, Marker] = {}
    rest = marker
    for known, where in demands.items():
        rest &= ~where
        _include(united, known, where & ~marker)
        _include(united, _both(known, demand), where & marker)
    _include(united, demand, rest)
    return united


def _include(demands: dict[Demand, Marker], demand: Demand, marker: Marker) -> None:
    if marker is not FALSE:
        demands[demand] = demands.get(demand, FALSE) | marker


def _both(first: Demand, second: Demand) -> Demand:
    return (first[0] | second[0], first[1] | second[1], first[2] & second[2], first[3] or second[3])

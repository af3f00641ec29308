"""Extras that ask for others of their own distribution, as in `all = ["own[a,b]"]`."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from msgspec import structs

from mauve.distributions.sources import FromRegistry
from mauve.standards.markers.diagram import FALSE, TRUE, Marker
from mauve.standards.markers.extras import with_only_extras

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mauve.distributions.requirements import SourcedRequirement
    from mauve.resolver.source import DistributionMetadata
    from mauve.standards.names import ExtraName


def followed_extras(metadata: DistributionMetadata, extras: Iterable[ExtraName]) -> dict[ExtraName, Marker]:
    """Return *extras* of the distribution with *metadata*, and those of its own that these ask for, and when."""
    conditions: dict[ExtraName, Marker] = dict.fromkeys(extras, TRUE)
    asked = frozenset(conditions)
    own = [requirement for requirement in metadata.all_requirements() if requirement.name == metadata.name]
    queue = deque((extra, with_only_extras(each.marker, asked)) for each in own for extra in each.extras)
    while queue:
        extra, marker = queue.popleft()
        known = conditions.get(extra, FALSE)
        if marker is FALSE or marker.implies(known):
            continue
        conditions[extra] = known | marker
        queue += [
            (further, marker & with_only_extras(each.marker, frozenset({extra})))
            for each in own
            for further in each.extras
        ]
    return conditions


def flat_requirements(metadata: DistributionMetadata, extras: frozenset[ExtraName]) -> Iterable[SourcedRequirement]:
    """Yield what *metadata* requires with *extras*, and in place of its own extras what these stand for.

    What it demands of its own version remains.
    """
    conditions = followed_extras(metadata, extras)
    for requirement in metadata.all_requirements():
        marker = with_only_extras(requirement.marker, extras)
        if requirement.name == metadata.name:
            source = requirement.source
            if marker is not FALSE and not (isinstance(source, FromRegistry) and source.specifiers.is_empty):
                yield structs.replace(requirement, marker=marker, extras=())
            continue
        for extra in conditions.keys() - extras:
            marker |= conditions[extra] & with_only_extras(requirement.marker, frozenset({extra}))
        if marker is not FALSE:
            yield structs.replace(requirement, marker=marker)

"""A requirement after `[tool.uv.sources]` and index pins were applied: what the resolver and the lockfile use."""

from __future__ import annotations

from msgspec import Struct

from mauve.distributions.sources import RequirementSource
from mauve.standards.markers.diagram import Marker
from mauve.standards.names import ExtraName, GroupName, PackageName


class SourcedRequirement(Struct, frozen=True):
    """A package with the source it must come from.

    Attributes:
        extras: in the order of the user.
        groups: dependency groups of the target, only from pylock-like inputs; normally empty.
        hashes: the digests that a constraint of builds trusts, as they were written.
    """

    name: PackageName
    source: RequirementSource
    marker: Marker
    extras: tuple[ExtraName, ...] = ()
    groups: tuple[GroupName, ...] = ()
    hashes: tuple[str, ...] = ()

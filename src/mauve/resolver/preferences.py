"""Versions to keep if they still fit: from an old lock, or from forks solved earlier."""

from __future__ import annotations

from msgspec import Struct

from mauve.standards.hashes import HashDigest
from mauve.standards.markers.diagram import Marker
from mauve.standards.names import PackageName
from mauve.standards.versions import Version


class Preference(Struct, frozen=True, kw_only=True):
    """One version that was chosen before.

    Attributes:
        markers: the forks it was chosen in; empty = all.
        index: the location of the index it came from, None if unknown.
        from_lock: chosen by an old lock, not by an earlier fork.
    """

    name: PackageName
    version: Version
    markers: tuple[Marker, ...] = ()
    index: str | None = None
    hashes: tuple[HashDigest, ...] = ()
    from_lock: bool = True


class GitPin(Struct, frozen=True):
    """A commit that an old lock recorded for a reference of a repository."""

    url: str
    reference: str
    commit: str


class Preferences(Struct, frozen=True):
    """All that is worth keeping of an earlier resolution.

    Attributes:
        fork_markers: initial forks; empty unless the old lock was preferable.
        former: what an old lock had, to be kept or not, from the one index that is searched: it is likely to be needed
            again, and so is asked for ahead. It decides nothing.
    """

    versions: tuple[Preference, ...] = ()
    git_pins: tuple[GitPin, ...] = ()
    fork_markers: tuple[Marker, ...] = ()
    former: tuple[tuple[PackageName, Version], ...] = ()

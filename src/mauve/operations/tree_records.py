"""What is known of the metadata of local source trees, with the state in which they said so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.metadata.kept import Kept, KeptRecords, core_metadata
from mauve.metadata.records import record_of

if TYPE_CHECKING:
    from mauve.installer.ports import SourceStates
    from mauve.standards.metadata import CoreMetadata


class TreeState:
    """One tree as it is now, before it is built: what changes while a build runs has to be built again.

    Attributes:
        stamp: the state; empty if nothing of the tree is watched.
    """

    __slots__ = ("_kept", "_key", "stamp")

    def __init__(self, root: str, kept: KeptRecords, states: SourceStates, *, is_editable: bool) -> None:
        """Look at the tree in *root*; what it says when it is installed in place is known apart."""
        self._kept = kept
        self._key = f"{'editable' if is_editable else 'tree'}:{root}"
        self.stamp = states.state(root)

    def metadata(self, *, is_doubted: bool) -> CoreMetadata | None:
        """Return what is known of this state; if it *is_doubted*, what this run found out counts."""
        if is_doubted and not self._kept.is_new(self._key):
            self._kept.forget(self._key)  # if it cannot be built, what was known before must not come back
            return None
        known = self._kept.read(self._key, self.stamp) if self.stamp else None
        return None if known is None else core_metadata(known.record)

    def keep(self, metadata: CoreMetadata) -> None:
        """Remember that this state says *metadata*."""
        self._kept.write(self._key, Kept(self.stamp, record_of(metadata, "")))

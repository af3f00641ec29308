"""Why a resolution failed: the argument, and what may be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.resolver.candidates import CandidateSelector
from mauve.resolver.derivation import Known, simplify
from mauve.resolver.first_party import FirstParty
from mauve.resolver.hint_search import find_hints
from mauve.resolver.manifest import PrereleaseMode
from mauve.resolver.phrases import Phrases
from mauve.resolver.preferences import Preferences
from mauve.solver.explanation import derivation, explain
from mauve.standards.requires_python import from_bounds
from mauve.standards.version_sets import VersionSet

if TYPE_CHECKING:
    from mauve.resolver.errors import NoSolution


class Report:
    """What is told of one failure.

    Attributes:
        argument: one step a line.
    """

    __slots__ = ("_failure", "_stable_only", "_tree", "argument")

    def __init__(self, failure: NoSolution) -> None:
        """Word *failure*."""
        manifest = failure.manifest
        members = frozenset(member.name for member in manifest.members)
        selector = CandidateSelector(manifest, FirstParty(manifest, Preferences()))
        stable_only = frozenset(
            name
            for name in failure.available
            if selector.prerelease_mode(name, failure.environment) is PrereleaseMode.DISALLOW
        )
        bounds = manifest.requires_python
        if manifest.target is not None:
            bounds = from_bounds(VersionSet((bounds.lower_position,)))  # as if newer Pythons could come
        known = Known(bounds, members, failure.available, stable_only)
        tree = simplify(derivation(failure.incompatibility), known)
        phrases = Phrases(members, manifest.requires_python, failure.available, manifest.target, manifest.project_name)
        self.argument = explain(tree, phrases)
        self._tree = tree
        self._failure = failure
        self._stable_only = stable_only

    def hints(self) -> tuple[str, ...]:
        """Return the texts of the hints, in the order in which they are shown."""
        return tuple(str(hint) for hint in find_hints(self._tree, self._failure, self._stable_only))

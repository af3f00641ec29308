"""A universe for the solver alone: versions are whole numbers, sets of them are frozen sets."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from mauve.solver.solver import Solver

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mauve.solver.incompatibility import Incompatibility
    from mauve.solver.term import Term


class Numbers:
    """A finite set of numbers; implements `mauve.solver.term.Versions`."""

    __slots__ = ("members",)

    def __init__(self, members: frozenset[int]) -> None:
        """Store the members."""
        self.members = members

    def __repr__(self) -> str:
        """Show the members."""
        return f"numbers{tuple(sorted(self.members))}"

    def __eq__(self, other: object) -> bool:
        """Compare by content."""
        return isinstance(other, Numbers) and self.members == other.members

    def __hash__(self) -> int:
        """Hash by content."""
        return hash(self.members)

    @property
    def is_empty(self) -> bool:
        """Return whether there is no member."""
        return not self.members

    def __and__(self, other: Numbers) -> Numbers:
        """Return the intersection."""
        return Numbers(self.members & other.members)

    def __or__(self, other: Numbers) -> Numbers:
        """Return the union."""
        return Numbers(self.members | other.members)

    def __sub__(self, other: Numbers) -> Numbers:
        """Return the difference."""
        return Numbers(self.members - other.members)

    def is_subset(self, other: Numbers) -> bool:
        """Return whether every member is in *other*."""
        return self.members <= other.members

    def is_disjoint(self, other: Numbers) -> bool:
        """Return whether no member is in *other*."""
        return self.members.isdisjoint(other.members)

    def overlap(self, other: Numbers) -> int:
        """Return 1 if every member is in *other*, -1 if none is, 0 if some are."""
        return 1 if self.is_subset(other) else -1 if self.is_disjoint(other) else 0


def numbers(*members: int) -> Numbers:
    """Return the set of *members*."""
    return Numbers(frozenset(members))


class World:
    """Packages, their versions, and what each version depends on.

    Attributes:
        decisions: how many versions the last search tried.
        redone: how many more it took again without concluding anything anew.
        conflicts: of the last search, as text.
        solver: of the last search.
    """

    def __init__(
        self, versions: Mapping[str, Mapping[int, Mapping[str, Numbers]]], *, changes_order: bool = False
    ) -> None:
        """Take the table *versions*: package -> version -> dependencies; conflicts may change the order of packages."""
        self.versions = versions
        self.changes_order = changes_order
        self.decisions = 0
        self.redone = 0
        self.conflicts: list[str] = []
        self.solver: Solver[str, int, Numbers]

    class _Anything:
        def __contains__(self, _: object) -> bool:
            return True

    always = _Anything()
    """The version that is chosen depends on nothing but the range."""

    def start(self, requirements: Mapping[str, Numbers]) -> Solver[str, int, Numbers]:
        """Return a solver that has decided the root, which depends on *requirements*."""
        solver: Solver[str, int, Numbers] = Solver("root", numbers(1))
        self.solver = solver
        solver.propagate("root")
        solver.solution.pick(lambda _: 0)
        solver.add_dependencies("root", 1, numbers(1), numbers(1), list(requirements.items()))
        solver.propagate("root")
        return solver

    def solve(self, requirements: Mapping[str, Numbers], *, redo: bool = True) -> dict[str, int]:
        """Return the versions found for *requirements*, the newest first, packages in alphabetical order.

        With *redo*, what was undone is taken over where nothing has changed, and what is known to be in vain is not
        tried.

        Raises:
            Unsolvable: there is no solution.
        """
        ranks = {name: place for place, name in enumerate(["root", *sorted(self.versions)])}
        solver = self.start(requirements)
        self.decisions, self.redone, self.conflicts = 1, 0, []
        package = "root"
        expanded: set[tuple[str, int]] = set()

        def rank(name: str) -> int:
            return ranks.get(name, int.from_bytes(name.encode()) << 32)

        order = 0
        while True:
            found = solver.propagate(package, keep=redo)
            self.conflicts += [f"{package}: {name} {learnt.terms}" for name, learnt in found]
            if found and self.changes_order and len(self.conflicts) % 3 == 0:
                # As a resolver does that decides troublemakers early, or late.
                order += 1
                place = len(self.conflicts)
                ranks[package] = -place if place % 2 else len(ranks) + place
                if place % 4 == 0:
                    solver.backtrack_before(package)
            if redo:
                self.redone += solver.redo(rank, order, self.always)
            picked = solver.solution.pick(rank, order)
            if picked is None:
                return {name: version for name, version in solver.solution.decisions() if name != "root"}
            package = picked
            allowed = solver.solution.assignments[package].term.versions
            known = self.versions.get(package, {})
            version = max((version for version in known if version in allowed.members), default=None)
            if version is None:
                solver.add_no_versions(package, allowed)
                continue
            self.decisions += 1
            exact = numbers(version)
            if (package, version) in expanded:
                solver.solution.decide(package, version, exact)
                continue
            expanded.add((package, version))
            if known[version].keys() == {"nowhere"}:
                needed = known[version]["nowhere"]
                if redo:
                    solver.decide_in_vain(package, version, exact, exact, ("nowhere", needed), keep=True)
                else:
                    solver.add_dependency(package, exact, "nowhere", needed)
                    solver.solution.decide(package, version, exact)
                continue
            solver.add_dependencies(package, version, exact, exact, list(known[version].items()))

    def has_solution(self, requirements: Mapping[str, Numbers]) -> bool:
        """Return whether any choice of versions satisfies *requirements*, by trying all of them."""
        names = sorted(self.versions)
        choices = [[None, *self.versions[name]] for name in names]
        return any(self.satisfies(dict(zip(names, chosen, strict=True)), requirements) for chosen in product(*choices))

    def satisfies(self, chosen: Mapping[str, int | None], requirements: Mapping[str, Numbers]) -> bool:
        """Return whether *chosen* fulfils *requirements* and those of everything chosen."""
        needed = [
            requirements,
            *(self.versions[name][version] for name, version in chosen.items() if version is not None),
        ]
        return all(chosen.get(name) in allowed.members for each in needed for name, allowed in each.items())

    def holds(self, incompatibility: Incompatibility[str, Numbers], chosen: Mapping[str, int | None]) -> bool:
        """Return whether *chosen* violates *incompatibility*, that is, whether all of its terms hold."""

        def term_holds(name: str, term: Term[Numbers]) -> bool:
            version = 1 if name == "root" else chosen.get(name)
            return (version in term.versions.members) is term.positive

        return all(term_holds(name, term) for name, term in incompatibility.terms.items())

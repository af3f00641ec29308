"""Arguments from derivations: chains, numbers for what is used twice, and any depth."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from tests.support.number_world import Numbers

from mauve.solver.explanation import Conclusion, conclusions, derivation, explain, facts, rewrite
from mauve.solver.incompatibility import DependsOn, Derived, Incompatibility, NoVersions, dependency, no_versions
from mauve.solver.term import Term

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mauve.solver.explanation import Fact, Node

    Tree: TypeAlias = Node[str, Numbers]

ONE = Numbers(frozenset({1}))


class Plain:
    """Words for packages that are letters; a package in a conclusion is just its letter."""

    def fact(self, fact: Fact[str, Numbers]) -> str:
        """Return `a needs b` or `no b`."""
        match fact:
            case DependsOn(parent, _, child, _):
                return f"{parent} needs {child}"
            case NoVersions(package, _):
                return f"no {package}"
            case _:
                return "?"

    def both(self, first: Fact[str, Numbers], second: Fact[str, Numbers]) -> str:
        """Join two facts."""
        return f"{self.fact(first)} and {self.fact(second)}"

    def terms(self, terms: Mapping[str, Term[Numbers]]) -> str:
        """Return the letters."""
        return f"not {'+'.join(sorted(terms))}"


def missing(package: str) -> NoVersions[str, Numbers]:
    """Return that there is no *package*."""
    return NoVersions(package, ONE)


def so(package: str, first: Tree, second: Tree, shared: int | None = None) -> Conclusion[str, Numbers]:
    """Return that *package* is impossible because of two nodes."""
    return Conclusion({package: Term(ONE, True)}, first, second, shared)


def needs(parent: str, child: str) -> DependsOn[str, Numbers]:
    """Return that *parent* needs *child*."""
    return DependsOn(parent, ONE, child, ONE)


def test_one_fact_is_its_own_argument() -> None:
    """There is nothing to conclude."""
    assert explain(missing("a"), Plain()) == "no a"


def test_facts_are_chained_two_to_a_line() -> None:
    """The fact that led to the conclusion before is told together with the next one."""
    tree = so("a", so("b", so("c", needs("c", "d"), missing("d")), needs("b", "c")), needs("a", "b"))
    assert explain(tree, Plain()).split("\n") == [
        "Because c needs d and no d, we can conclude that not c.",
        "And because b needs c and a needs b, we can conclude that not a.",
    ]


def test_the_first_of_two_conclusions_gets_a_number() -> None:
    """The reader has to find it again after the second one."""
    left, right = so("b", needs("b", "d"), missing("d")), so("c", needs("c", "e"), missing("e"))
    assert explain(so("a", left, right), Plain()).split("\n") == [
        "Because b needs d and no d, we can conclude that not b. (1)",
        "",
        "Because c needs e and no e, we can conclude that not c.",
        "And because we know from (1) that not b, we can conclude that not a.",
    ]


def test_what_is_used_twice_is_explained_once() -> None:
    """A shared conclusion is referred to by its number everywhere else."""
    shared = so("c", needs("c", "d"), missing("d"), 7)
    left, right = so("a", shared, needs("a", "c")), so("b", shared, needs("b", "c"))
    lines = explain(so("r", left, right), Plain()).split("\n")
    assert lines == [
        "Because c needs d and no d, we can conclude that not c. (1)",
        "And because a needs c, we can conclude that not a. (2)",
        "",
        "Because we know from (1) that not c and b needs c, we can conclude that not b.",
        "And because we know from (2) that not a, we can conclude that not r.",
    ]


def test_text_with_a_line_break_gets_no_comma() -> None:
    """Lists end in a line break; the sentence goes on below them."""

    class Listing(Plain):
        def both(self, first: Fact[str, Numbers], second: Fact[str, Numbers]) -> str:
            return f"{self.fact(first)} and one of:\n    {self.fact(second)}\n"

    text = explain(so("a", needs("a", "b"), missing("b")), Listing())
    assert text == "Because a needs b and one of:\n    no b\nwe can conclude that not a."


def test_a_derivation_shares_what_has_several_uses() -> None:
    """Sharing is read off the graph of causes; equal nodes are one object."""

    def derived(first: Incompatibility[str, Numbers], second: Incompatibility[str, Numbers]) -> Incompatibility:
        return Incompatibility({"r": Term(ONE, True)}, Derived(first, second))

    base = derived(dependency("b", Term(ONE, True), "c", ONE), no_versions("c", ONE))
    twice = derived(derived(dependency("a", Term(ONE, True), "b", ONE), base), base)
    tree = derivation(twice)
    assert isinstance(tree, Conclusion)
    assert tree.shared is None
    assert [node.shared is not None for node in conclusions(tree)] == [True, False, False]


def test_a_rewriting_may_remove_facts() -> None:
    """A conclusion that loses a cause is replaced by the other one."""
    tree = so("a", so("b", needs("b", "c"), missing("c")), needs("a", "b"))
    kept = rewrite(
        tree,
        lambda node, done: done.with_new_causes(node),
        lambda fact: None if isinstance(fact, NoVersions) else fact,
    )
    assert kept is not None
    assert [Plain().fact(fact) for fact in facts(kept)] == ["b needs c", "a needs b"]


def test_depth_does_not_matter() -> None:
    """Conflicts of large projects have derivations that are deeper than the interpreter's stack."""
    tree: Tree = missing("x")
    for _ in range(20_000):
        tree = so("a", tree, needs("a", "b"))
    unchanged = rewrite(tree, lambda node, done: done.with_new_causes(node))
    assert unchanged is tree
    assert explain(tree, Plain()).count("\n") == 10_000

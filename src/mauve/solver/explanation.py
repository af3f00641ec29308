"""A derivation as a tree, and the tree as lines of reasoning (`Because A and B, we can conclude that C.`).

Every conclusion is preceded by what it is drawn from. What is needed more than once is numbered, `(1)`, and referred
to by its number later on. How packages, ranges and facts are worded is the caller's business, and so is what is left
out of the tree beforehand: `rewrite` walks it for such simplifications.

Nothing here recurses, because a derivation can be thousands of steps deep.

Specification: docs/resolution.md "Explaining a failure".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeAlias

from mauve.solver.incompatibility import DependsOn, Derived, NoVersions, P, RootSelected, Unavailable
from mauve.solver.term import S

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mauve.solver.incompatibility import Incompatibility
    from mauve.solver.term import Term

Fact: TypeAlias = "RootSelected[P, S] | NoVersions[P, S] | DependsOn[P, S] | Unavailable[P, S]"
"""A leaf: what the solver was told."""


class Conclusion(Generic[P, S]):
    """An inner node: what follows from two others. Compared by identity.

    Attributes:
        terms: what must not all hold.
        shared: a number if this is a reason for several others, which they have in common.
    """

    __slots__ = ("first", "second", "shared", "terms")

    terms: Mapping[P, Term[S]]
    first: Node[P, S]
    second: Node[P, S]
    shared: int | None

    def __init__(
        self, terms: Mapping[P, Term[S]], first: Node[P, S], second: Node[P, S], shared: int | None = None
    ) -> None:
        """Store the parts."""
        self.terms = terms
        self.first = first
        self.second = second
        self.shared = shared

    def with_causes(self, first: Node[P, S], second: Node[P, S]) -> Conclusion[P, S]:
        """Return the same conclusion drawn from other nodes; this one if they are no others."""
        if first is self.first and second is self.second:
            return self
        return Conclusion(self.terms, first, second, self.shared)


Node: TypeAlias = "Fact[P, S] | Conclusion[P, S]"


class Wording(Protocol[P, S]):
    """How a caller words the parts of an argument; sentences without a full stop, lists may end in a line break."""

    def fact(self, fact: Fact[P, S]) -> str:
        """Return one fact."""
        ...

    def both(self, first: Fact[P, S], second: Fact[P, S]) -> str:
        """Return two facts, joined by `and`."""
        ...

    def terms(self, terms: Mapping[P, Term[S]]) -> str:
        """Return what it means that *terms* must not all hold."""
        ...


def derivation(last: Incompatibility[P, S]) -> Node[P, S]:
    """Return the tree of everything that *last* was derived from. Nodes with several parents are one object."""
    uses: dict[Incompatibility[P, S], int] = {last: 0}
    for incompatibility in _causes_first(last):
        cause = incompatibility.cause
        if isinstance(cause, Derived):
            for earlier in (cause.first, cause.second):
                uses[earlier] = uses.get(earlier, 0) + 1
    nodes: dict[Incompatibility[P, S], Node[P, S]] = {}
    for number, incompatibility in enumerate(_causes_first(last)):
        cause = incompatibility.cause
        if isinstance(cause, Derived):
            shared = number if uses[incompatibility] > 1 else None
            node: Node[P, S] = Conclusion(incompatibility.terms, nodes[cause.first], nodes[cause.second], shared)
        else:
            node = cause
        nodes[incompatibility] = node
    return nodes[last]


def _causes_first(last: Incompatibility[P, S]) -> list[Incompatibility[P, S]]:
    done: dict[Incompatibility[P, S], None] = {}
    stack = [last]
    while stack:
        incompatibility = stack[-1]
        cause = incompatibility.cause
        waiting = (
            [earlier for earlier in (cause.second, cause.first) if earlier not in done]
            if isinstance(cause, Derived) and incompatibility not in done
            else []
        )
        if waiting:
            stack.extend(waiting)
        else:
            done[stack.pop()] = None
    return list(done)


class Rewritten(Generic[P, S]):
    """The results of a rewriting so far."""

    __slots__ = ("_done", "_fact")

    def __init__(self, fact: Callable[[Fact[P, S]], Node[P, S] | None]) -> None:
        """Start with a rule for facts."""
        self._done: dict[int, Node[P, S] | None] = {}
        self._fact = fact

    def of(self, node: Node[P, S]) -> Node[P, S] | None:
        """Return what became of *node*: any fact, or a conclusion below the one that is rewritten now."""
        return self._done[id(node)] if isinstance(node, Conclusion) else self._fact(node)

    def with_new_causes(self, node: Conclusion[P, S]) -> Node[P, S] | None:
        """Return *node* over what became of its causes; the other cause if one is gone, None if both are."""
        first, second = self.of(node.first), self.of(node.second)
        if first is None or second is None:
            return first or second
        return node.with_causes(first, second)

    def add(self, node: Conclusion[P, S], result: Node[P, S] | None) -> None:
        """Note what became of *node*."""
        self._done[id(node)] = result


def _unchanged(fact: Fact[P, S]) -> Node[P, S] | None:
    return fact


def rewrite(
    root: Node[P, S],
    conclusion: Callable[[Conclusion[P, S], Rewritten[P, S]], Node[P, S] | None],
    fact: Callable[[Fact[P, S]], Node[P, S] | None] = _unchanged,
) -> Node[P, S] | None:
    """Return the tree after *conclusion* was applied to each conclusion, causes before what follows from them.

    Args:
        root: the tree; it is not changed.
        conclusion: is given the original node and the results for all below it.
        fact: is applied to each fact; None removes it.
    """
    rewritten: Rewritten[P, S] = Rewritten(fact)
    for node in conclusions(root):
        rewritten.add(node, conclusion(node, rewritten))
    return rewritten.of(root)


def conclusions(root: Node[P, S]) -> list[Conclusion[P, S]]:
    """Return every conclusion of the tree once, causes before what follows from them, first causes first."""
    found: list[Conclusion[P, S]] = []
    seen: set[int] = set()
    stack: list[tuple[Node[P, S], bool]] = [(root, False)]
    while stack:
        node, is_open = stack.pop()
        if not isinstance(node, Conclusion):
            continue
        if is_open:
            found.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack += [(node, True), (node.second, False), (node.first, False)]
    return found


def facts(root: Node[P, S]) -> list[Fact[P, S]]:
    """Return every fact of the tree in the order in which a reader of the tree, first causes first, meets them."""
    found: list[Fact[P, S]] = []
    seen: set[int] = set()
    stack: list[Node[P, S]] = [root]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Conclusion):
            stack += [node.second, node.first]
        else:
            found.append(node)
    return found


def explain(root: Node[P, S], wording: Wording[P, S]) -> str:
    """Return the argument for *root*, one step a line; a tree of one fact is just the fact."""
    if not isinstance(root, Conclusion):
        return wording.fact(root)
    return _Writer(wording).write(root)


class _Writer(Generic[P, S]):
    """Writes one argument. What is still to be done waits on a stack."""

    def __init__(self, wording: Wording[P, S]) -> None:
        self._wording = wording
        self._lines: list[str] = []
        self._numbers = 0
        self._number_of: dict[int, int] = {}
        self._waiting: list[Callable[[], None]] = []

    def write(self, root: Conclusion[P, S]) -> str:
        self._then(lambda: self._explain(root))
        while self._waiting:
            self._waiting.pop()()
        return "\n".join(self._lines)

    def _then(self, *steps: Callable[[], None]) -> None:
        """Do *steps* in this order before everything else that waits."""
        self._waiting.extend(reversed(steps))

    def _explain(self, node: Conclusion[P, S]) -> None:
        """Explain *node*; if it is shared it gets a number with its last line, unless it has one."""
        if node.shared is None:
            self._conclude(node)
        else:
            self._then(lambda: self._conclude(node), lambda: self._number_shared(node))

    def _conclude(self, node: Conclusion[P, S]) -> None:
        first, second = node.first, node.second
        if not isinstance(first, Conclusion):
            if not isinstance(second, Conclusion):
                self._line(f"Because {self._reasons(first, second)}", node)
            else:
                self._conclude_from_one(node, second, first)
        elif not isinstance(second, Conclusion):
            self._conclude_from_one(node, first, second)
        else:
            self._conclude_from_two(node, first, second)

    def _conclude_from_one(self, node: Conclusion[P, S], earlier: Conclusion[P, S], fact: Fact[P, S]) -> None:
        """Conclude *node* from another conclusion and a fact."""
        number = self._number(earlier)
        if number is not None:
            known = padded("", self._known(number, earlier), " ")
            self._line(f"Because {known}and {padded('', self._wording.fact(fact), ', ')}", node)
            return
        first, second = earlier.first, earlier.second
        # A chain: the fact that the earlier conclusion needed is told together with this one.
        if isinstance(first, Conclusion) and not isinstance(second, Conclusion):
            base, prior = first, second
        elif isinstance(second, Conclusion) and not isinstance(first, Conclusion):
            base, prior = second, first
        else:
            self._then(
                lambda: self._explain(earlier),
                lambda: self._line(f"And because {padded('', self._wording.fact(fact), ', ')}", node),
            )
            return
        self._then(lambda: self._explain(base), lambda: self._line(f"And because {self._reasons(prior, fact)}", node))

    def _conclude_from_two(self, node: Conclusion[P, S], first: Conclusion[P, S], second: Conclusion[P, S]) -> None:
        """Conclude *node* from two other conclusions; the one that was explained longer ago is named by number."""
        first_number, second_number = self._number(first), self._number(second)
        if first_number is not None and second_number is not None:
            known = padded("", self._known(first_number, first), " ")
            also = padded("", self._known(second_number, second), ", ")
            # The one sentence without "we can conclude that".
            self._lines.append(f"Because {known}and {also}{padded('', self._wording.terms(node.terms), '.')}")
        elif first_number is not None:
            self._then(lambda: self._explain(second), lambda: self._line_from_known(first_number, first, node))
        elif second_number is not None:
            self._then(lambda: self._explain(first), lambda: self._line_from_known(second_number, second, node))
        elif first.shared is not None:
            self._then(lambda: self._explain(first), lambda: self._lines.append(""), lambda: self._explain(node))
        else:
            self._then(lambda: self._explain(first), lambda: self._conclude_after_first(node, first, second))

    def _conclude_after_first(self, node: Conclusion[P, S], first: Conclusion[P, S], second: Conclusion[P, S]) -> None:
        number = self._add_number()
        self._lines.append("")
        self._then(lambda: self._explain(second), lambda: self._line_from_known(number, first, node))

    # --- words

    def _line(self, reasons: str, node: Conclusion[P, S]) -> None:
        self._lines.append(f"{reasons}we can conclude that {padded('', self._wording.terms(node.terms), '.')}")

    def _line_from_known(self, number: int, known: Conclusion[P, S], node: Conclusion[P, S]) -> None:
        self._line(f"And because {padded('', self._known(number, known), ', ')}", node)

    def _reasons(self, first: Fact[P, S], second: Fact[P, S]) -> str:
        return padded("", self._wording.both(first, second), ", ")

    def _known(self, number: int, node: Conclusion[P, S]) -> str:
        return f"we know from ({number}) that {self._wording.terms(node.terms)}"

    # --- numbers

    def _number(self, node: Conclusion[P, S]) -> int | None:
        return None if node.shared is None else self._number_of.get(node.shared)

    def _number_shared(self, node: Conclusion[P, S]) -> None:
        if node.shared is not None and node.shared not in self._number_of:
            self._number_of[node.shared] = self._add_number()

    def _add_number(self) -> int:
        """Number the last line."""
        self._numbers += 1
        self._lines[-1] += f" ({self._numbers})"
        return self._numbers


def padded(left: str, text: str, right: str) -> str:
    """Return *text* between *left* and *right*, each left out where *text* has white space of its own."""
    before = left if text and not text[0].isspace() else ""
    behind = right if text and not text[-1].isspace() else ""
    return f"{before}{text}{behind}"

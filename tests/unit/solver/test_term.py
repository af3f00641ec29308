"""Terms and what they remember."""

from __future__ import annotations

import pytest
from tests.support.number_world import Numbers, numbers

from mauve.solver.term import CONTRADICTED, INCONCLUSIVE, SATISFIED, Term


@pytest.mark.parametrize(
    ("known", "term", "expected"),
    [
        (Term(numbers(1), True), Term(numbers(1, 2), True), SATISFIED),
        (Term(numbers(1, 3), True), Term(numbers(1, 2), True), INCONCLUSIVE),
        (Term(numbers(3), True), Term(numbers(1, 2), True), CONTRADICTED),
        (Term(numbers(3), True), Term(numbers(1, 2), False), SATISFIED),
        (Term(numbers(1, 2), False), Term(numbers(1), False), SATISFIED),
        (Term(numbers(1, 2), False), Term(numbers(1), True), CONTRADICTED),
        (Term(numbers(1), False), Term(numbers(1, 2), True), INCONCLUSIVE),
    ],
)
def test_what_is_known_settles_a_term_or_not(known: Term[Numbers], term: Term[Numbers], expected: int) -> None:
    """Both times it is asked, and never more for the package not being selected at all."""
    assert [known.relation(term), known.relation(term)] == [expected, expected]


def test_the_same_question_gets_the_same_object() -> None:
    """What hangs on a term is found again after going back."""
    known, term = Term(numbers(1, 2), True), Term(numbers(2, 3), True)
    assert known.narrowed(term) is known.narrowed(term)
    assert known.narrowed(term).versions == numbers(2)
    assert term.negated().negated() is term

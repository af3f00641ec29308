"""Which known word a mistyped one was meant to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_ENOUGH: Final = 0.7


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the most similar known word if it is similar enough to be meant."""
    plain = word.lstrip("-")
    best, confidence = None, _ENOUGH
    for candidate in known:
        similarity = jaro_similarity(plain, candidate.lstrip("-"))
        if similarity > confidence:
            best, confidence = candidate, similarity
    return best


def similar_words(word: str, known: Iterable[str]) -> list[str]:
    """Return the known words that are similar enough to be meant, the most similar one last."""
    rated = [(jaro_similarity(word, candidate), candidate) for candidate in known]
    return [candidate for similarity, candidate in sorted(rated, key=lambda pair: pair[0]) if similarity > _ENOUGH]


def jaro_similarity(one: str, other: str) -> float:
    """Return Jaro's similarity of two words: 1 for equal ones, 0 for those that share no letter."""
    if not one or not other:
        return float(one == other)
    reach = max(max(len(one), len(other)) // 2 - 1, 0)
    taken = [False] * len(other)
    shared: list[str] = []
    for place, letter in enumerate(one):
        for partner in range(max(place - reach, 0), min(place + reach + 1, len(other))):
            if not taken[partner] and other[partner] == letter:
                taken[partner] = True
                shared.append(letter)
                break
    if not shared:
        return 0.0
    partners = [letter for letter, is_taken in zip(other, taken, strict=True) if is_taken]
    swapped = sum(a != b for a, b in zip(shared, partners, strict=True)) // 2
    count = len(shared)
    return (count / len(one) + count / len(other) + (count - swapped) / count) / 3

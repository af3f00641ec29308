"""Where a new requirement belongs in a list, and how it is united with one that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import structs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mauve.standards.requirements import Requirement

_SPECIFIER_START: Final = "><=~!@"


def merge(old: Requirement, new: Requirement, *, has_source: bool) -> Requirement:
    """Return *old* with what *new* says; its URL goes when a source takes its place."""
    extras = tuple(sorted({*old.extras, *new.extras}))
    merged = structs.replace(old, extras=extras, url=None if has_source else old.url)
    if new.url is not None:
        return structs.replace(merged, url=new.url, specifiers=new.specifiers)
    if not new.specifiers.is_empty:
        return structs.replace(merged, url=None, specifiers=new.specifiers)
    return merged


def place_of(values: Sequence[object], text: str) -> int:
    """Return where *text* belongs among *values*: in order if these are sorted, else behind the last one."""
    entries = [(index, value) for index, value in enumerate(values) if isinstance(value, str)]
    texts = [value for _, value in entries]
    lower = [value.lower() for value in texts]
    orders: list[tuple[list[tuple[str, str]], tuple[str, str]]] = [
        ([_split(value) for value in lower], _split(text.lower())),
        ([_split(value) for value in texts], _split(text)),
        ([(value, "") for value in lower], (text.lower(), "")),
        ([(value, "") for value in texts], (text, "")),
    ]
    for keys, key in orders:
        if keys == sorted(keys):
            for (index, _), known in zip(entries, keys, strict=True):
                if known > key:
                    return index
            break
    return entries[-1][0] + 1 if entries else len(values)


def _split(text: str) -> tuple[str, str]:
    """Return the name with extras, and the specifiers with what follows."""
    for place, character in enumerate(text):
        if character in _SPECIFIER_START:
            return text[:place].strip(), text[place:].strip()
    return text.strip(), ""

"""What of a repository a reference means: the refspecs that fetch it, and the names under which it then is found.

Pure; running git is the business of `mauve.git.repository`.

Specification: gitrevisions(7); docs/resolution.md "Repositories".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mauve.distributions.sources import GitReference, GitReferenceKind

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEXADECIMAL: Final = frozenset("0123456789abcdefABCDEF")
_FULL_LENGTH: Final = 40
_SHORTEST: Final = 7
"""Digits that an abbreviated commit has at least; shorter ones are taken for a branch or tag."""


class Attempt(Struct, frozen=True):
    """One way to fetch a reference.

    Attributes:
        refspecs: what is asked of the server.
        found_as: the name of the commit afterwards.
    """

    refspecs: tuple[str, ...]
    found_as: str


def is_full_commit(text: str) -> bool:
    """Return whether *text* names one commit, once and for all."""
    return len(text) == _FULL_LENGTH and _HEXADECIMAL.issuperset(text)


def looks_like_commit(text: str) -> bool:
    """Return whether *text* may be an abbreviated commit."""
    return len(text) >= _SHORTEST and _HEXADECIMAL.issuperset(text)


def fixed_commit(reference: GitReference) -> str | None:
    """Return the commit that *reference* itself spells out, if it does."""
    if reference.kind is GitReferenceKind.REV and is_full_commit(reference.value):
        return reference.value.lower()
    return None


def shown_reference(reference: GitReference) -> str:
    """Return *reference* as messages show it."""
    return reference.value or "HEAD"


def described_reference(reference: GitReference) -> str | None:
    """Return the kind and name of *reference* for errors; None for the default branch, which has no name."""
    name = reference.value
    match reference.kind:
        case GitReferenceKind.DEFAULT:
            return None
        case GitReferenceKind.BRANCH:
            return f"branch `{name}`"
        case GitReferenceKind.TAG:
            return f"tag `{name}`"
        case GitReferenceKind.REV:
            if name.startswith("refs/"):
                return f"ref `{name}`"
            if is_full_commit(name):
                return f"commit `{name}`"
            return f"branch, tag, or commit `{name}`" if looks_like_commit(name) else f"branch or tag `{name}`"


def attempts(reference: GitReference, commit: str | None) -> Iterator[Attempt]:
    """Yield the ways to fetch *reference*, at *commit* if that is known; the first that works is enough."""
    if commit is not None:
        yield Attempt((f"+{commit}:refs/commit/{commit}",), commit)
        # Servers may refuse to hand out commits by name.
        if not is_full_commit(reference.value):
            yield Attempt(_everything(), commit)
        return
    name = reference.value
    branch = Attempt((f"+refs/heads/{name}:refs/remotes/origin/{name}",), f"refs/remotes/origin/{name}")
    tag = Attempt((f"+refs/tags/{name}:refs/remotes/origin/tags/{name}",), f"refs/remotes/origin/tags/{name}")
    match reference.kind:
        case GitReferenceKind.DEFAULT:
            yield Attempt(("+HEAD:refs/remotes/origin/HEAD",), "refs/remotes/origin/HEAD")
        case GitReferenceKind.BRANCH:
            yield branch
        case GitReferenceKind.TAG:
            yield tag
        case GitReferenceKind.REV:
            if name.startswith("refs/"):
                yield Attempt((f"+{name}:{name}",), name)
                return
            yield branch
            yield tag
            if looks_like_commit(name):
                yield Attempt(_everything(), name)


def _everything() -> tuple[str, ...]:
    return (
        "+refs/heads/*:refs/remotes/origin/*",
        "+HEAD:refs/remotes/origin/HEAD",
        "+refs/tags/*:refs/remotes/origin/tags/*",
    )

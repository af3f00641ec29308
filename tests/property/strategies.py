"""Hypothesis strategies for versions, specifiers and sets of versions."""

from __future__ import annotations

from hypothesis import strategies as st

from mauve.standards.specifiers import Operator, Specifier, Specifiers
from mauve.standards.version_sets import VersionSet
from mauve.standards.versions import Version, parse_version

_numbers = st.one_of(st.integers(0, 3), st.sampled_from([179, 180, 255, 256, 2024, 20240115, 2**64 - 3]))
_releases = st.lists(_numbers, min_size=1, max_size=5)
_locals = st.lists(st.one_of(_numbers.map(str), st.sampled_from(["a", "ab", "cpu", "cu118"])), min_size=1, max_size=3)


def _optional(prefixes: list[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.just(""), st.tuples(st.sampled_from(prefixes), _numbers).map(lambda part: f"{part[0]}{part[1]}")
    )


@st.composite
def version_texts(draw: st.DrawFn, *, local: bool = True) -> str:
    """A valid version in any combination of parts, small numbers preferred so that ties occur."""
    epoch = draw(st.sampled_from(["", "", "", "1!"]))
    release = ".".join(map(str, draw(_releases)))
    pre = draw(_optional(["a", "b", "rc"]))
    post = draw(_optional([".post"]))
    dev = draw(_optional([".dev"]))
    suffix = "+" + ".".join(draw(_locals)) if local and draw(st.booleans()) else ""
    return f"{epoch}{release}{pre}{post}{dev}{suffix}"


def versions(*, local: bool = True) -> st.SearchStrategy[Version]:
    """A version."""
    return version_texts(local=local).map(parse_version)


_PLAIN = [
    Operator.LESS_THAN,
    Operator.LESS_THAN_EQUAL,
    Operator.GREATER_THAN,
    Operator.GREATER_THAN_EQUAL,
    Operator.EQUAL,
    Operator.NOT_EQUAL,
]


@st.composite
def specifiers(draw: st.DrawFn) -> Specifier:
    """One clause that PEP 440 allows, `===` left out."""
    kind = draw(st.sampled_from(["plain", "plain", "local", "star", "compatible"]))
    if kind == "plain":
        return Specifier(draw(st.sampled_from(_PLAIN)), draw(versions(local=False)))
    if kind == "local":
        return Specifier(draw(st.sampled_from([Operator.EQUAL, Operator.NOT_EQUAL])), draw(versions()))
    if kind == "star":
        release = parse_version(".".join(map(str, draw(_releases))))
        return Specifier(draw(st.sampled_from([Operator.EQUAL_STAR, Operator.NOT_EQUAL_STAR])), release)
    version = draw(versions(local=False).filter(lambda version: len(version.release) > 1))
    return Specifier(Operator.TILDE_EQUAL, version)


def version_sets() -> st.SearchStrategy[VersionSet]:
    """The set of up to three clauses, or the complement of one."""
    several = st.lists(specifiers(), max_size=3).map(lambda clauses: Specifiers(tuple(clauses)).version_set())
    return st.one_of(several, several.map(lambda versions: ~versions))

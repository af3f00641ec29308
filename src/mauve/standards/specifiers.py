"""PEP 440 version specifiers as written, and the sets of versions they allow.

The sets follow uv where PEP 440 leaves room: they are decided by position on the line of versions alone, so a
pre-release inside a range is a member (whether it may be *chosen* is the resolver's business), and `==1.0` and
`<=1.0` cover the local variants of 1.0.

Specification: PEP 440 "Version specifiers", docs/resolution.md "Versions".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mauve.enumerations import StrEnum
from mauve.errors import MauveError
from mauve.standards.version_sets import FULL, LOWEST, VersionSet, between
from mauve.standards.versions import (
    InvalidVersion,
    Version,
    after,
    after_locals,
    after_posts,
    before_prereleases,
    derived_version,
    parse_version,
    release_version,
    spell,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mauve.standards.versions import Key


class Operator(StrEnum):
    """How a specifier compares; in the order in which uv sorts clauses of one version."""

    EQUAL = "=="
    EQUAL_STAR = "==.*"
    EXACT_EQUAL = "==="
    NOT_EQUAL = "!="
    NOT_EQUAL_STAR = "!=.*"
    TILDE_EQUAL = "~="
    LESS_THAN = "<"
    LESS_THAN_EQUAL = "<="
    GREATER_THAN = ">"
    GREATER_THAN_EQUAL = ">="

    @property
    def symbol(self) -> str:
        """Return the operator without the star, as it stands before the version."""
        return self.removesuffix(".*")

    @property
    def is_star(self) -> bool:
        """Return whether the version is followed by `.*`."""
        return self.endswith(".*")


_RANK: Final = {operator: rank for rank, operator in enumerate(Operator)}
_OPERATORS: Final = {operator.value: operator for operator in Operator if not operator.is_star}
_STARRED: Final = {Operator.EQUAL: Operator.EQUAL_STAR, Operator.NOT_EQUAL: Operator.NOT_EQUAL_STAR}
_OPERATOR_CHARACTERS: Final = "=<>~!"
_DEMANDING: Final = (Operator.EQUAL_STAR, Operator.NOT_EQUAL_STAR, Operator.TILDE_EQUAL)
"""Operators that do not take every version."""
_LOCAL_OPERATORS: Final = (Operator.EQUAL, Operator.NOT_EQUAL, Operator.EXACT_EQUAL)


class InvalidSpecifier(MauveError):
    """One clause of a list of specifiers cannot be read.

    Attributes:
        text: the whole list.
        reason: what is wrong, one line.
        start: where the clause begins in *text*.
        end: where it ends.
    """

    def __init__(self, text: str, reason: str, start: int, end: int) -> None:
        """Point at the clause *start*..*end* of *text*."""
        super().__init__(text, reason, start, end)
        self.text = text
        self.reason = reason
        self.start = start
        self.end = end

    def __str__(self) -> str:
        """Return the reason with the offending clause underlined."""
        marks = " " * self.start + "^" * (self.end - self.start)
        return f"Failed to parse version: {self.reason}:\n{self.text}\n{marks}\n"


class Specifier(Struct, frozen=True):
    """One clause. Equal versions (`>=1.0`, `>=1.0.0`) make equal clauses.

    Attributes:
        operator: how versions are compared.
        version: with what; for the star operators the part before `.*`.
    """

    operator: Operator
    version: Version

    def __str__(self) -> str:
        """Return the clause in normal form, release components as written."""
        operator = self.operator
        star = ".*" if operator.is_star else ""
        return f"{operator.symbol}{self.version.text}{star}"

    def version_set(self) -> VersionSet:
        """Return the versions that this clause allows."""
        version = self.version
        match self.operator:
            case Operator.GREATER_THAN_EQUAL:
                return VersionSet((_at(version),))
            case Operator.LESS_THAN:
                return VersionSet((LOWEST, _below(version)))
            case Operator.EQUAL:
                return _equal(version)
            case Operator.EXACT_EQUAL:
                return _exactly(version)
            case Operator.NOT_EQUAL:
                return ~_equal(version)
            case Operator.LESS_THAN_EQUAL:
                return VersionSet((LOWEST, spell(after_locals(version), version)))
            case Operator.GREATER_THAN:
                return VersionSet((_behind(version),))
            case Operator.EQUAL_STAR:
                return _prefix(version)
            case Operator.NOT_EQUAL_STAR:
                return ~_prefix(version)
            case Operator.TILDE_EQUAL:
                return between(_at(version), _behind_prefix(version.release[:-1], version.epoch))


def _at(version: Version) -> Key:
    return spell(version.key, version)


def _exactly(version: Version) -> VersionSet:
    return VersionSet((_at(version), spell(after(version), version)))


def _equal(version: Version) -> VersionSet:
    if version.is_local:
        return _exactly(version)
    return VersionSet((_at(version), spell(after_locals(version), version)))


def _below(version: Version) -> Key:
    """Return where `<` *version* ends: a final release shuts out its pre-releases, a post-release its own dev ones."""
    if version.is_prerelease:
        return _at(version)
    if version.post is not None:
        return _at(derived_version(f"{version.text}.dev0"))
    return spell(before_prereleases(version), version)


def _behind(version: Version) -> Key:
    """Return where `>` *version* starts: behind its post-releases, unless it is a post or dev release itself."""
    text = version.text
    if version.dev is not None:
        return _at(derived_version(f"{text.rpartition('.dev')[0]}.dev{version.dev + 1}"))
    if version.post is not None:
        return _at(derived_version(f"{text.rpartition('.post')[0]}.post{version.post + 1}"))
    return spell(after_posts(version), version)


def _first_of(release: tuple[int, ...], epoch: int) -> Version:
    """Return the first development release of *release*, below everything else that belongs to it."""
    return derived_version(f"{release_version(release, epoch).text}.dev0")


def _behind_prefix(release: tuple[int, ...], epoch: int) -> Key:
    return _at(_first_of((*release[:-1], release[-1] + 1), epoch))


def _prefix(version: Version) -> VersionSet:
    release, epoch = version.release, version.epoch
    return VersionSet((_at(_first_of(release, epoch)), _behind_prefix(release, epoch)))


class Specifiers:
    """Clauses that must all hold; none allow everything. Equal if their clauses are.

    Attributes:
        specifiers: in the order in which they were written.
    """

    # Not a struct: the set and the hash are computed once, and equal clauses may differ in spelling (`>=1`, `>=1.0`),
    # which a table of sets by value would mix up.
    __slots__ = ("_hash", "_versions", "specifiers")

    specifiers: tuple[Specifier, ...]

    def __init__(self, specifiers: tuple[Specifier, ...] = ()) -> None:
        """Hold *specifiers*; use `parse_specifiers` to read text."""
        self.specifiers = specifiers
        self._hash: int | None = None
        self._versions: VersionSet | None = None

    def __repr__(self) -> str:
        """Return an evaluable form."""
        return f"parse_specifiers({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        """Compare clause by clause."""
        return self is other or (isinstance(other, Specifiers) and self.specifiers == other.specifiers)

    def __hash__(self) -> int:
        """Hash by clauses."""
        if self._hash is None:
            self._hash = hash(self.specifiers)
        return self._hash

    def __str__(self) -> str:
        """Return the clauses as written, normalised, joined by a comma and a blank."""
        return ", ".join(map(str, self.specifiers))

    def __iter__(self) -> Iterator[Specifier]:
        """Yield the clauses."""
        return iter(self.specifiers)

    @property
    def is_empty(self) -> bool:
        """Return whether every version is allowed because nothing was said."""
        return not self.specifiers

    def version_set(self) -> VersionSet:
        """Return the versions that every clause allows, computed once."""
        if self._versions is None:
            versions = FULL
            for specifier in self.specifiers:
                versions &= specifier.version_set()
            self._versions = versions
        return self._versions

    def contains(self, version: Version) -> bool:
        """Return whether every clause allows *version*."""
        return version in self.version_set()

    def lock_text(self, separator: str = ",") -> str:
        """Return the clauses as uv.lock writes them: by version, then operator; messages use another *separator*."""
        specifiers = self.specifiers
        if len(specifiers) == 1:
            return str(specifiers[0])
        return separator.join(map(str, sorted(specifiers, key=_lock_order)))


NO_SPECIFIERS: Final = Specifiers()
"""Allows every version."""

_known: dict[str, Specifiers] = {"": NO_SPECIFIERS}


def _lock_order(specifier: Specifier) -> tuple[Key, int]:
    return specifier.version.key, _RANK[specifier.operator]


def parse_specifiers(text: str) -> Specifiers:
    """Return the specifiers of *text*, clauses separated by commas. Remembers every text.

    Raises:
        InvalidSpecifier: a clause is malformed.
    """
    known = _known.get(text)
    if known is None:
        known = _known[text] = _parse(text)
    return known


def _parse(text: str) -> Specifiers:
    if not text.strip():
        return NO_SPECIFIERS
    specifiers: list[Specifier] = []
    start = 0
    clauses = text.split(",")
    if not clauses[-1].strip():
        clauses.pop()
    for clause in clauses:
        end = start + len(clause)
        specifiers.append(_parse_clause(clause.strip(), text, start, end))
        start = end + 1
    return Specifiers(tuple(specifiers))


def _parse_clause(clause: str, text: str, start: int, end: int) -> Specifier:
    operator = _OPERATORS.get(clause[:3]) or _OPERATORS.get(clause[:2]) or _OPERATORS.get(clause[:1])
    if operator is None:
        raise InvalidSpecifier(text, _missing_operator(clause), start, end)
    written = clause[len(operator) :].strip()
    if written.endswith(".*"):
        starred = _STARRED.get(operator)
        if starred is None:
            raise InvalidSpecifier(text, _reason_for_star(operator, written), start, end)
        operator, written = starred, written[:-2]
    try:
        version = parse_version(written)
    except InvalidVersion as error:
        reason = error.reason if written else "Unexpected end of version specifier, expected version"
        raise InvalidSpecifier(text, reason, start, end) from error
    if operator in _DEMANDING or version.is_local:
        contradiction = _contradiction(operator, version)
        if contradiction is not None:
            raise InvalidSpecifier(text, contradiction, start, end)
    return Specifier(operator, version)


def _missing_operator(clause: str) -> str:
    operator = clause[: len(clause) - len(clause.lstrip(_OPERATOR_CHARACTERS))]
    if operator:
        return f'no such comparison operator "{operator}", must be one of ~= == != <= >= < > ==='
    try:
        parse_version(clause)
    except InvalidVersion:
        return "Unexpected end of version specifier, expected operator"
    return f"Unexpected end of version specifier, expected operator. Did you mean `=={clause}`?"


def _reason_for_star(operator: Operator, written: str) -> str:
    try:
        parse_version(written[:-2])
    except InvalidVersion as error:
        return error.reason
    return f"Operator {operator.value} cannot be used with a wildcard version specifier"


def _contradiction(operator: Operator, version: Version) -> str | None:
    """Return why *operator* cannot stand before *version*, None if it can."""
    if operator.is_star and (version.is_prerelease or version.post is not None or version.is_local):
        return InvalidVersion(f"{version.text}.*").reason
    if version.is_local and operator not in _LOCAL_OPERATORS:
        local = version.text.partition("+")[2]
        return (
            f"Operator {operator.symbol} is incompatible with versions containing non-empty local segments (`+{local}`)"
        )
    if operator is Operator.TILDE_EQUAL and len(version.release) < 2:
        return "The ~= operator requires at least two segments in the release version"
    return None


def readable_specifiers(text: str | None) -> Specifiers | None:
    """Return the specifiers of *text*, what an index or a distribution says; what cannot be read says nothing."""
    if text is None:
        return None
    try:
        return parse_specifiers(text)
    except InvalidSpecifier:
        return None

"""Digests behind requirements and constraints: which files may be installed.

A digest that is given has to fit, if the requirement names one version or a file. With `--require-hashes` every
requirement has to name one, and to have a digest: its own, or that of a constraint.

Specification: docs/environments.md "Digests of requirements"; pip's "Hash-checking mode".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from mauve.distributions.sources import FromPath, FromRegistry, FromUrl
from mauve.errors import MauveError
from mauve.filesystem.file_urls import file_url
from mauve.operations.build_needs import show_requirement
from mauve.operations.trusted_builds import Trust, UnpinnedConstraint, UntrustedBuild
from mauve.standards.hashes import HashAlgorithm, HashDigest, InvalidDigest, digests_behind, parse_digest
from mauve.standards.markers.environment import evaluate
from mauve.standards.specifiers import Operator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mauve.distributions.requirements import SourcedRequirement
    from mauve.distributions.resolution import Resolution
    from mauve.standards.markers.environment import MarkerEnvironment
    from mauve.standards.names import PackageName
    from mauve.standards.versions import Version

_Key: TypeAlias = "tuple[PackageName, Version] | str"
"""What digests are of: a version, or the URL of a file."""

_EXACT = (Operator.EQUAL, Operator.EXACT_EQUAL)


class MalformedDigest(MauveError):
    """A digest is none; the text says why."""


class MissingDigest(MauveError):
    """Digests are demanded, and a requirement has none."""

    def __init__(self, shown: str) -> None:
        """Show the requirement."""
        super().__init__(shown)
        self.shown = shown

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            "In `--require-hashes` mode, all requirements must have a hash, but none were provided for: " + self.shown
        )


class NoCommonDigest(MauveError):
    """A requirement and a constraint on it trust different files."""

    def __init__(self, shown: str) -> None:
        """Show the requirement."""
        super().__init__(shown)
        self.shown = shown

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            "In `--require-hashes` mode, all requirements must have a hash, but there were no overlapping hashes "
            f"between the requirements and constraints for: {self.shown}"
        )


class WeakDigest(MauveError):
    """Digests are demanded, and the only one is of an algorithm that proves nothing."""

    def __init__(self, shown: str) -> None:
        """Show the requirement."""
        super().__init__(shown)
        self.shown = shown

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            "`md5` hashes are insecure and cannot be used with `--require-hashes` but no other hashes are available "
            f"for: {self.shown}"
        )


class UnlistedDependency(MauveError):
    """Digests are demanded, and something is needed that no requirement names."""

    def __init__(self, name: PackageName) -> None:
        """Name the package."""
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            f"In `--require-hashes` mode, all requirements must be pinned upfront with `==`, but found: `{self.name}`"
        )


def read_digests(
    requirements: Iterable[SourcedRequirement],
    constraints: Iterable[SourcedRequirement],
    environment: MarkerEnvironment,
    *,
    is_demanded: bool,
) -> Trust:
    """Return what *requirements* and *constraints* that hold in *environment* trust.

    Raises:
        MauveError: a digest is malformed, or missing where digests are demanded.
    """
    bounds: dict[_Key, tuple[HashDigest, ...]] = {}
    for constraint in constraints:
        key = _key(constraint)
        if key is not None and evaluate(constraint.marker, environment):
            bounds[key] = (*bounds.get(key, ()), *_digests(constraint))
    found: dict[_Key, tuple[HashDigest, ...]] = {}
    for requirement in requirements:
        if not evaluate(requirement.marker, environment):
            continue
        key = _key(requirement)
        if key is None:
            if is_demanded:
                raise _without_key(requirement)
            continue
        digests = _narrowed(_digests(requirement), bounds.get(key, ()), requirement, is_demanded=is_demanded)
        if digests:
            found[key] = (*found.get(key, ()), *[each for each in digests if each not in found.get(key, ())])
    versions = {key: digests for key, digests in found.items() if not isinstance(key, str)}
    urls = {key: digests for key, digests in found.items() if isinstance(key, str)}
    return Trust(versions, urls, is_demanded)


def check_files(resolution: Resolution) -> None:
    """Raise `MissingDigest` if a distribution of a lockfile has none, as source trees and commits have not."""
    for distribution in resolution:
        if not (distribution.wheels or distribution.sdist):
            raise MissingDigest(distribution.name)


def restrict(trust: Trust, resolution: Resolution) -> Resolution:
    """Return *resolution* with the files that *trust* allows.

    Raises:
        UnlistedDependency: digests are demanded, and there is none for a package.
    """
    try:
        return trust.restrict(resolution)
    except UntrustedBuild as error:
        raise UnlistedDependency(error.name) from None


def _narrowed(
    own: tuple[HashDigest, ...], bounds: tuple[HashDigest, ...], requirement: SourcedRequirement, *, is_demanded: bool
) -> tuple[HashDigest, ...]:
    """Return the digests of *own* that *bounds* allow; either alone if the other is empty."""
    digests = tuple([each for each in own if each in bounds]) if own and bounds else own or bounds
    if not is_demanded:
        return digests or own
    strong = [each for each in (*own, *bounds) if each.algorithm is not HashAlgorithm.MD5]
    if not (own or bounds):
        raise MissingDigest(show_requirement(requirement))
    if not strong:
        raise WeakDigest(show_requirement(requirement))
    if not digests:
        if all(each.algorithm is HashAlgorithm.MD5 for each in own):
            return bounds
        raise NoCommonDigest(show_requirement(requirement))
    return digests


def _without_key(requirement: SourcedRequirement) -> MauveError:
    if isinstance(requirement.source, FromRegistry):
        return UnpinnedConstraint(requirement)
    return MissingDigest(_shown_location(requirement))


def _shown_location(requirement: SourcedRequirement) -> str:
    path = getattr(requirement.source, "path", None)
    if path is None:
        return show_requirement(requirement)
    return file_url(path) + (f"[{','.join(requirement.extras)}]" if requirement.extras else "")


def _key(requirement: SourcedRequirement) -> _Key | None:
    match requirement.source:
        case FromRegistry(specifiers=specifiers):
            clauses = specifiers.specifiers
            if len(clauses) == 1 and clauses[0].operator in _EXACT:
                return requirement.name, clauses[0].version
            return None
        case FromUrl(url=url):
            return url
        case FromPath(path=path):
            return file_url(path)
        case _:
            return None


def _digests(requirement: SourcedRequirement) -> tuple[HashDigest, ...]:
    source = requirement.source
    behind = digests_behind(source.verbatim or "") if isinstance(source, FromUrl) else ()
    try:
        return (*[each for each in map(parse_digest, requirement.hashes) if each not in behind], *behind)
    except InvalidDigest as error:
        raise MalformedDigest(str(error)) from None

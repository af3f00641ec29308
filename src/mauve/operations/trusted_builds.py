"""Which files builds may install: those whose digests the user trusts.

Digests are given with constraints of builds, or behind the URL in what a build requires. Those that are given always
have to fit; with `--require-build-hashes` everything has to have one, and every constraint has to be a pin.

Specification: docs/environments.md "Source builds".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, structs

from mauve.distributions.resolution import Resolution
from mauve.distributions.sources import FromRegistry, FromUrl, PathSource, UrlSource
from mauve.errors import ExitStatus, MauveError
from mauve.filesystem.file_urls import file_url
from mauve.operations.build_needs import show_requirement
from mauve.project.manifest import InvalidTrustedDigest
from mauve.standards.hashes import HashAlgorithm, HashDigest, InvalidDigest, digests_behind, parse_digest
from mauve.standards.markers.environment import evaluate
from mauve.standards.names import PackageName
from mauve.standards.specifiers import Operator
from mauve.standards.versions import Version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mauve.distributions.files import Sdist, Wheel
    from mauve.distributions.requirements import SourcedRequirement
    from mauve.distributions.resolution import ResolvedDistribution
    from mauve.standards.markers.environment import MarkerEnvironment

_EXACT = (Operator.EQUAL, Operator.EXACT_EQUAL)


class UntrustedBuild(MauveError):
    """What a build needs has to have a digest that is trusted, and there is none."""

    status = ExitStatus.FAILURE

    def __init__(self, name: PackageName) -> None:
        """Name what the build needs."""
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Hash-checking is required, but no trusted hash was provided for: `{self.name}`"


class UnpinnedConstraint(MauveError):
    """Where digests are demanded, a constraint of builds has to name one version."""

    def __init__(self, requirement: SourcedRequirement) -> None:
        """Show the constraint."""
        super().__init__(requirement.name)
        self.shown = show_requirement(requirement)

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            "In `--require-hashes` mode, all requirements must have their versions pinned with `==`, but found: "
            f"{self.shown}"
        )


class Trust(Struct, frozen=True):
    """The digests that builds may install.

    Attributes:
        versions: of what comes from an index.
        urls: of what comes from a URL.
        is_demanded: whether nothing else may be installed.
    """

    versions: dict[tuple[PackageName, Version], tuple[HashDigest, ...]] = {}
    urls: dict[str, tuple[HashDigest, ...]] = {}
    is_demanded: bool = False

    def extended(self, requirements: Iterable[SourcedRequirement]) -> Trust:
        """Return this trust with the digests behind the URLs of *requirements*.

        Raises:
            UntrustedBuild: one of them has none, and that is demanded.
        """
        urls = dict(self.urls)
        names = {name for name, _ in self.versions}
        for requirement in requirements:
            source = requirement.source
            if isinstance(source, FromUrl):
                found = digests_behind(source.verbatim or "")
                if found:
                    urls[source.url] = found
                is_trusted = source.url in urls
            else:
                is_trusted = isinstance(source, FromRegistry) and requirement.name in names
            if self.is_demanded and not is_trusted:
                raise UntrustedBuild(requirement.name)
        return Trust(self.versions, urls, self.is_demanded)

    def restrict(self, resolution: Resolution) -> Resolution:
        """Return *resolution* with the files that are trusted, whose digests are compared where they arrive.

        Raises:
            UntrustedBuild: there is no digest for a distribution, and that is demanded.
        """
        if not (self.versions or self.urls or self.is_demanded):
            return resolution
        return Resolution(tuple([self._restrict(distribution) for distribution in resolution]))

    def _restrict(self, distribution: ResolvedDistribution) -> ResolvedDistribution:
        source, version = distribution.source, distribution.version
        if distribution.is_installed:
            return distribution
        if isinstance(source, UrlSource):
            digests = self.urls.get(source.url)
        elif isinstance(source, PathSource):
            digests = self.urls.get(file_url(source.path))
        else:
            digests = None if version is None else self.versions.get((distribution.name, version))
        if digests is None:
            if self.is_demanded:
                raise UntrustedBuild(distribution.name)
            return distribution
        wheels, sdist = distribution.wheels, distribution.sdist
        trusted = tuple([wheel for wheel in wheels if not set(digests).isdisjoint(wheel.file.hashes)])
        if not trusted and sdist is not None and not set(digests).isdisjoint(sdist.file.hashes):
            wheels = ()
        return structs.replace(
            distribution,
            wheels=tuple([_expecting(wheel, digests) for wheel in trusted or wheels]),
            sdist=None if sdist is None else _expecting_sdist(sdist, digests),
            hashes=digests if isinstance(source, UrlSource | PathSource) else distribution.hashes,
        )


def read_trust(
    constraints: Iterable[SourcedRequirement], environment: MarkerEnvironment, *, is_demanded: bool
) -> Trust:
    """Return the digests of *constraints* that hold in *environment*.

    Raises:
        InvalidTrustedDigest: one of them is malformed.
        UnpinnedConstraint: one of them names several versions, where digests are demanded.
    """
    versions: dict[tuple[PackageName, Version], tuple[HashDigest, ...]] = {}
    urls: dict[str, tuple[HashDigest, ...]] = {}
    for requirement in constraints:
        if not evaluate(requirement.marker, environment):
            continue
        digests = _parsed(requirement.hashes)
        source = requirement.source
        if isinstance(source, FromUrl):
            if digests:
                urls[source.url] = (*urls.get(source.url, ()), *digests)
            continue
        clauses = source.specifiers.specifiers if isinstance(source, FromRegistry) else ()
        if len(clauses) != 1 or clauses[0].operator not in _EXACT:
            if is_demanded:
                raise UnpinnedConstraint(requirement)
        elif any(digest.algorithm is not HashAlgorithm.MD5 for digest in digests) or (digests and not is_demanded):
            key = (requirement.name, clauses[0].version)
            versions[key] = (*versions.get(key, ()), *digests)
    return Trust(versions, urls, is_demanded)


def _parsed(texts: tuple[str, ...]) -> tuple[HashDigest, ...]:
    try:
        return tuple(map(parse_digest, texts))
    except InvalidDigest as error:
        raise InvalidTrustedDigest(str(error)) from None


def _expecting(wheel: Wheel, digests: tuple[HashDigest, ...]) -> Wheel:
    return structs.replace(wheel, file=structs.replace(wheel.file, hashes=digests))


def _expecting_sdist(sdist: Sdist, digests: tuple[HashDigest, ...]) -> Sdist:
    return structs.replace(sdist, file=structs.replace(sdist.file, hashes=digests))

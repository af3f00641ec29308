"""Whether what is installed already satisfies requirements, with all that those require in turn.

Only names of folders and METADATA files are read, and of what has an origin its record. The answer may be no although a
resolution would choose just what is there (a branch of a repository, a package that is installed twice): then the
resolution finds that out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mauve.distributions.requirements import SourcedRequirement
from mauve.distributions.sources import (
    DirectorySource,
    EditableSource,
    FromDirectory,
    FromGit,
    FromPath,
    FromRegistry,
    FromUrl,
    GitSource,
    PathSource,
    UrlSource,
)
from mauve.installer.inventory import InstalledKind
from mauve.installer.origin import is_recorded, local_path
from mauve.standards.markers.diagram import TRUE
from mauve.standards.markers.environment import evaluate
from mauve.standards.metadata import InvalidCoreMetadata, parse_metadata
from mauve.standards.requirements import InvalidRequirement, parse_requirement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mauve.distributions.sources import RequirementSource, Source
    from mauve.installer.inventory import InstalledDistribution, Inventory
    from mauve.installer.ports import SourceStates
    from mauve.standards.markers.environment import MarkerEnvironment
    from mauve.standards.names import PackageName

_COMMIT: Final = frozenset("ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ/-_.")
"""Characters that no commit has."""


def is_all_installed(
    requirements: Iterable[SourcedRequirement],
    inventory: Inventory,
    environment: MarkerEnvironment,
    *,
    constraints: Iterable[SourcedRequirement] = (),
    overrides: Iterable[SourcedRequirement] = (),
    excludes: Iterable[PackageName] = (),
    fits: Callable[[SourcedRequirement, InstalledDistribution], bool] | None = None,
) -> bool:
    """Return whether *inventory* has everything that *requirements* need in *environment*.

    *fits* tells whether an installed distribution is what a requirement asks for apart from its version; without it
    nothing that has a direct source is.
    """
    return _Check(inventory, environment, constraints, overrides, excludes, fits).passes(requirements)


def is_from(source: RequirementSource, installed: InstalledDistribution, states: SourceStates) -> bool:
    """Return whether *installed* came from the direct *source*, and that is today what it was then."""
    wanted: Source
    match source:
        case FromDirectory(path=path, editable=editable):
            wanted = EditableSource(path) if editable else DirectorySource(path)
        case FromPath(path=path):
            wanted = PathSource(path)
        case FromUrl(url=url, subdirectory=subdirectory):
            wanted = UrlSource(url, subdirectory)
        case FromGit(reference=reference) if _COMMIT.isdisjoint(reference.value) and len(reference.value) == 40:
            wanted = GitSource(
                url=source.url, commit=reference.value, reference=reference, subdirectory=source.subdirectory
            )
        case _:
            return False
    if not is_recorded(wanted, installed.direct_url):
        return False
    place = local_path(wanted)
    return place is None or (installed.cache_info is not None and installed.cache_info == states.state(place))


class _Check:
    def __init__(
        self,
        inventory: Inventory,
        environment: MarkerEnvironment,
        constraints: Iterable[SourcedRequirement],
        overrides: Iterable[SourcedRequirement],
        excludes: Iterable[PackageName],
        fits: Callable[[SourcedRequirement, InstalledDistribution], bool] | None,
    ) -> None:
        self._inventory = inventory
        self._environment = environment
        self._constraints = _by_name(constraints)
        self._overrides = _by_name(overrides)
        self._excludes = frozenset(excludes)
        self._agrees = fits

    def passes(self, requirements: Iterable[SourcedRequirement]) -> bool:
        """Return whether every requirement, and what it leads to, is installed."""
        pending = [each for entry in requirements for each in self._replaced(entry)]
        seen: set[tuple[PackageName, tuple[str, ...]]] = set()
        while pending:
            requirement = pending.pop()
            if not evaluate(requirement.marker, self._environment):
                continue
            installed = self._inventory.get(requirement.name)
            if len(installed) != 1 or not self._fits(requirement, installed[0]):
                return False
            key = (requirement.name, requirement.extras)
            if key in seen:
                continue
            seen.add(key)
            required = self._required(installed[0], frozenset(requirement.extras))
            if required is None:
                return False
            pending += required
        return True

    def _fits(self, requirement: SourcedRequirement, installed: InstalledDistribution) -> bool:
        for each in (requirement, *self._constraints.get(installed.name, ())):
            if not evaluate(each.marker, self._environment):
                continue
            source = each.source
            if isinstance(source, FromRegistry) and not source.specifiers.contains(installed.version):
                return False
            if not (isinstance(source, FromRegistry) if self._agrees is None else self._agrees(each, installed)):
                return False
        return True

    def _required(self, installed: InstalledDistribution, extras: frozenset[str]) -> list[SourcedRequirement] | None:
        """Return what *installed* requires here with *extras*; None if that cannot be read."""
        if installed.kind is not InstalledKind.DIST_INFO:
            return None
        content = installed.read("METADATA")
        if content is None:
            return None
        found: list[SourcedRequirement] = []
        try:
            for text in parse_metadata(content).requires_dist:
                requirement = parse_requirement(text)
                if requirement.url is not None:
                    return None
                if evaluate(requirement.marker, self._environment, extras):
                    found += self._replaced(
                        SourcedRequirement(
                            name=requirement.name,
                            source=FromRegistry(requirement.specifiers),
                            marker=TRUE,
                            extras=requirement.extras,
                        )
                    )
        except (InvalidCoreMetadata, InvalidRequirement):
            return None
        return found

    def _replaced(self, requirement: SourcedRequirement) -> Iterable[SourcedRequirement]:
        if requirement.name in self._excludes:
            return ()
        return self._overrides.get(requirement.name, (requirement,))


def _by_name(requirements: Iterable[SourcedRequirement]) -> dict[PackageName, tuple[SourcedRequirement, ...]]:
    found: dict[PackageName, tuple[SourcedRequirement, ...]] = {}
    for requirement in requirements:
        found[requirement.name] = (*found.get(requirement.name, ()), requirement)
    return found

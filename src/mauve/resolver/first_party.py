"""What the user asked for himself, by name: it grants rights that requirements of published packages do not have.

Only first-party requirements may name URLs and indexes, pin yanked versions, and allow pre-releases by mention.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from mauve.distributions.conflicts import ConflictItem
from mauve.distributions.sources import FromDirectory, FromGit, FromRegistry, GitSource, canonical_repository
from mauve.resolver.direct import as_direct, direct_key, direct_text
from mauve.standards.markers.diagram import FALSE
from mauve.standards.markers.extras import with_only_extras
from mauve.standards.specifiers import Operator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mauve.distributions.requirements import SourcedRequirement
    from mauve.resolver.direct import DirectKey
    from mauve.resolver.environments import ForkEnvironment
    from mauve.resolver.manifest import Manifest
    from mauve.resolver.preferences import Preferences
    from mauve.resolver.source import DirectDistribution, DirectSource
    from mauve.standards.markers.diagram import Marker
    from mauve.standards.names import ExtraName, PackageName
    from mauve.standards.versions import Version

_EXACT = (Operator.EQUAL, Operator.EXACT_EQUAL)
_NOT_EQUAL = (Operator.NOT_EQUAL, Operator.NOT_EQUAL_STAR)


def requested(manifest: Manifest) -> Iterator[SourcedRequirement]:
    """Yield every requirement of members, groups and the command line, before overrides."""
    for member in manifest.members:
        yield from member.metadata.requires_dist
        for group in member.metadata.groups.values():
            yield from group
    yield from manifest.requirements
    for group in manifest.groups.values():
        yield from group


def first_party(manifest: Manifest) -> Iterator[SourcedRequirement]:
    """Yield `requested` requirements with overrides in the place of what they replace, and the constraints."""
    overridden = {override.name for override in manifest.overrides}
    for requirement in requested(manifest):
        if requirement.name not in overridden:
            yield requirement
    yield from manifest.overrides
    for scoped in manifest.scoped_overrides:
        yield from scoped.dependencies
    yield from manifest.constraints


def _overrides_by_name(manifest: Manifest) -> dict[PackageName, list[SourcedRequirement]]:
    replacements: dict[PackageName, list[SourcedRequirement]] = {}
    for override in manifest.overrides:
        replacements.setdefault(override.name, []).append(override)
    return replacements


class Pin(Struct, frozen=True):
    """A requirement that names an index.

    Attributes:
        marker: of the requirement.
        index: its URL.
        conflict: the extra or group for which alone the index was named.
    """

    marker: Marker
    index: str
    conflict: ConflictItem | None

    def counts_in(self, environment: ForkEnvironment) -> bool:
        """Return whether the name comes from this index in *environment*, whoever requires it there."""
        item, excluded = self.conflict, environment.excluded
        if item is not None and item in excluded:
            return False
        if item is not None and item.extra is not None and ConflictItem(item.package) in excluded:
            # A project that is out takes its extras along, not its groups.
            return False
        return environment.overlaps(self.marker)


class FirstParty:
    """The rights that first-party requirements grant, collected once.

    Attributes:
        direct_names: names that are asked for (`resolution = "lowest-direct"`), also by folders, and when.
        yanked_allowed: versions that may be used although they were yanked.
        prerelease_named: names with a specifier that mentions a pre-release, and when.
        direct: direct sources by name and identity.
        override_direct: direct sources that overrides impose, with the overrides' markers.
        pins: of each name, what ties it to an index.
    """

    __slots__ = (
        "_commits",
        "_members",
        "direct",
        "direct_names",
        "override_direct",
        "pins",
        "prerelease_named",
        "yanked_allowed",
    )

    def __init__(self, manifest: Manifest, preferences: Preferences) -> None:
        """Collect from *manifest*; versions of an old lock may be used although they were yanked since."""
        self._members = {member.name for member in manifest.members}
        self.direct_names: dict[PackageName, list[Marker]] = {}
        replacements = _overrides_by_name(manifest)
        for requirement in requested(manifest):
            self._ask(requirement, replacements)
        self.yanked_allowed: dict[PackageName, set[Version]] = {}
        self.prerelease_named: dict[PackageName, list[Marker]] = {}
        self.direct: dict[PackageName, dict[DirectKey, DirectSource]] = {}
        self._commits: dict[tuple[PackageName, str, str | None, str], list[DirectKey]] = {}
        self.override_direct: dict[PackageName, list[tuple[Marker, DirectSource]]] = {}
        self.pins: dict[PackageName, list[Pin]] = {}
        for requirement in first_party(manifest):
            self._add(requirement)
        for override in manifest.overrides:
            source = as_direct(override.source)
            if source is not None:
                self.override_direct.setdefault(override.name, []).append((override.marker, source))
        for preference in preferences.versions:
            self.yanked_allowed.setdefault(preference.name, set()).add(preference.version)

    def _ask(self, requirement: SourcedRequirement, replacements: dict[PackageName, list[SourcedRequirement]]) -> None:
        for asked in replacements.get(requirement.name, (requirement,)):
            self.direct_names.setdefault(asked.name, []).append(asked.marker)

    def _add(self, requirement: SourcedRequirement) -> None:
        name, source = requirement.name, requirement.source
        direct = as_direct(source)
        if direct is not None:
            self.direct.setdefault(name, {}).setdefault(direct_key(direct), direct)
            return
        if not isinstance(source, FromRegistry):
            return
        if source.index is not None:
            pins = self.pins.setdefault(name, [])
            pin = Pin(requirement.marker, source.index, source.conflict)
            if pin not in pins:
                pins.append(pin)
        specifiers = source.specifiers.specifiers
        if len(specifiers) == 1 and specifiers[0].operator in _EXACT:
            self.yanked_allowed.setdefault(name, set()).add(specifiers[0].version)
        if any(clause.version.is_prerelease and clause.operator not in _NOT_EQUAL for clause in specifiers):
            self.prerelease_named.setdefault(name, []).append(requirement.marker)

    def sources_of(
        self, name: PackageName, asked: DirectSource | None, environment: ForkEnvironment
    ) -> Iterator[DirectSource]:
        """Yield where *name* comes from in *environment*: from what overrides impose, else from the source *asked* for.

        Raises:
            DisallowedUrl: no first party asks for that source, nor is it one of a member.
        """
        imposed = self.override_direct.get(name)
        if imposed is not None:
            for marker, source in imposed:
                if environment.overlaps(marker):
                    yield source
        elif asked is not None:
            known = self.known_direct(name, asked)
            if known is None and name not in self._members:
                from mauve.resolver.errors import DisallowedUrl

                raise DisallowedUrl(name, direct_text(asked))
            yield known or asked

    def known_direct(self, name: PackageName, source: DirectSource) -> DirectSource | None:
        """Return the first-party source of *name* that *source* means, None if there is none.

        A tree that is required without a word about how is installed as others want it.
        """
        known = self.direct.get(name)
        if known is None:
            return None
        if isinstance(source, FromDirectory) and source.editable is None:
            for editable in (True, False):
                decided = known.get(direct_key(structs.replace(source, editable=editable)))
                if decided is not None:
                    return decided
        return known.get(direct_key(source))

    def _unite(self, name: PackageName, source: FromGit, commit: str) -> None:
        """Have all references that lead to *commit* mean *source*, which names it last."""
        place = (name, canonical_repository(source.url), source.subdirectory, commit)
        keys = self._commits.setdefault(place, [])
        keys.append(direct_key(source))
        for key in keys:
            self.direct[name][key] = source

    def look_ahead(self, manifest: Manifest, read: Callable[[PackageName, DirectSource], DirectDistribution]) -> None:
        """Collect from what direct sources require, too, and from the direct sources among that.

        They are looked at before the search, since a name with a direct source must not be taken from an index
        before the search comes to whoever names that source. *read* returns what is at a source. References that lead
        to one commit mean the same from then on.
        """
        members = {member.name for member in manifest.members}
        excluded = frozenset(manifest.excludes)
        replacements = _overrides_by_name(manifest)
        constraints = [requirement for requirement in manifest.constraints if requirement.name in self.direct_names]
        queue = deque((*requested(manifest), *constraints))
        seen: set[tuple[PackageName, DirectKey, tuple[ExtraName, ...]]] = set()
        while queue:
            asked = queue.popleft()
            name = asked.name
            if name in excluded or name in members:
                continue
            for requirement in replacements.get(name, (asked,)):
                source = as_direct(requirement.source)
                if source is None:
                    continue
                visit = (name, direct_key(source), requirement.extras)
                if visit in seen:
                    continue
                seen.add(visit)
                from mauve.resolver.own_extras import followed_extras

                distribution = read(name, source)
                extras = frozenset(followed_extras(distribution.metadata, requirement.extras))
                if isinstance(source, FromGit) and isinstance(distribution.source, GitSource):
                    self._unite(name, source, distribution.source.commit)
                for child in distribution.metadata.requires_dist:
                    if with_only_extras(child.marker, extras) is not FALSE:
                        if isinstance(source, FromDirectory):
                            self._ask(child, replacements)
                        if child.name not in replacements:
                            self._add(child)
                        queue.append(child)

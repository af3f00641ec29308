"""What the user adds to builds: requirements and variables of single packages, and bounds for all environments.

`extra-build-dependencies` are lowered with the sources of the project that declares them. One that must match what is
installed (`match-runtime`) becomes a pin once the resolution is known; before, nothing that needs it can be built.

Specification: docs/environments.md "Source builds".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

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
    RegistrySource,
    UrlSource,
)
from mauve.standards.names import PackageName
from mauve.standards.specifiers import parse_specifiers

if TYPE_CHECKING:
    from mauve.config.settings.resolution import ResolutionSettings
    from mauve.distributions.resolution import Resolution, ResolvedDistribution
    from mauve.distributions.sources import RequirementSource, Source
    from mauve.project.workspace import Workspace


class ExtraNeed(Struct, frozen=True):
    """One extra build requirement, lowered; `match_runtime` asks for the version that is installed."""

    requirement: SourcedRequirement
    match_runtime: bool = False


class BuildNeeds(Struct, frozen=True):
    """What builds get besides what they ask for.

    Attributes:
        constraints: bound every build environment.
        extras: what is installed in addition, by the package that is built.
    """

    constraints: tuple[SourcedRequirement, ...] = ()
    extras: dict[PackageName, tuple[ExtraNeed, ...]] = {}

    def requirements_of(self, name: PackageName | None) -> tuple[SourcedRequirement, ...]:
        """Return what is installed in addition where *name* is built.

        Raises:
            RuntimeUnknown: a version that it must match is not known yet.
        """
        if name is None or name not in self.extras:
            return ()
        for need in self.extras[name]:
            if need.match_runtime and not _is_pinned(need.requirement):
                from mauve.operations.build_needs_errors import RuntimeUnknown

                raise RuntimeUnknown(need.requirement.name, name)
        return tuple([need.requirement for need in self.extras[name]])

    def matching(self, resolution: Resolution) -> BuildNeeds:
        """Return these needs with pins to what *resolution* has.

        Raises:
            UnmatchedRuntime: it lacks a package that must match.
            BoundRuntime: the requirement names versions itself.
        """
        built = {distribution.name: distribution for distribution in resolution}
        extras = {
            name: tuple([_matched(need, built) for need in needs])
            for name, needs in self.extras.items()
            if name in built
        }
        return BuildNeeds(self.constraints, extras)


NO_NEEDS = BuildNeeds()


def _is_pinned(requirement: SourcedRequirement) -> bool:
    return not isinstance(requirement.source, FromRegistry) or not requirement.source.specifiers.is_empty


def _matched(need: ExtraNeed, built: dict[PackageName, ResolvedDistribution]) -> ExtraNeed:
    if not need.match_runtime:
        return need
    requirement = need.requirement
    if isinstance(requirement.source, FromRegistry) and not requirement.source.specifiers.is_empty:
        from mauve.operations.build_needs_errors import BoundRuntime

        raise BoundRuntime(f"{requirement.name}{requirement.source.specifiers}")
    found = built.get(requirement.name)
    if found is None:
        from mauve.operations.build_needs_errors import UnmatchedRuntime

        raise UnmatchedRuntime(requirement.name)
    pinned = SourcedRequirement(requirement.name, _pin(found), requirement.marker, requirement.extras)
    return ExtraNeed(pinned, match_runtime=True)


def _pin(found: ResolvedDistribution) -> RequirementSource:
    """Return the source by which exactly *found* is required."""
    source: Source = found.source
    match source:
        case RegistrySource():
            return FromRegistry(parse_specifiers(f"=={found.version}"), source.location)
        case GitSource():
            return FromGit(
                url=source.url,
                reference=source.reference,
                commit=source.commit,
                subdirectory=source.subdirectory,
                lfs=source.lfs,
            )
        case UrlSource():
            return FromUrl(source.url, source.subdirectory)
        case PathSource():
            return FromPath(source.path, source.path)
        case DirectorySource() | EditableSource():
            return FromDirectory(source.path, source.path, isinstance(source, EditableSource))
        case _:
            from mauve.operations.build_needs_errors import UnmatchedRuntime

            raise UnmatchedRuntime(found.name)


def show_requirement(requirement: SourcedRequirement) -> str:
    """Return *requirement* as messages show it, with the index that it is pinned to."""
    from mauve.standards.markers.render import render

    source = requirement.source
    extras = f"[{','.join(requirement.extras)}]" if requirement.extras else ""
    marker = render(requirement.marker)
    tail = "" if marker is None else f" ; {marker}"
    if isinstance(source, FromRegistry):
        index = "" if source.index is None else f" (index: {source.index})"
        return f"{requirement.name}{extras}{source.specifiers.lock_text(', ')}{index}{tail}"
    from mauve.resolver.direct import as_direct, direct_text

    direct = as_direct(source)
    return f"{requirement.name}{extras}{'' if direct is None else f' @ {direct_text(direct)}'}{tail}"


def declared_needs(workspace: Workspace, settings: ResolutionSettings) -> BuildNeeds:
    """Return what *workspace* and *settings* add to builds.

    Raises:
        MauveError: a requirement cannot be lowered.
    """
    from mauve.project.manifest import build_constraints

    constraints = build_constraints(workspace)
    if not settings.extra_build_requirements:
        return BuildNeeds(constraints)
    from mauve.project.lowering import Lowering, SourcePolicy

    lowering = Lowering(
        pyproject=workspace.pyproject,
        workspace=workspace,
        policy=SourcePolicy(settings.sources.disabled, settings.sources.disabled_packages),
        typed_indexes=settings.indexes.typed,
        configured_names=settings.indexes.configured_names,
    )
    return BuildNeeds(
        constraints,
        {
            name: tuple(
                [
                    ExtraNeed(lowered, declared.match_runtime)
                    for declared in requirements
                    for lowered in lowering.lower(declared.requirement)
                ]
            )
            for name, requirements in settings.extra_build_requirements.items()
        },
    )


# --- what is recorded


def build_record(name: PackageName, needs: BuildNeeds, settings: ResolutionSettings) -> bytes:
    """Return the content of `uv_build.json` for a wheel of *name* that is built now."""
    record: dict[str, object] = {}
    if settings.config_settings or settings.config_settings_packages:
        from mauve.build.settings import ConfigSettings

        backend = ConfigSettings(settings.config_settings, settings.config_settings_packages).for_package(name)
        if backend:
            record["config_settings"] = dict(sorted(backend.items()))
    extras = needs.extras.get(name)
    if extras:
        record["extra_build_requires"] = [
            {"requirement": _recorded(need.requirement), "match_runtime": need.match_runtime} for need in extras
        ]
    variables = settings.extra_build_variables.get(name)
    if variables:
        record["extra_build_variables"] = dict(sorted(variables.items()))
    if not record:
        return b"{}"
    from msgspec import json

    return json.encode(record)


def _recorded(requirement: SourcedRequirement) -> dict[str, object]:
    """Return *requirement* as uv writes it: the fields of a lockfile, and always the index."""
    from mauve.lock.requirements import lock_requirement

    locked = lock_requirement(requirement, "/")
    record: dict[str, object] = {"name": locked.name}
    if locked.extras:
        record["extras"] = list(locked.extras)
    if locked.marker is not None:
        record["marker"] = locked.marker
    if locked.source is not None:
        record[locked.source.kind.value] = locked.source.location
        return record
    if locked.specifier is not None:
        record["specifier"] = locked.specifier
    return {**record, "index": locked.index, "conflict": None}

"""Resolve for one interpreter: a universal resolution whose only environment is the interpreter's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mauve.distributions.requirements import SourcedRequirement
from mauve.distributions.resolution import ResolvedDistribution, Resolution
from mauve.distributions.sources import FromRegistry, FromUrl
from mauve.operations.builds import NothingToInstall, registry_display
from mauve.resolver.manifest import Manifest
from mauve.resolver.preferences import Preferences
from mauve.resolver.reporter import SilentReporter
from mauve.resolver.universal import resolve
from mauve.standards.markers.diagram import TRUE, Marker, python_full_version_marker, string_marker
from mauve.standards.markers.environment import evaluate
from mauve.standards.requires_python import RequiresPython
from mauve.standards.specifiers import parse_specifiers
from mauve.standards.version_sets import between
from mauve.standards.versions import after, release_version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mauve.config.settings.resolution import ResolutionSettings
    from mauve.python.interpreter import Interpreter
    from mauve.resolver.graph import ResolvedPackage
    from mauve.resolver.source import MetadataSource
    from mauve.standards.requirements import Requirement

_STRINGS: Final = (
    "os_name",
    "sys_platform",
    "platform_system",
    "platform_machine",
    "platform_python_implementation",
    "platform_release",
    "platform_version",
    "implementation_name",
)


def resolve_for_interpreter(
    requirements: Iterable[Requirement],
    interpreter: Interpreter,
    settings: ResolutionSettings,
    source: MetadataSource,
) -> Resolution:
    """Return the distributions that satisfy *requirements* in an environment of *interpreter*.

    Raises:
        MauveError: there is no solution, or a chosen package has no file that the interpreter can use.
    """
    environment = interpreter.markers
    version = ".".join(map(str, interpreter.release))
    manifest = Manifest(
        requires_python=RequiresPython.from_specifiers(parse_specifiers(f"=={version}")) or RequiresPython(),
        requirements=tuple(source_requirement(requirement) for requirement in requirements),
        environments=(environment_marker(interpreter),),
        indexes=settings.indexes,
        options=settings.options,
    )
    graph = resolve(manifest, source, Preferences(), SilentReporter())
    chosen = [package for package in graph.packages if evaluate(package.marker, environment)]
    return Resolution(
        tuple(distribution_for(package, interpreter) for package in sorted(chosen, key=lambda item: item.name))
    )


def source_requirement(requirement: Requirement) -> SourcedRequirement:
    """Return *requirement* as it stands: from an index, or from its URL."""
    source = FromRegistry(requirement.specifiers) if requirement.url is None else FromUrl(requirement.url)
    return SourcedRequirement(
        name=requirement.name, source=source, marker=requirement.marker, extras=requirement.extras
    )


def environment_marker(interpreter: Interpreter) -> Marker:
    """Return the marker that holds for *interpreter* and, as far as markers can tell, nowhere else."""
    environment = interpreter.markers
    marker: Marker = TRUE
    for name in _STRINGS:
        clause = string_marker(name, "==", getattr(environment, name))
        if clause is not None:
            marker &= clause
    version = release_version(interpreter.release)
    return marker & python_full_version_marker(between(version.key, after(version)))


def distribution_for(package: ResolvedPackage, interpreter: Interpreter) -> ResolvedDistribution:
    """Return *package* with the wheels that *interpreter* can use, the best one first."""
    tags = interpreter.tags
    ranked = [(rank, wheel) for wheel in package.wheels if (rank := tags.priority(wheel.filename)) is not None]
    ranked.sort(key=lambda pair: pair[0])
    if not ranked and package.sdist is None:
        raise NothingToInstall(registry_display(package))
    return ResolvedDistribution(
        name=package.name,
        version=package.version,
        source=package.source,
        wheels=tuple(wheel for _, wheel in ranked),
        sdist=package.sdist,
    )

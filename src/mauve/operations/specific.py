"""Resolve for one interpreter: a universal resolution whose only environment is the interpreter's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from msgspec import structs

from mauve.distributions.index import ENVIRONMENT
from mauve.distributions.requirements import SourcedRequirement
from mauve.distributions.resolution import Resolution, ResolvedDistribution
from mauve.distributions.sources import PathSource, RegistrySource, UrlSource
from mauve.errors import ExitStatus, MauveError
from mauve.resolver.errors import ConflictingUrls, NoSolution
from mauve.resolver.manifest import Manifest
from mauve.resolver.preferences import Preference, Preferences
from mauve.resolver.reporter import SilentReporter
from mauve.resolver.target import Target
from mauve.standards.markers.diagram import TRUE, Marker, python_full_version_marker, string_marker
from mauve.standards.markers.environment import evaluate
from mauve.standards.requires_python import RequiresPython
from mauve.standards.specifiers import parse_specifiers
from mauve.standards.version_sets import between
from mauve.standards.versions import after, release_version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mauve.config.settings.resolution import ResolutionSettings
    from mauve.operations.builds import SourceBuilds
    from mauve.operations.context import Services
    from mauve.operations.reporter import LockEvents
    from mauve.python.environment import Environment
    from mauve.python.interpreter import Interpreter
    from mauve.resolver.graph import ResolutionGraph, ResolvedPackage
    from mauve.resolver.manifest import BuildPolicy
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
    requirements: Iterable[SourcedRequirement],
    interpreter: Interpreter,
    settings: ResolutionSettings,
    source: MetadataSource,
    constraints: tuple[SourcedRequirement, ...] = (),
) -> Resolution:
    """Return the distributions that satisfy *requirements* and *constraints* in an environment of *interpreter*.

    Raises:
        MauveError: there is no solution, or a chosen package has no file that the interpreter can use.
    """
    manifest = Manifest(
        requires_python=RequiresPython(),
        requirements=tuple(requirements),
        constraints=constraints,
        indexes=settings.indexes,
        options=settings.options,
    )
    from mauve.resolver.universal import resolve

    graph = resolve(manifest_for_interpreter(manifest, interpreter), source, Preferences(), SilentReporter())
    return resolution_for_interpreter(graph, interpreter, settings.options.build)


def manifest_for_interpreter(manifest: Manifest, interpreter: Interpreter) -> Manifest:
    """Return *manifest* for the environment of *interpreter* alone."""
    version = ".".join(map(str, interpreter.release))
    return structs.replace(
        manifest,
        target=manifest.target or environment_target(interpreter),
        requires_python=RequiresPython.from_specifiers(parse_specifiers(f"=={version}")) or RequiresPython(),
        environments=(environment_marker(interpreter),),
    )


def environment_target(interpreter: Interpreter, *, is_asked_for: bool = False) -> Target:
    """Return the environment of *interpreter*, whose version may be one that *is_asked_for*, as a target."""
    release = interpreter.release
    text = ".".join(map(str, release if release[2] else release[:2]))
    name = interpreter.description.partition(" ")[0]
    tag = interpreter.tags.python_tag
    return Target(
        tags=interpreter.tags,
        python=f">={text}" if is_asked_for else text,
        name=f"{name} {release[0]}.{release[1]} (`{tag}`)",
    )


def resolution_for_interpreter(graph: ResolutionGraph, interpreter: Interpreter, build: BuildPolicy) -> Resolution:
    """Return what of *graph* is installed in an environment of *interpreter*, wheels only where *build* allows them.

    Raises:
        NothingToInstall: a chosen package has no file that the interpreter can use.
    """
    chosen = [package for package in graph.packages if evaluate(package.marker, interpreter.markers)]
    return Resolution(
        tuple([distribution_for(package, interpreter, build) for package in sorted(chosen, key=lambda item: item.name)])
    )


class UnplannedInstallation(MauveError):
    """What was chosen must not be installed; the cause says why."""

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return "Failed to determine installation plan"


class NamedWheelRefused(MauveError):
    """A wheel was named, and wheels are not to be used."""

    def __init__(self, kind: str, url: str) -> None:
        """Take the *kind* of the source, and where the wheel is."""
        super().__init__(kind, url)
        self.kind = kind
        self.url = url

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"A {self.kind} dependency points to a wheel which conflicts with `--no-binary`: {self.url}"


def check_wheels(resolution: Resolution, build: BuildPolicy) -> None:
    """Refuse wheels that were named where *build* does not allow wheels.

    Raises:
        UnplannedInstallation: there is one.
    """
    for each in resolution:
        source = each.source
        if each.wheels and isinstance(source, UrlSource | PathSource) and build.forbids_wheel(each.name):
            from mauve.filesystem.file_urls import file_url

            if isinstance(source, UrlSource):
                raise UnplannedInstallation from NamedWheelRefused("URL", source.url)
            raise UnplannedInstallation from NamedWheelRefused("path", file_url(source.path))


class UnsatisfiableRequirements(MauveError):
    """The requirements of one environment contradict each other; the cause is the argument."""

    status: ClassVar[ExitStatus] = ExitStatus.FAILURE

    def __init__(self, failure: NoSolution, purpose: str) -> None:
        """Keep the failure; *purpose* says what was resolved: empty, such as `script`, or `: ` and requirements."""
        super().__init__(failure, purpose)
        self.failure = failure
        self.purpose = purpose

    def __str__(self) -> str:
        """Return the headline."""
        if self.purpose.startswith(":"):
            return f"No solution found when resolving{self.purpose}"
        return f"No solution found when resolving {f'{self.purpose} ' if self.purpose else ''}dependencies"

    def hints(self) -> tuple[str, ...]:
        """Return what the user may do."""
        return self.failure.hints()


def resolve_in_environment(
    manifest: Manifest,
    environment: Environment,
    settings: ResolutionSettings,
    services: Services,
    builds: SourceBuilds,
    events: LockEvents,
    purpose: str = "",
) -> Resolution:
    """Return what satisfies *manifest* in *environment*; versions that are installed there are preferred.

    Raises:
        UnsatisfiableRequirements: there is no solution.
        MauveError: a file cannot be had or used.
    """
    graph = solve_in_environment(manifest, environment, settings, services, builds, events, purpose)
    return resolution_for_interpreter(graph, environment.interpreter, settings.options.build)


def solve_in_environment(
    manifest: Manifest,
    environment: Environment,
    settings: ResolutionSettings,
    services: Services,
    builds: SourceBuilds,
    events: LockEvents,
    purpose: str = "",
) -> ResolutionGraph:
    """Return the graph of what satisfies *manifest* in *environment*, with warnings about it.

    Raises:
        UnsatisfiableRequirements: there is no solution.
        MauveError: a file cannot be had.
    """
    from mauve.operations.lock import resolve_manifest

    interpreter = environment.interpreter
    knows_installed = settings.upgrade.everything or manifest.target is not None
    preferences = Preferences() if knows_installed else installed_preferences(environment, settings)
    try:
        return resolve_manifest(
            manifest_for_interpreter(manifest, interpreter), preferences, settings, services, builds, events
        )
    except NoSolution as error:
        raise UnsatisfiableRequirements(error, purpose) from error.explanation()
    except ConflictingUrls as error:
        error.is_specific = True
        raise


def installed_preferences(environment: Environment, settings: ResolutionSettings) -> Preferences:
    """Return the versions that *environment* has, those to be upgraded left out."""
    from mauve.installer.inventory import read_inventory
    from mauve.installer.target import install_target

    upgraded = settings.upgrade.packages
    return Preferences(
        tuple(
            Preference(name=installed.name, version=installed.version)
            for installed in read_inventory(install_target(environment))
            if installed.name not in upgraded
        )
    )


def source_requirement(requirement: Requirement) -> SourcedRequirement:
    """Return *requirement* as it stands: from an index, or from its URL."""
    from mauve.project.lowering import plain_requirement

    return plain_requirement(requirement, "/")


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


def distribution_for(package: ResolvedPackage, interpreter: Interpreter, build: BuildPolicy) -> ResolvedDistribution:
    """Return *package* with the wheels that *interpreter* can use and *build* allows, the best one first."""
    if isinstance(package.source, RegistrySource) and package.source.location == ENVIRONMENT.url:
        return ResolvedDistribution(
            name=package.name, version=package.version, source=package.source, is_installed=True
        )
    tags = interpreter.tags
    # A wheel that was named is refused when it is to be installed.
    is_refused = isinstance(package.source, RegistrySource) and build.forbids_wheel(package.name)
    wheels = () if is_refused else package.wheels
    ranked = [(rank, wheel) for wheel in wheels if (rank := tags.priority(wheel.filename)) is not None]
    ranked.sort(key=lambda pair: pair[0])
    if not ranked and package.sdist is None and isinstance(package.source, RegistrySource | UrlSource | PathSource):
        from mauve.operations.build_displays import registry_display
        from mauve.operations.build_errors import NothingToInstall

        raise NothingToInstall(registry_display(package))
    return ResolvedDistribution(
        name=package.name,
        version=package.version,
        source=package.source,
        wheels=tuple(wheel for _, wheel in ranked),
        sdist=package.sdist,
    )

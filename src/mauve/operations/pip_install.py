"""Install what is asked for into an environment that exists: `pip install` and `pip sync`.

What is installed and fits stays; nothing is opened or started if that is everything.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from mauve.config.settings.installation import Reinstall
from mauve.distributions.sources import FromDirectory
from mauve.installer.inventory import read_inventory
from mauve.installer.target import install_target
from mauve.operations.requested_names import (
    group_requirements,
    named_requirement,
    tree_requirements,
)
from mauve.operations.requirement_sources import Asked

if TYPE_CHECKING:
    from mauve.config.settings.installation import InstallationSettings
    from mauve.config.settings.resolution import Refresh, ResolutionSettings
    from mauve.distributions.requirements import SourcedRequirement
    from mauve.distributions.resolution import Resolution
    from mauve.operations.build_needs import BuildNeeds
    from mauve.operations.builds import SourceBuilds
    from mauve.operations.context import Services
    from mauve.operations.install import InstallOutcome
    from mauve.operations.reporter import SyncEvents
    from mauve.operations.target_environment import TargetEnvironment
    from mauve.project.requested import Requested
    from mauve.python.environment import Environment
    from mauve.resolver.manifest import Manifest
    from mauve.standards.names import ExtraName, PackageName


class PipInstallRequest(Struct, frozen=True, kw_only=True):
    """What is to be installed, and how.

    Attributes:
        extras: of source trees.
        constraints, overrides, excludes, build_constraints: of the settings, besides those of `asked`.
        exact: what nobody needs is removed.
        no_deps: what the requirements require does not count.
        require_hashes: everything must have a digest that is trusted.
        verify_hashes: what has one must have it.
        strict: what is installed in the end is checked.
        python_version: to choose for, if not that of the environment.
        platform: likewise.
    """

    asked: Asked
    settings: ResolutionSettings
    installation: InstallationSettings
    extras: frozenset[ExtraName] = frozenset()
    all_extras: bool = False
    constraints: tuple[Requested, ...] = ()
    overrides: tuple[Requested, ...] = ()
    excludes: tuple[PackageName, ...] = ()
    build_constraints: tuple[Requested, ...] = ()
    exact: bool = False
    no_deps: bool = False
    dry_run: bool = False
    strict: bool = False
    require_hashes: bool = False
    verify_hashes: bool = True
    python_version: str | None = None
    platform: str | None = None


class PipInstallOutcome(Struct, frozen=True, kw_only=True):
    """What was done.

    Attributes:
        install: None if everything was there.
        number: of packages that are needed; of requirements, if everything was there.
        warnings: about what was chosen.
        seconds: that the look at what is there took.
    """

    number: int
    install: InstallOutcome | None = None
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0


def pip_install(
    request: PipInstallRequest, place: TargetEnvironment, services: Services, events: SyncEvents
) -> PipInstallOutcome:
    """Make the environment at *place* hold what *request* asks for.

    Raises:
        MauveError: it cannot be resolved, fetched, built or installed.
    """
    started = time.perf_counter()
    environment = place.environment
    target = _target(request, environment, services)
    if _may_be_satisfied(request):
        from mauve.operations.already_installed import is_already_installed

        if is_already_installed(request, environment, target, services):
            return PipInstallOutcome(number=len(request.asked.requirements), seconds=time.perf_counter() - started)
    return _resolve_and_install(request, place, target, services, events, started)


def _target(request: PipInstallRequest, environment: Environment, services: Services) -> Environment:
    """Return *environment* as if it had the Python and the platform that are asked for."""
    if request.platform is None and request.python_version is None:
        return environment
    from mauve.python.foreign import environment_of_version, environment_on

    target = environment_on(environment, request.platform, services.environment)
    return target if request.python_version is None else environment_of_version(target, request.python_version)


def _resolve_and_install(
    request: PipInstallRequest,
    place: TargetEnvironment,
    target: Environment,
    services: Services,
    events: SyncEvents,
    started: float,
) -> PipInstallOutcome:
    from mauve.operations.builds import SourceBuilds
    from mauve.operations.hash_checking import read_digests, restrict
    from mauve.operations.installed_versions import resolution_target
    from mauve.operations.specific import resolution_for_interpreter, solve_in_environment
    from mauve.operations.trusted_builds import Trust

    settings = request.settings
    interpreter = place.found.interpreter
    builds = SourceBuilds(services, settings, lambda: interpreter, events)
    needs = _needs(request, builds, services)
    builds = SourceBuilds(services, settings, lambda: interpreter, events, needs)
    if request.asked.lockfiles:
        resolution = _locked_resolution(request, target, services)
        return _install(request, request.installation, resolution, (), target, services, builds, events)
    manifest = _manifest(request, builds, services)
    trust = Trust()
    if request.require_hashes or request.verify_hashes:
        asked = (*manifest.requirements, *manifest.overrides)
        markers = target.interpreter.markers
        trust = read_digests(asked, manifest.constraints, markers, is_demanded=request.require_hashes)
    explicit = manifest.requirements[: request.asked.explicit]
    trees = frozenset(each.name for each in explicit if isinstance(each.source, FromDirectory))
    installation = _with_reinstalled(request.installation, trees)
    if trees:
        settings = structs.replace(settings, refresh=_with_refreshed(settings.refresh, trees))
        builds = SourceBuilds(services, settings, lambda: interpreter, events, needs)
    inventory = read_inventory(install_target(place.environment))
    known = resolution_target(
        inventory,
        target.interpreter,
        settings.upgrade,
        installation.reinstall,
        no_deps=request.no_deps,
        is_asked_for=request.python_version is not None,
    )
    graph = solve_in_environment(structs.replace(manifest, target=known), target, settings, services, builds, events)
    resolution = restrict(trust, resolution_for_interpreter(graph, target.interpreter, settings.options.build))
    events.resolved(len(resolution), time.perf_counter() - started)
    warnings = tuple([warning.text for warning in graph.warnings])
    return _install(request, installation, resolution, warnings, target, services, builds, events)


def _locked_resolution(request: PipInstallRequest, target: Environment, services: Services) -> Resolution:
    """Return what the lockfile that is asked for has for *target*."""
    from mauve.lock.pylock import parse_pylock, select_pylock
    from mauve.operations.requirement_sources import read_text

    (path,) = request.asked.lockfiles
    pylock = parse_pylock(read_text(path, services), path, services.discovery.shown(path))
    interpreter = target.interpreter
    selected = select_pylock(
        pylock,
        interpreter.markers,
        interpreter.tags,
        request.settings.options.build,
        extras=pylock.extras if request.all_extras else request.extras,
        groups=frozenset(request.asked.lockfile_groups) or pylock.default_groups,
    )
    if request.require_hashes:
        from mauve.operations.hash_checking import check_files

        check_files(selected)
    return selected


def _install(
    request: PipInstallRequest,
    installation: InstallationSettings,
    resolution: Resolution,
    warnings: tuple[str, ...],
    target: Environment,
    services: Services,
    builds: SourceBuilds,
    events: SyncEvents,
) -> PipInstallOutcome:
    """Make *target* hold *resolution*."""
    from mauve.operations.install import InstallRequest, install_resolution
    from mauve.operations.specific import check_wheels

    settings = request.settings
    check_wheels(resolution, settings.options.build)
    services.network(settings.indexes, keyring=settings.keyring)
    builds.match_runtime(resolution)
    install = install_resolution(
        InstallRequest(
            resolution=resolution,
            settings=installation,
            refresh=settings.refresh,
            keeps_extraneous=not request.exact,
            accepts_any_origin=True,
            dry_run=request.dry_run,
        ),
        target,
        services,
        builds,
        events,
    )
    if request.strict and not request.dry_run:
        from mauve.operations.pip_read import faults_around

        names = [each.name for each in resolution.distributions]
        warnings += tuple([fault.sentence for fault in faults_around(names, target, events.warning)])
    return PipInstallOutcome(number=len(resolution), install=install, warnings=warnings)


def _with_reinstalled(installation: InstallationSettings, trees: frozenset[PackageName]) -> InstallationSettings:
    """Return *installation* with *trees*, which were typed, put in anew: nobody else knows whether they changed."""
    if not trees or installation.reinstall.everything:
        return installation
    reinstall = Reinstall(packages=installation.reinstall.packages | trees)
    return structs.replace(installation, reinstall=reinstall)


def _with_refreshed(refresh: Refresh, trees: frozenset[PackageName]) -> Refresh:
    """Return *refresh* with *trees*: what they declare may have changed, too."""
    return structs.replace(refresh, packages=refresh.packages | trees)


# --- what is there already


def _may_be_satisfied(request: PipInstallRequest) -> bool:
    """Return whether a look at what is installed may end the run: nothing is to be new, or to go."""
    asked = request.asked
    return (
        request.installation.reinstall.is_none
        and request.settings.upgrade.is_none
        and not (asked.trees or asked.groups or asked.lockfiles or request.exact)
        and not any(map(_is_tree, asked.requirements[: asked.explicit]))
    )


def _is_tree(requested: Requested) -> bool:
    return isinstance(requested.source, FromDirectory)


# --- what is to be resolved


def _needs(request: PipInstallRequest, reader: SourceBuilds, services: Services) -> BuildNeeds:
    """Return what is added to builds: what bounds them, and extra requirements; *reader* finds names."""
    from mauve.operations.build_needs import BuildNeeds, ExtraNeed
    from mauve.project.lowering import plain_requirement

    bounds = (*request.asked.build_constraints, *request.build_constraints)
    return BuildNeeds(
        tuple([named_requirement(each, reader) for each in bounds]),
        {
            name: tuple(
                [
                    ExtraNeed(plain_requirement(each.requirement, services.directory), each.match_runtime)
                    for each in extra
                ]
            )
            for name, extra in request.settings.extra_build_requirements.items()
        },
    )


def _manifest(request: PipInstallRequest, builds: SourceBuilds, services: Services) -> Manifest:
    from mauve.operations.lock import static_metadata
    from mauve.project.lowering import plain_requirement
    from mauve.resolver.manifest import Manifest
    from mauve.standards.requires_python import RequiresPython

    asked, settings = request.asked, request.settings

    def named(*requested: Requested) -> tuple[SourcedRequirement, ...]:
        return tuple([named_requirement(each, builds) for each in requested])

    requirements = [*named(*asked.requirements)]
    project_name: PackageName | None = None
    for path in asked.trees:
        metadata, required = tree_requirements(path, request.extras, builds, all_extras=request.all_extras)
        requirements += required
        project_name = metadata.name if len(asked.trees) == 1 else None
    for group in asked.groups:
        requirements += group_requirements(group, builds)
    upgraded = [plain_requirement(each, services.directory) for each in settings.upgrade.constraints]
    excludes = [each.name for each in asked.excludes if each.name is not None]
    return Manifest(
        requires_python=RequiresPython(),
        requirements=tuple(requirements),
        constraints=(*named(*asked.constraints, *request.constraints), *upgraded),
        overrides=named(*asked.overrides, *request.overrides),
        excludes=(*excludes, *request.excludes),
        dependency_metadata=tuple([static_metadata(table) for table in settings.dependency_metadata]),
        indexes=settings.indexes,
        options=settings.options,
        project_name=project_name,
    )

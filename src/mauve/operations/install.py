"""Make an environment hold exactly a resolution: plan, prepare, uninstall, install, compile.

Used by `sync`, `run`, and for the environments in which sources are built.
"""

from __future__ import annotations

import os
import time
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from mauve.distributions.sources import RegistrySource
from mauve.installer.inventory import Inventory, read_inventory
from mauve.installer.plan import InstallPlan, PackageSelection, PlanPolicy, phases, plan_installation, seed_packages
from mauve.installer.store import PLAIN_BUILD
from mauve.installer.target import install_target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mauve.config.settings.installation import InstallationSettings
    from mauve.config.settings.resolution import Refresh
    from mauve.distributions.resolution import Resolution, ResolvedDistribution
    from mauve.filesystem.placing import Placement
    from mauve.installer.inventory import InstalledDistribution
    from mauve.installer.partner import Partners
    from mauve.installer.prepare import Builder
    from mauve.installer.target import InstallTarget
    from mauve.installer.uninstall import Uninstalled
    from mauve.installer.wheel import CachedWheel
    from mauve.operations.context import Services
    from mauve.operations.install_reporter import InstallationReporter
    from mauve.python.environment import Environment
    from mauve.standards.names import PackageName


class InstallRequest(Struct, frozen=True, kw_only=True):
    """What is wanted of an installation.

    Attributes:
        keeps_extraneous: `--inexact`.
        accepts_any_origin: as `pip install`.
        writes_metadata: INSTALLER, REQUESTED and records of the origin.
    """

    resolution: Resolution
    settings: InstallationSettings
    refresh: Refresh
    keeps_extraneous: bool = False
    accepts_any_origin: bool = False
    dry_run: bool = False
    writes_metadata: bool = True


class InstallOutcome(Struct, frozen=True, kw_only=True):
    """What was done, or in a dry run would be.

    Attributes:
        plan: what was decided.
        installed: the wheels that were installed; empty in a dry run.
        placements: what became of these wheels, if all were made of hard links.
        origins: what was recorded of those that were removed, by their folders.
        planning: seconds that the decision took.
    """

    plan: InstallPlan
    installed: tuple[CachedWheel, ...] = ()
    placements: tuple[Placement, ...] = ()
    origins: dict[str, bytes | None] = {}
    planning: float = 0.0


def _relocatable(target: InstallTarget) -> InstallTarget:
    """Return *target* as the environment wants scripts to be: findable by path, or from beside the interpreter."""
    from mauve.python.environment import read_configuration

    configuration = read_configuration(target.root)
    is_moved = configuration is not None and configuration.relocatable
    return structs.replace(target, relocatable=True) if is_moved else target


def _seeds(environment: Environment) -> frozenset[PackageName]:
    """Return the packages of *environment* that nobody requires and that stay."""
    from mauve.python.environment import read_configuration

    configuration = read_configuration(environment.root)
    return seed_packages(
        environment.interpreter.release[:2],
        is_made_by_uv=configuration is not None and configuration.is_ours,
        is_seeded=configuration is not None and configuration.seed,
    )


def install_resolution(
    request: InstallRequest,
    environment: Environment,
    services: Services,
    builder: Builder,
    reporter: InstallationReporter,
) -> InstallOutcome:
    """Make *environment* hold what *request* names; a plan without work returns before anything is opened.

    Raises:
        MauveError: something cannot be fetched, built, removed or installed.
    """
    from mauve.installer.cached import CachedWheels

    started = time.perf_counter()
    target = install_target(environment)
    stamps = _stamps(target)
    inventory = read_inventory(target)
    tags = environment.interpreter.tags
    states = services.source_states
    infos = {item.name: info for item in request.resolution if (info := builder.build_info(item.name)) != PLAIN_BUILD}

    def make_plan(inventory: Inventory) -> InstallPlan:
        return plan_installation(
            request.resolution,
            inventory,
            CachedWheels(services.wheels, states, tags, infos),
            states,
            tags,
            PlanPolicy(
                reinstall=PackageSelection(request.settings.reinstall.packages, request.settings.reinstall.everything),
                refresh=PackageSelection(
                    # What is put in again is made again, too.
                    request.refresh.packages | request.settings.reinstall.packages,
                    everything=request.refresh.everything or request.settings.reinstall.everything,
                ),
                renewed=_renewed(request, services),
                fetched=_fetched(request, services),
                keeps_extraneous=request.keeps_extraneous,
                accepts_any_origin=request.accepts_any_origin,
                preserved=_seeds(environment),
                build_infos=infos,
            ),
        )

    plan = make_plan(inventory)
    if plan.is_noop:
        if request.settings.compile_bytecode and not request.dry_run:
            _compile(target, request, services, reporter)
        elif not request.dry_run:
            reporter.checked(len(request.resolution), time.perf_counter() - started)
        return InstallOutcome(plan=plan, planning=time.perf_counter() - started)
    if request.dry_run:
        return InstallOutcome(plan=plan, planning=time.perf_counter() - started)
    with environment_lock(environment):
        if _stamps(target) != stamps:
            # Another process was at work between the plan and the lock.
            inventory = read_inventory(target)
            plan = make_plan(inventory)
        # What is built in the environment itself may need what the first phase installs.
        done = [
            _carry_out(phase, inventory, target, request, services, builder, reporter)
            for phase in phases(plan, builder.is_isolated)
        ]
        outcome = InstallOutcome(
            plan=plan,
            installed=tuple(sorted([wheel for part in done for wheel in part.installed], key=lambda each: each.name)),
            placements=tuple([placement for part in done for placement in part.placements]),
            origins={path: origin for part in done for path, origin in part.origins.items()},
        )
        _compile(target, request, services, reporter)
        return outcome


def _renewed(request: InstallRequest, services: Services) -> frozenset[PackageName]:
    """Return what was built in this run, if it matters."""
    if request.refresh.is_none and request.settings.reinstall.is_none:
        return frozenset()
    from mauve.installer.cached import build_origin

    return frozenset([each.name for each in request.resolution if services.wheels.is_new(build_origin(each))])


def _fetched(request: InstallRequest, services: Services) -> frozenset[PackageName]:
    """Return the wheels that were read in this run and did not have to be: no lock wanted their digests."""
    if not request.accepts_any_origin:
        return frozenset()
    from mauve.installer.cached import sha256_of

    digests = {
        each.name: sha256_of(each.wheels[0].file.hashes)
        for each in request.resolution
        if each.wheels and not isinstance(each.source, RegistrySource)
    }
    is_new = services.wheels.is_unpacked_now
    return frozenset([name for name, digest in digests.items() if digest is not None and is_new(digest)])


def _compile(
    target: InstallTarget, request: InstallRequest, services: Services, reporter: InstallationReporter
) -> None:
    """Compile every module of the environment if that was asked for."""
    if not request.settings.compile_bytecode:
        return
    from mauve.installer.bytecode import compile_bytecode, find_modules

    started = time.perf_counter()
    modules = list(find_modules(target))
    compile_bytecode(
        target.python,
        modules,
        workers=services.settings.concurrency.installs,
        timeout=services.bytecode_timeout,
        environment=services.environment,
    )
    reporter.compiled(len(modules), time.perf_counter() - started)


def _stamps(target: InstallTarget) -> tuple[int, ...]:
    """Return what changes whenever a distribution comes or goes."""
    found: list[int] = []
    for folder in target.libraries:
        try:
            status = os.stat(folder)
        except OSError:
            found.append(0)
        else:
            found += (status.st_ino, status.st_mtime_ns)
    return tuple(found)


@contextmanager
def environment_lock(environment: Environment) -> Iterator[None]:
    """Hold the environment's lock; one that cannot be had in time is not fatal, as in uv."""
    from mauve.filesystem.locks import LockTimeout, file_lock

    with ExitStack() as stack:
        with suppress(LockTimeout, PermissionError):
            stack.enter_context(file_lock(environment.lock_path, timeout=300.0))
        yield


def _carry_out(
    plan: InstallPlan,
    inventory: Inventory,
    target: InstallTarget,
    request: InstallRequest,
    services: Services,
    builder: Builder,
    reporter: InstallationReporter,
) -> InstallOutcome:
    from mauve.installer.changes import install_all, take_back_partial, uninstall_all
    from mauve.installer.links import DEFAULT_MODE, HARDLINK_WARNING, Linker, LinkMode
    from mauve.installer.wheel import MetadataPolicy

    built = [wheel for wheel in (*plan.cached, *[remote.known for remote in plan.remote]) if wheel and wheel.build_info]
    if built:
        chosen = {distribution.name: distribution for distribution in request.resolution}
        for wheel in built:
            builder.check(chosen[wheel.name], wheel)
    with ExitStack() as stack:
        partners: Partners | None = None
        prepared: tuple[CachedWheel, ...] = ()
        if plan.remote:
            started = time.perf_counter()
            sizes = [remote.wheel.file.size for remote in plan.remote if remote.wheel is not None]
            partners = stack.enter_context(services.partners(sizes))
            prepared = services.prepare(plan.remote, builder, reporter.preparing(len(plan.remote)), partners)
            isolated = not plan.is_shared
            reporter.prepared(len(plan.remote), time.perf_counter() - started, isolated=isolated)
        take_back_partial(inventory, target)
        steps = _Steps(reporter)
        removals = (*plan.extraneous, *plan.reinstalls)
        origins = {item.path: item.direct_url for item in removals}
        if removals:
            started = time.perf_counter()
            uninstall_all(removals, target, steps)
            reporter.uninstalled_all(len(removals), time.perf_counter() - started)
        wheels = sorted((*plan.cached, *prepared), key=lambda wheel: wheel.name)
        placements: tuple[Placement, ...] = ()
        if wheels:
            started = time.perf_counter()
            mode = LinkMode(request.settings.link_mode) if request.settings.link_mode else DEFAULT_MODE
            linker = Linker(mode, lambda: reporter.warning(HARDLINK_WARNING))
            reporter.installing(len(wheels))
            placed = install_all(
                wheels,
                _relocatable(target),
                linker,
                policy=MetadataPolicy(
                    is_written=request.writes_metadata and services.writes_installer_metadata,
                    checks_filename=services.checks_wheel_filenames,
                ),
                reporter=steps,
                restore=_Restorer(request.resolution, services, builder, reporter).restore,
                partners=partners,
            )
            if linker.mode is LinkMode.HARDLINK:
                placements = tuple(placed)
            reporter.installed_all(len(wheels), time.perf_counter() - started)
        return InstallOutcome(plan=plan, installed=tuple(wheels), placements=placements, origins=origins)


class _Steps:
    """Passes the installer's steps on."""

    def __init__(self, reporter: InstallationReporter) -> None:
        self._reporter = reporter

    def uninstalled(self, installed: InstalledDistribution, removal: Uninstalled) -> None:
        for path in removal.skipped:
            self._reporter.warning(
                f"Invalid `RECORD` entry in `{installed.name}=={installed.version}` that escapes the Python "
                f"environment, skipping: {path}"
            )

    def installed(self, wheel: CachedWheel) -> None:
        for script in wheel.activation_scripts:
            self._reporter.warning(
                f"The script name `{script}` is reserved for virtual environment activation scripts."
            )
        self._reporter.installed_one(f"{wheel.name}=={wheel.version}")


class _Restorer:
    """Gets a wheel again whose cache entry was damaged."""

    def __init__(
        self, resolution: Resolution, services: Services, builder: Builder, reporter: InstallationReporter
    ) -> None:
        self._by_name: dict[PackageName, ResolvedDistribution] = {item.name: item for item in resolution}
        self._services = services
        self._builder = builder
        self._reporter = reporter

    def restore(self, wheel: CachedWheel) -> CachedWheel:
        from mauve.installer.plan import RemoteDistribution

        distribution = self._by_name[wheel.name]
        self._services.discard(wheel)
        remote = RemoteDistribution(distribution, distribution.wheels[0] if distribution.wheels else None)
        return self._services.prepare((remote,), self._builder, self._reporter.preparing(1))[0]

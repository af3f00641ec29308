"""Lock a project: judge the lockfile, resolve if need be, write."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from msgspec import Struct, structs

from mauve.enumerations import Enum
from mauve.errors import MauveError
from mauve.lock.model import Lock
from mauve.operations.context import Resolved
from mauve.operations.lockfile import parse_cached_lock, read_lock_text, write_lock
from mauve.project.lowering import SourcePolicy
from mauve.project.manifest import ManifestValues, assemble_manifest
from mauve.resolver.manifest import Manifest, StaticMetadata, told_metadata, told_tree
from mauve.standards.names import PackageName, extra_name, package_name
from mauve.standards.versions import parse_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mauve.config.settings.resolution import ResolutionSettings, Upgrade
    from mauve.config.tables import DependencyMetadataTable
    from mauve.lock.model import LockedPackage
    from mauve.operations.builds import SourceBuilds
    from mauve.operations.context import Services
    from mauve.operations.lock_errors import OutdatedLock
    from mauve.operations.reporter import LockEvents
    from mauve.project.workspace import Workspace
    from mauve.python.interpreter import Interpreter
    from mauve.resolver.graph import ResolutionGraph
    from mauve.resolver.manifest import BuildPolicy
    from mauve.resolver.preferences import Preferences
    from mauve.resolver.source import DirectDistribution, DistributionMetadata
    from mauve.standards.requires_python import RequiresPython
    from mauve.standards.versions import Version

LOCKFILE = "uv.lock"


class LockMode(Enum):
    """What may happen to the lockfile."""

    WRITE = "write"
    DRY_RUN = "dry-run"
    LOCKED = "locked"
    FROZEN = "frozen"


class LockRequest(Struct, frozen=True, kw_only=True):
    """How a project is to be locked.

    Attributes:
        option: the flag that set the mode, as the user typed it, for messages.
        requires_python: to lock for.
        rechecks: a refresh is reason enough to resolve again; otherwise it only concerns what is asked for.
        postpones: a lock that may not change, and would, is refused by the outcome and not at once.
    """

    mode: LockMode
    option: str
    settings: ResolutionSettings
    requires_python: RequiresPython
    rechecks: bool = False
    postpones: bool = False


class LockOutcome(Struct, frozen=True, kw_only=True):
    """The lock of a project.

    Attributes:
        lock: as it is now, or in a dry run would be.
        previous: as it was; None if there was none that could be used.
        changed: whether the text is (or would be) another.
        refusal: what to end with, if the lock was not to change and it was asked to postpone that.
    """

    lock: Lock
    previous: Lock | None
    changed: bool
    refusal: OutdatedLock | None = None
    manifest: Manifest | None = None
    warnings: tuple[str, ...] = ()


class LockTarget(Struct, frozen=True, kw_only=True):
    """What a lockfile belongs to.

    Attributes:
        path: of the lockfile.
        root: what its relative paths start from.
        shown: how messages call a file that is missing.
        outdated: how messages call a file that is outdated.
        members: that a lock which may not change must know.
    """

    path: str
    root: str
    shown: str
    outdated: str
    members: tuple[PackageName, ...] = ()


@contextmanager
def failing_on(interpreter: Interpreter) -> Iterator[None]:
    """Let a resolution without a solution know which *interpreter* is active."""
    try:
        yield
    except MauveError as failure:
        from mauve.resolver.errors import NoSolution

        if isinstance(failure, NoSolution):
            failure.current = interpreter.markers
        raise


def lock_project(
    workspace: Workspace, request: LockRequest, services: Services, builds: SourceBuilds, events: LockEvents
) -> LockOutcome:
    """Return the lock of *workspace*; in the mode WRITE the file has the same content afterwards.

    Raises:
        MissingLock, OutdatedLock: the mode forbids what would be needed.
        MauveError: the project, the lockfile or the resolution is at fault.
    """
    values = manifest_values(request, services, builds)
    return lock_target(
        workspace_target(workspace),
        lambda needs_versions: assemble_manifest(workspace, structs.replace(values, needs_versions=needs_versions)),
        request,
        services,
        builds,
        events,
    )


def workspace_target(workspace: Workspace) -> LockTarget:
    """Return what the lockfile of *workspace* belongs to. Its name is told without its folder, wherever one stands."""
    return LockTarget(
        path=workspace.lock_path,
        root=workspace.root,
        shown=LOCKFILE,
        outdated=LOCKFILE,
        members=tuple(workspace.members),
    )


def read_frozen(target: LockTarget, option: str, services: Services) -> Lock:
    """Return the lock as it is in the file, for which no interpreter is needed; *option* forbids to change it.

    Raises:
        MissingLock: there is none.
        MissingMember: it does not know a member.
        MauveError: it cannot be read.
    """
    text = read_lock_text(target.path)
    if text is None:
        from mauve.operations.lock_errors import MissingLock

        raise MissingLock(target.shown, option)
    lock = parse_cached_lock(text, target.shown, services)
    names = {package.name for package in lock.packages}
    for name in target.members:
        if name not in names:
            from mauve.operations.lock_errors import MissingMember

            raise MissingMember(target.shown, option, name)
    return lock


def lock_target(
    target: LockTarget,
    assemble: Callable[[bool], Manifest],
    request: LockRequest,
    services: Services,
    builds: SourceBuilds,
    events: LockEvents,
) -> LockOutcome:
    """Return the lock of *target*, whose manifest *assemble* gives; as `lock_project`.

    *assemble* is told whether dynamic versions of members have to be known: only to resolve, not to judge a lock.
    """
    path, shown = target.path, target.shown
    if request.mode is LockMode.FROZEN:
        lock = read_frozen(target, request.option, services)
        return LockOutcome(lock=lock, previous=lock, changed=False)
    text = read_lock_text(path)
    if text is None and request.mode is LockMode.LOCKED:
        from mauve.operations.lock_errors import MissingLock

        raise MissingLock(shown, request.option)
    checks_format = text is not None and services.settings.previews("lockfile-format-check")
    if checks_format and request.mode is LockMode.LOCKED:
        _check_format(text or "", target, request.option)
    started = time.perf_counter()
    previous = None if text is None else parse_cached_lock(text, shown, services)
    manifest = assemble(True) if previous is None else _judged(assemble, previous, target, request)
    builds.check_trust()
    if request.settings.indexes.flat_indexes:
        from mauve.index.flat import check_folders

        check_folders(request.settings.indexes)
    _tell_of_previews(manifest, services, events)
    updated = update_lock(
        manifest,
        previous,
        target.root,
        request,
        services,
        builds,
        events,
        complete=lambda: manifest if previous is None else assemble(True),
    )
    lock, warnings = updated.lock, updated.warnings
    changed = previous is None or lock is not previous
    events.resolved(len(lock.packages), time.perf_counter() - started)
    for warning in warnings:
        events.warning(warning)
    refusal = None
    if changed and request.mode is LockMode.LOCKED:
        from mauve.operations.lock_errors import OutdatedLock

        refusal = OutdatedLock(target.outdated, request.option)
        if not request.postpones:
            raise refusal
    if request.mode is LockMode.WRITE and (changed or (checks_format and updated.was_resolved)):
        write_lock(lock, path, services, text)
    return LockOutcome(
        lock=lock, previous=previous, changed=changed, refusal=refusal, manifest=manifest, warnings=warnings
    )


def _judged(assemble: Callable[[bool], Manifest], previous: Lock, target: LockTarget, request: LockRequest) -> Manifest:
    """Return the manifest that *previous* is compared with.

    Where members came or went, there is nothing to compare.

    Raises:
        MetadataUnavailable: what a package declares today cannot be had.
    """
    try:
        return assemble(False)
    except MauveError as error:
        from mauve.build.failures import BuildFailed
        from mauve.project.lowering import FailedProject

        if not isinstance(error, BuildFailed | FailedProject):
            raise
        locked = next((package for package in previous.packages if package.name == error.name), None)
        members = previous.manifest.members or target.members[:1]
        if locked is None or set(members) != set(target.members or members):
            raise
        _give_up(locked, error, request.settings.options.build)


def _give_up(package: LockedPackage, error: MauveError, build: BuildPolicy) -> NoReturn:
    """Say that what *package* declares cannot be had for *error*, or that it may not be built."""
    from mauve.lock.model import SourceKind
    from mauve.operations.build_errors import BuildsDisabled

    if isinstance(error.__cause__, BuildsDisabled) and package.source.kind is not SourceKind.VIRTUAL:
        from mauve.lock.distributions import refused_build

        raise refused_build(package, build) from None
    from mauve.operations.lock_errors import MetadataUnavailable

    raise MetadataUnavailable(str(package), error) from error.__cause__


def _tell_of_previews(manifest: Manifest, services: Services, events: LockEvents) -> None:
    """Warn of declarations whose meaning may still change."""
    if any(item.extra is None and item.group is None for group in manifest.conflicts.sets for item in group.items):
        _tell_of_preview("package-conflicts", "Declaring conflicts for packages (`package = ...`)", services, events)
    if manifest.options.minimum_libc:
        _tell_of_preview("minimum-libc-version", "Setting `minimum-libc-version`", services, events)


def _tell_of_preview(feature: str, what: str, services: Services, events: LockEvents) -> None:
    if not services.settings.previews(feature):
        events.warning(
            f"{what} is experimental and may change without warning. Pass `--preview-features {feature}` to disable "
            "this warning."
        )


def _check_format(text: str, target: LockTarget, option: str) -> None:
    from mauve.lock.formatting import first_misformatted_line

    line = first_misformatted_line(text)
    if line is not None:
        from mauve.operations.lock_errors import NonCanonicalLock

        raise NonCanonicalLock(target.outdated, line, option)


def manifest_values(request: LockRequest, services: Services, builds: SourceBuilds) -> ManifestValues:
    """Return what settings contribute to the manifest of a project."""
    settings = request.settings
    return ManifestValues(
        requires_python=request.requires_python,
        build_metadata=builds.member_metadata,
        indexes=settings.indexes,
        options=settings.options,
        dependency_metadata=tuple(static_metadata(table) for table in settings.dependency_metadata),
        sources=SourcePolicy(settings.sources.disabled, settings.sources.disabled_packages),
        typed_indexes=settings.indexes.typed,
        configured_names=settings.indexes.configured_names,
        variables=services.reference_variables,
    )


def static_metadata(table: DependencyMetadataTable) -> StaticMetadata:
    """Return what `[[dependency-metadata]]` says about a package.

    Raises:
        MauveError: a requirement or version in it cannot be read.
    """
    from mauve.project.lowering import plain_requirement
    from mauve.resolver.source import DistributionMetadata
    from mauve.standards.requirements import parse_requirement

    name = package_name(table.name)
    version = None if table.version is None else parse_version(table.version)
    metadata = DistributionMetadata(
        name=name,
        version=version or parse_version("0"),
        requires_dist=tuple(plain_requirement(parse_requirement(text), "") for text in table.requires_dist),
        requires_python=table.requires_python,
        provides_extras=tuple(extra_name(extra) for extra in (*table.provides_extra, *table.provides_extras)),
    )
    return StaticMetadata(name, version, metadata)


class UpdatedLock(Struct, frozen=True, kw_only=True):
    """What a lock should be.

    Attributes:
        lock: the old one itself if that still holds, or if resolving again gave an equal one.
        was_resolved: whether it was resolved again.
    """

    lock: Lock
    warnings: tuple[str, ...] = ()
    was_resolved: bool = True


def update_lock(
    manifest: Manifest,
    previous: Lock | None,
    root: str,
    request: LockRequest,
    services: Services,
    builds: SourceBuilds,
    events: LockEvents,
    complete: Callable[[], Manifest],
) -> UpdatedLock:
    """Return the lock for *manifest*, which is *previous* itself if that still holds, and warnings about it.

    *complete* gives the manifest with all versions, to resolve with.
    """
    from mauve.resolver.preferences import Preferences

    preferences = Preferences()
    keeps_metadata = not services.settings.previews("lock-without-metadata")
    check_groups(request.settings.upgrade, manifest)
    if previous is not None:
        from mauve.lock.freshness import Satisfied, judge
        from mauve.lock.preferences import preferences_from

        try:
            verdict = judge(
                previous,
                manifest,
                root,
                declared=_Declared(manifest, root, services, builds),
                upgrade=request.settings.upgrade,
                refresh=request.rechecks and not request.settings.refresh.is_none,
                indexes=_index_locations(manifest),
                needs_metadata=keeps_metadata,
            )
        except _RefusedWheel as refused:
            events.warning(f"Failed to validate existing lockfile\n  cause: {refused.__cause__}")
            previous, verdict = None, None
    if previous is not None and verdict is not None:
        if isinstance(verdict, Satisfied):
            events.debug("Existing `uv.lock` satisfies workspace requirements")
            return UpdatedLock(lock=previous, was_resolved=False)
        reason = verdict.reason
        (events.warning if reason.warning else events.note if reason.shown else events.debug)(reason.text)
        preferences = preferences_from(previous, verdict, root, request.settings.upgrade)
        if preferences.git_pins:
            for pin in preferences.git_pins:
                builds.direct.repositories.prefer(pin.url, pin.reference, pin.commit)
    manifest = complete()
    if previous is not None:
        preferences = structs.replace(preferences, former=_former_versions(previous, manifest))
    bounded = _bounded(manifest, request.settings, root, services)
    graph = None
    if services.resolved is not None and request.settings.upgrade.is_none:
        from mauve.resolver.narrowing import narrowed_graph

        graph = narrowed_graph(services.resolved.graph, services.resolved.manifest, bounded)
    if graph is None:
        graph = resolve_manifest(bounded, preferences, request.settings, services, builds, events)
    services.resolved = Resolved(bounded, graph)
    from mauve.lock.from_resolution import lock_resolution, without_absent_cutoffs

    lock = lock_resolution(graph, manifest, root, keeps_metadata=keeps_metadata)
    if services.settings.previews("missing-exclude-newer-package-lock"):
        lock = without_absent_cutoffs(lock)
    warnings = tuple(warning.text for warning in graph.warnings)
    return UpdatedLock(lock=previous if lock == previous and previous is not None else lock, warnings=warnings)


def _bounded(manifest: Manifest, settings: ResolutionSettings, root: str, services: Services) -> Manifest:
    """Return *manifest* with the constraints of this run only, of which the lock does not tell."""
    constraints = settings.constraints
    if settings.upgrade.constraints:
        from mauve.project.lowering import plain_requirement

        variables = services.reference_variables
        constraints += tuple([plain_requirement(each, root, variables) for each in settings.upgrade.constraints])
    return structs.replace(manifest, constraints=manifest.constraints + constraints) if constraints else manifest


class _RefusedWheel(Exception):
    """A lock has a wheel at a URL or path that is refused now; it is as if there were no lock."""


class _Declared:
    """What packages of an old lock that are no members declare today."""

    def __init__(self, manifest: Manifest, root: str, services: Services, builds: SourceBuilds) -> None:
        self._told = manifest.dependency_metadata
        self._build = manifest.options.build
        self._root = root
        self._services = services
        self._builds = builds

    def __call__(self, package: LockedPackage) -> DistributionMetadata | None:
        from mauve.build.failures import BuildFailed
        from mauve.metadata.archives import NonStandardFormat

        try:
            return self._declared(package)
        except BuildFailed as error:
            _give_up(package, error, self._build)
        except NonStandardFormat:
            from mauve.lock.selection_errors import NonStandardArchive

            raise NonStandardArchive(package) from None

    def _declared(self, package: LockedPackage) -> DistributionMetadata | None:
        from mauve.distributions.sources import FromDirectory, FromPath, FromUrl
        from mauve.lock.distributions import refused_build
        from mauve.lock.model import SourceKind
        from mauve.lock.requirements import absolute_path

        source = package.source
        offline = self._services.settings.network.offline
        if not (offline and source.kind is SourceKind.URL):
            if package.wheels:
                self._check_wheel(package)
            elif source.kind in (SourceKind.URL, SourceKind.PATH) and self._build.forbids_build(package.name):
                raise refused_build(package, self._build)
        read = self._builds.direct.read
        path = absolute_path(source.location, self._root)
        match source.kind:
            case SourceKind.URL:
                if offline:
                    return None
                found = read(package.name, FromUrl(source.location, source.subdirectory))
                _check_digest(package, found)
                return self._replaced(found)
            case SourceKind.PATH:
                return self._replaced(read(package.name, FromPath(path, path)))
            case SourceKind.DIRECTORY | SourceKind.EDITABLE | SourceKind.VIRTUAL:
                editable = source.kind is SourceKind.EDITABLE
                told = told_tree(self._told, package.name)
                return told or self._builds.direct.declared(package.name, FromDirectory(path, path, editable=editable))
            case _:
                return None

    def _check_wheel(self, package: LockedPackage) -> None:
        """Raise if the wheel that *package* consists of is refused; if nothing may be built either, that is the end."""
        from mauve.lock.distributions import refused_wheels

        refused = refused_wheels(package, self._build)
        if refused is None:
            return
        if self._build.forbids_build(package.name):
            raise refused
        raise _RefusedWheel from refused

    def _replaced(self, found: DirectDistribution) -> DistributionMetadata:
        read = found.metadata
        return (found.wheel and told_metadata(self._told, read.name, read.version)) or read


def _check_digest(package: LockedPackage, found: DirectDistribution) -> None:
    """Raise `MetadataUnavailable` if a URL does not lead to the source distribution that is locked."""
    from mauve.installer.prepare import UnexpectedHash
    from mauve.standards.hashes import HashDigest

    if package.sdist is None or package.sdist.hash is None or not found.hashes:
        return
    expected = HashDigest.parse(package.sdist.hash)
    if any(digest.algorithm is expected.algorithm and digest != expected for digest in found.hashes):
        from mauve.operations.lock_errors import MetadataUnavailable

        display = f"{package.name} @ {package.source.location}"
        raise MetadataUnavailable(str(package)) from UnexpectedHash(display, (expected,), found.hashes)


def check_groups(asked: Upgrade, manifest: Manifest) -> None:
    """Raise `UnknownGroup` if nobody declares a group that is to be upgraded."""
    owners = [manifest.groups, *(member.metadata.groups for member in manifest.members)]
    for group in sorted(asked.groups):
        if not any(group in groups for groups in owners):
            from mauve.operations.lock_errors import UnknownGroup

            raise UnknownGroup(group, is_alone=all(member.is_root for member in manifest.members))


def _former_versions(previous: Lock, manifest: Manifest) -> tuple[tuple[PackageName, Version], ...]:
    """Return the versions that *previous* found on the one index that is searched now.

    With several indexes a name may be pinned to one of them, and must not be asked of another.
    """
    from mauve.lock.model import SourceKind
    from mauve.network.urls import split_credentials

    searched = [index for index in manifest.indexes.indexes if not index.explicit]
    if len(searched) != 1 or manifest.indexes.no_index or "://" not in searched[0].url:
        return ()
    location = split_credentials(searched[0].url)[0].rstrip("/")
    return tuple(
        (package.name, parse_version(package.version))
        for package in previous.packages
        if package.source.kind is SourceKind.REGISTRY
        and package.version is not None
        and package.source.location.rstrip("/") == location
    )


def _index_locations(manifest: Manifest) -> frozenset[str] | None:
    """Return the locations of all indexes that may be asked, without credentials; None while the user named none."""
    locations = manifest.indexes
    if not locations.is_configured and len(locations.indexes) <= 1:
        return None
    from mauve.network.urls import split_credentials

    indexes = locations.flat_indexes if locations.no_index else (*locations.indexes, *locations.flat_indexes)
    return frozenset(split_credentials(index.url)[0] for index in indexes)


def resolve_manifest(
    manifest: Manifest,
    preferences: Preferences,
    settings: ResolutionSettings,
    services: Services,
    builds: SourceBuilds,
    events: LockEvents,
) -> ResolutionGraph:
    """Resolve with the network at hand, and say at `-v` what the waiting was for.

    The listings of what an earlier lock had are asked for at once: it is likely to be needed again, and the resolver
    comes to know its names only one wave of answers after the other. A stored page that turns out to be damaged is
    gone by then, so the index is asked in another go.
    """
    from mauve.index.listing import DamagedListing
    from mauve.resolver.universal import resolve

    damaged: set[str] = set()
    while True:
        source = services.metadata_source(
            structs.replace(settings, indexes=manifest.indexes), builder=builds, direct=lambda: builds.direct
        )
        try:
            with events.resolving() as reporter:
                source.prefetch_versions([(name, None) for name, _ in preferences.former])
                graph = resolve(manifest, source, preferences, reporter)
        except DamagedListing as error:
            if error.path in damaged:
                raise  # it could not be removed
            damaged.add(error.path)
            continue
        events.debug(f"Network: {services.statistics}")
        return graph

"""Build sources with what this program has itself: its resolver and installer fill the build environments.

Specification: PEP 517, PEP 660.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import structs

from mauve.cache.layout import CacheBucket
from mauve.config.environment import EnvVar, Variables
from mauve.distributions.sources import (
    DirectorySource,
    EditableSource,
    FromGit,
    GitSource,
    PathSource,
    RegistrySource,
    UrlSource,
    VirtualSource,
)
from mauve.errors import ExitStatus, MauveError
from mauve.operations.build_needs import NO_NEEDS, build_record, show_requirement

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.build.frontend import Builder
    from mauve.build.isolation import BuildIsolation
    from mauve.build.source_tree import SourceTree
    from mauve.config.settings.resolution import ResolutionSettings
    from mauve.distributions.resolution import Resolution, ResolvedDistribution
    from mauve.installer.prepare import BuiltWheel
    from mauve.installer.wheel import CachedWheel
    from mauve.lock.model import Lock
    from mauve.metadata.direct import DirectReader
    from mauve.operations.build_needs import BuildNeeds
    from mauve.operations.built_wheels import BuiltOf, WheelKeeper
    from mauve.operations.context import Services
    from mauve.operations.reporter import LockEvents
    from mauve.operations.tree_records import TreeState
    from mauve.operations.trusted_builds import Trust
    from mauve.python.environment import Environment
    from mauve.python.interpreter import Interpreter
    from mauve.resolver.source import MetadataSource
    from mauve.standards.markers.environment import MarkerEnvironment
    from mauve.standards.metadata import CoreMetadata
    from mauve.standards.names import PackageName
    from mauve.standards.requirements import Requirement
    from mauve.standards.versions import Version


class SourceBuilds:
    """Makes metadata and wheels of sources; one for a run.

    Implements `mauve.build.isolation.BuildEnvironments`, `mauve.installer.prepare.Builder` and
    `mauve.metadata.sdist_metadata.SdistBuilder`.
    """

    def __init__(
        self,
        services: Services,
        settings: ResolutionSettings,
        interpreter: Callable[[], Interpreter],
        events: LockEvents,
        needs: BuildNeeds = NO_NEEDS,
    ) -> None:
        """Build for the interpreter that *interpreter* returns, which is asked when something has to be built.

        *needs* are what the user adds to builds.
        """
        self._services = services
        self._needs = needs
        self._settings = settings
        self._interpreter = interpreter
        self._events = events
        self._outputs: list[str] = []
        self._lock: tuple[Lock, MarkerEnvironment] | None = None

    def close(self) -> None:
        """Remove the wheels that were built; the cache has them unpacked."""
        for folder in self._outputs:
            self._remove(folder)
        self._outputs.clear()

    @cached_property
    def _builder(self) -> Builder:
        variables = Variables(self._services.environment)
        return self.builder(show_output=not variables.boolean(EnvVar.HIDE_BUILD_OUTPUT))

    def builder(
        self, *, show_output: bool, log: Callable[[str], None] | None = None, uses_native: bool = True
    ) -> Builder:
        """Return what builds source trees; the arguments are as for `Builder`."""
        from mauve.build.frontend import Builder
        from mauve.build.settings import ConfigSettings

        settings = self._settings
        self._services.cache.initialise()
        return Builder(
            environments=self,
            interpreter=self._interpreter(),
            directory=self._services.cache.path(CacheBucket.BUILDS),
            variables=self._services.environment,
            tool=os.path.abspath(sys.argv[0]),
            isolation=self._isolation(),
            settings=ConfigSettings(settings.config_settings, settings.config_settings_packages),
            extra_variables=settings.extra_build_variables,
            extended=frozenset(self._needs.extras),
            show_output=show_output,
            log=log,
            uses_native=uses_native,
            uses_sources=not settings.sources.disabled,
            warn=self._events.warning,
        )

    def _isolation(self) -> BuildIsolation:
        from mauve.build.isolation import ISOLATED, BuildIsolation
        from mauve.python.environment import Environment

        said = self._settings.isolation
        if said.everything and not said.shared_packages:
            return ISOLATED
        interpreter = self._interpreter()
        shared = Environment(interpreter.prefix, interpreter)
        return BuildIsolation(shared, said.shared_packages if said.everything else None)

    def expect(self, lock: Lock, environment: MarkerEnvironment) -> None:
        """From now on, refuse wheels that contradict *lock* in *environment*."""
        self._lock = lock, environment

    def match_runtime(self, resolution: Resolution) -> None:
        """From now on, build for an environment that gets *resolution*.

        Raises:
            MauveError: an extra build requirement must match what it does not have.
        """
        self._needs = self._needs.matching(resolution)

    @cached_property
    def _trust(self) -> Trust:
        from mauve.operations.trusted_builds import Trust, read_trust

        constraints, is_demanded = self._needs.constraints, self._settings.require_build_hashes
        if not is_demanded and not any(constraint.hashes for constraint in constraints):
            return Trust()
        return read_trust(constraints, self._interpreter().markers, is_demanded=is_demanded)

    def check_trust(self) -> None:
        """Refuse constraints that cannot do what is demanded of them.

        Raises:
            UnpinnedConstraint: digests are demanded, and one of them names several versions.
        """
        if self._settings.require_build_hashes:
            self._trust.extended(())

    def is_isolated(self, name: PackageName) -> bool:
        """Return whether *name* is built in an environment of its own."""
        said = self._settings.isolation
        return said.everything and name not in said.shared_packages

    def build_info(self, name: PackageName) -> bytes:
        """Return the content of `uv_build.json` for a wheel of *name* that is built now."""
        return build_record(name, self._needs, self._settings)

    @cached_property
    def _source(self) -> MetadataSource:
        return self._services.metadata_source(self._settings, builder=self, direct=lambda: self.direct)

    @cached_property
    def _keeper(self) -> WheelKeeper:
        from mauve.operations.built_wheels import WheelKeeper

        return WheelKeeper(self._services.wheels, self._services.source_states)

    @cached_property
    def direct(self) -> DirectReader:
        """Return the reader of what is not on an index."""
        from mauve.metadata.archives import ArchiveReader
        from mauve.metadata.direct import DirectReader
        from mauve.metadata.trees import TreeReader
        from mauve.project.lowering import SourcePolicy

        services, settings = self._services, self._settings
        use = services.cache_use(settings.refresh)
        sources = settings.sources
        return DirectReader(
            TreeReader(
                self,
                policy=SourcePolicy(sources.disabled, sources.disabled_packages),
                typed_indexes=settings.indexes.typed,
                configured_names=settings.indexes.configured_names,
                variables=services.reference_variables,
            ),
            ArchiveReader(
                cache=services.cache,
                network=services.network(settings.indexes, keyring=settings.keyring),
                builder=self,
                state=services.source_states.state,
                must_refresh=use.must_refresh,
                keeper=self._keeper,
                kept=services.kept_records,
            ),
            services.repositories(self._events),
        )

    # --- metadata

    def build_metadata(self, archive: str, name: PackageName, version: Version) -> bytes:
        """Return the METADATA of the source in *archive*, which an index has."""
        from mauve.build.source_tree import SourceTree

        tree = SourceTree(root=archive, shown=f"{name}=={version}", name=name, version=str(version), is_remote=True)
        return self._unpacked_metadata(archive, tree, None)

    def archive_metadata(self, archive: str, tree: SourceTree, subdirectory: str | None) -> CoreMetadata:
        """Return the metadata of the source in *archive*; *tree* tells what is known of it."""
        from mauve.standards.metadata import parse_metadata

        return parse_metadata(self._unpacked_metadata(archive, tree, subdirectory))

    def _unpacked_metadata(self, archive: str, tree: SourceTree, subdirectory: str | None) -> bytes:
        shown = tree.shown or archive
        self._check_allowed(tree.name, shown)
        folder = self._services.cache.scratch()
        try:
            origin = self._archive_origin(archive, subdirectory, is_remote=tree.is_remote)
            root = self._unpack(archive, folder, tree, subdirectory)
            metadata = self._announced_metadata(structs.replace(tree, root=root), shown, origin)
        finally:
            self._remove(folder)
        return metadata

    def _archive_origin(self, archive: str, subdirectory: str | None, *, is_remote: bool) -> BuiltOf:
        from mauve.installer.cached import archive_origin, source_origin
        from mauve.operations.built_wheels import BuiltOf

        if not is_remote:
            return BuiltOf(source_origin(PathSource(archive)), self._services.source_states.state(archive))
        from hashlib import file_digest

        with open(archive, "rb") as file:
            return BuiltOf(archive_origin(file_digest(file, "sha256").hexdigest(), subdirectory))

    def _announced_metadata(self, tree: SourceTree, shown: str, origin: BuiltOf | None) -> bytes:
        """Return the METADATA of *tree*; only the build of a whole wheel is worth a message.

        Such a wheel is kept as built of *origin*.
        """
        announced: list[str] = []

        def announce() -> None:
            announced.append(shown)
            self._events.building(shown)

        def keep(path: str) -> None:
            if origin is not None and tree.name is not None:
                self._keeper.keep_built(path, tree.name, origin, self.build_info(tree.name))

        metadata = self._builder.build_metadata(tree, announce=announce, keep=keep)
        if announced:
            self._events.built(shown)
        return metadata

    def _unpack(self, archive: str, folder: str, tree: SourceTree, subdirectory: str | None) -> str:
        """Return the root of the source tree of *archive*, unpacked into *folder*."""
        from mauve.build.archive import unpack_source
        from mauve.metadata.direct import MissingSubdirectory

        root = unpack_source(archive, folder)
        if subdirectory is None:
            return root
        root = os.path.join(root, subdirectory)
        if not os.path.isdir(root):
            raise MissingSubdirectory(tree.shown or archive, subdirectory)
        return root

    def tree_metadata(self, tree: SourceTree) -> CoreMetadata:
        """Return the metadata of a source tree, built unless the cache knows what its present state gives."""
        from mauve.build.source_tree import read_build_system
        from mauve.installer.cached import source_origin
        from mauve.operations.built_wheels import BuiltOf
        from mauve.standards.metadata import parse_metadata

        state = self._state(tree.root, is_editable=tree.is_editable)
        use = self._services.cache_use(self._settings.refresh)
        known = state.metadata(is_doubted=tree.name is not None and use.must_refresh(tree.name))
        if known is not None:
            return known
        shown = tree.shown or tree.root
        self._check_metadata_build(tree)
        read_build_system(tree.root)  # what cannot be built is not announced
        origin = None
        if not tree.is_remote:
            place = EditableSource(tree.root) if tree.is_editable else DirectorySource(tree.root)
            origin = BuiltOf(source_origin(place), state.stamp)
        metadata = parse_metadata(self._announced_metadata(tree, shown, origin))
        state.keep(metadata)
        return metadata

    def _state(self, root: str, *, is_editable: bool) -> TreeState:
        from mauve.operations.tree_records import TreeState

        services = self._services
        return TreeState(root, services.kept_records, services.source_states, is_editable=is_editable)

    def member_metadata(self, root: str, name: PackageName, *, is_editable: bool) -> CoreMetadata:
        """Return the metadata of the member *name* in the folder *root*."""
        from mauve.build.source_tree import SourceTree
        from mauve.installer.origin import file_url

        shown = f"{name} @ {file_url(root)}"
        return self.tree_metadata(SourceTree(root=root, shown=shown, name=name, is_editable=is_editable))

    # --- wheels

    async def build(self, distribution: ResolvedDistribution) -> BuiltWheel:
        """Return the wheel of *distribution*, built in a thread."""
        from anyio.to_thread import run_sync

        return await run_sync(self._build, distribution)

    def _build(self, distribution: ResolvedDistribution) -> BuiltWheel:
        from mauve.build.failures import BuildFailed
        from mauve.build.frontend import BuildKind, metadata_of_wheel
        from mauve.build.source_tree import InvalidBackendPath, InvalidBuildSystem, NotAProject
        from mauve.installer.cached import describe
        from mauve.installer.prepare import BuiltWheel
        from mauve.operations.build_displays import tree_of

        shown = describe(distribution)
        source = distribution.source
        kind = BuildKind.EDITABLE if isinstance(source, EditableSource) else BuildKind.WHEEL
        if kind is not BuildKind.EDITABLE and self._settings.options.build.forbids_build(distribution.name):
            from mauve.operations.build_errors import BuildAttempted

            raise BuildAttempted(distribution.name)
        tree = tree_of(distribution, shown)
        state = None
        if isinstance(source, DirectorySource | EditableSource):
            state = self._state(source.path, is_editable=kind is BuildKind.EDITABLE)
        folder, output = self._services.cache.scratch(), self._services.cache.scratch()
        try:
            tree = structs.replace(tree, root=self._root_of(distribution, tree, folder))
            self._events.building(shown)
            try:
                name = self._builder.build(tree, kind, output)
            except (InvalidBackendPath, InvalidBuildSystem, NotAProject) as error:
                raise BuildFailed(tree) from error
            self._check_name(name, tree)
            path = os.path.join(output, name)
            self._check_metadata(lambda: metadata_of_wheel(path), distribution, tree)
            if state is not None:
                self._keep_metadata(state, path)
            self._events.built(shown)
        except BaseException:
            self._remove(output)
            raise
        finally:
            self._remove(folder)
        self._outputs.append(output)
        return BuiltWheel(path=path, build_info=self.build_info(distribution.name))

    @staticmethod
    def _keep_metadata(state: TreeState, wheel: str) -> None:
        """Remember what *wheel*, which was built of a tree in *state*, says of that tree."""
        from mauve.build.frontend import metadata_of_wheel
        from mauve.standards.metadata import parse_metadata

        with suppress(MauveError, OSError):  # who installs the wheel tells what is wrong with it
            state.keep(parse_metadata(metadata_of_wheel(wheel)))

    def check(self, distribution: ResolvedDistribution, wheel: CachedWheel) -> None:
        """Refuse *wheel*, which is in the cache, if it contradicts the lock that is installed."""
        if self._lock is None:
            return
        from mauve.installer.cached import describe
        from mauve.operations.build_displays import tree_of

        def read() -> bytes:
            with open(wheel.metadata_path, "rb") as file:
                return file.read()

        self._check_metadata(read, distribution, tree_of(distribution, describe(distribution)))

    def _check_metadata(self, read: Callable[[], bytes], distribution: ResolvedDistribution, tree: SourceTree) -> None:
        """Refuse a wheel with the METADATA that *read* returns if it contradicts the lock; trees on the disk may."""
        if self._lock is None or isinstance(distribution.source, DirectorySource | EditableSource | VirtualSource):
            return
        from mauve.build.failures import BuildFailed
        from mauve.lock.contradictions import check_built
        from mauve.standards.metadata import parse_metadata

        lock, environment = self._lock
        try:
            metadata = parse_metadata(read())
            check_built(lock, environment, distribution.name, distribution.version, metadata)
        except MauveError as error:
            raise BuildFailed(tree) from error

    @staticmethod
    def _check_name(filename: str, tree: SourceTree) -> None:
        """Refuse a wheel that turned out to be of another package."""
        from mauve.build.failures import BuildFailed
        from mauve.metadata.records import UnexpectedName
        from mauve.standards.filenames import parse_wheel_filename

        found = parse_wheel_filename(filename).name
        if tree.name is not None and found != tree.name:
            raise BuildFailed(tree) from UnexpectedName(found, tree.name)

    def _root_of(self, distribution: ResolvedDistribution, tree: SourceTree, folder: str) -> str:
        """Return the source tree of *distribution*, unpacked into *folder* if it is an archive."""
        from mauve.build.archive import FailedToUnpack
        from mauve.build.failures import BuildFailed
        from mauve.git.repository import GitFailed
        from mauve.installer.prepare import UnexpectedHash
        from mauve.metadata.direct import MissingSubdirectory
        from mauve.network.errors import HashMismatch

        source = distribution.source
        try:
            match source:
                case EditableSource() | DirectorySource() | VirtualSource():
                    if not os.path.isdir(source.path):
                        from mauve.installer.origin import file_url
                        from mauve.metadata.archives import MissingDistribution

                        raise MissingDistribution(file_url(source.path))
                    return source.path
                case GitSource():
                    return self._checked_out(source, tree)
                case PathSource():
                    return self._unpack(self._verified(source.path, distribution), folder, tree, None)
                case UrlSource() if distribution.sdist is not None:
                    archive = self.direct.archives.download(source.url, tree.shown or source.url)
                    return self._unpack(self._verified(archive, distribution), folder, tree, source.subdirectory)
                case RegistrySource() if distribution.sdist is not None:
                    return self._unpack(self._fetch(distribution), folder, tree, None)
                case _:
                    from mauve.operations.build_errors import NothingToInstall

                    raise NothingToInstall(tree.shown or distribution.name)
        except (FailedToUnpack, GitFailed, HashMismatch, MissingSubdirectory, UnexpectedHash) as error:
            raise BuildFailed(tree) from error

    def _checked_out(self, source: GitSource, tree: SourceTree) -> str:
        from mauve.metadata.direct import MissingSubdirectory

        fetched = self.direct.repositories.fetch(
            FromGit(url=source.url, reference=source.reference, commit=source.commit, lfs=source.lfs)
        )
        if source.subdirectory is None:
            return fetched.path
        root = os.path.join(fetched.path, source.subdirectory)
        if not os.path.isdir(root):
            raise MissingSubdirectory(tree.shown or source.url, source.subdirectory)
        return root

    def _verified(self, archive: str, distribution: ResolvedDistribution) -> str:
        """Return *archive* if it has one of the digests that are required of *distribution*."""
        from mauve.installer.cached import describe
        from mauve.installer.prepare import UnexpectedHash
        from mauve.network.digests import Digester

        sdist = distribution.sdist
        expected = (() if sdist is None else sdist.file.hashes) or distribution.hashes
        if expected:
            digester = Digester(expected)
            with open(archive, "rb") as file:
                while part := file.read(1 << 20):
                    digester.update(part)
            if not digester.is_expected():
                raise UnexpectedHash(describe(distribution), expected, digester.digests())
        return archive

    def _fetch(self, distribution: ResolvedDistribution) -> str:
        """Return the path of the downloaded archive of *distribution*."""
        from mauve.distributions.index import Index
        from mauve.filesystem.file_urls import file_path
        from mauve.installer.prepare import failed_download
        from mauve.metadata.sdist_metadata import SdistMetadataFetcher
        from mauve.network.errors import HashMismatch

        sdist = distribution.sdist
        if sdist is None:
            from mauve.operations.build_errors import NothingToInstall

            raise NothingToInstall(distribution.name)
        if sdist.file.url.startswith("file:"):
            return file_path(sdist.file.url)
        found = sdist
        location = distribution.source.location if isinstance(distribution.source, RegistrySource) else ""
        cache = self._services.cache

        async def download(client: object) -> str:
            return await SdistMetadataFetcher(client, cache).download(  # type: ignore[arg-type]
                distribution.name, found, Index(url=location)
            )

        try:
            return self._services.network(self._settings.indexes).run(download)
        except HashMismatch:
            raise
        except MauveError as error:
            raise failed_download(distribution, error, "download and build") from error

    # --- build environments

    def resolve(self, requirements: tuple[Requirement, ...], tree: SourceTree, building: tuple[str, ...]) -> Resolution:
        """Return what satisfies *requirements* for the running interpreter."""
        del building
        from mauve.metadata.archives import MissingDistribution
        from mauve.operations.specific import resolve_for_interpreter
        from mauve.resolver.errors import NoSolution

        sourced = self.direct.trees.lower_build_requirements(tree, requirements)
        extra = self._needs.requirements_of(tree.name)
        wanted = (*sourced, *extra)
        shown = tuple(map(show_requirement, wanted))
        try:
            trust = self._trust.extended(wanted)
            return trust.restrict(
                resolve_for_interpreter(
                    wanted, self._interpreter(), self._settings, self._source, self._needs.constraints
                )
            )
        except NoSolution as failure:
            from mauve.operations.build_errors import UnsatisfiableBuild

            raise UnsatisfiableBuild(shown, failure) from failure.explanation()
        except MissingDistribution:
            raise
        except MauveError as error:
            from mauve.operations.build_errors import UnreachableRequirements, UnsatisfiableBuild

            unresolved = UnsatisfiableBuild if error.status is ExitStatus.FAILURE else UnreachableRequirements
            raise unresolved(shown, error) from error

    def install(self, resolution: Resolution, environment: Environment, building: tuple[str, ...]) -> None:
        """Put *resolution* into *environment*."""
        del building
        from mauve.config.settings.installation import InstallationSettings
        from mauve.config.settings.resolution import Refresh
        from mauve.operations.install import InstallRequest, install_resolution
        from mauve.operations.install_reporter import Unwatched

        install_resolution(
            InstallRequest(
                resolution=resolution,
                settings=InstallationSettings(),
                refresh=Refresh(),
                keeps_extraneous=True,
                accepts_any_origin=True,
            ),
            environment,
            self._services,
            self,
            Unwatched(),
        )

    def _check_metadata_build(self, tree: SourceTree) -> None:
        """Refuse to build the metadata of *tree* if that is said; of one without a name only what is said of all."""
        from mauve.build.failures import BuildFailed, NoBuildsAtAll
        from mauve.operations.build_errors import BuildsDisabled

        if tree.name is None:
            if self._settings.options.build.no_build:
                raise NoBuildsAtAll
            return
        try:
            self._check_allowed(tree.name, tree.name)
        except BuildsDisabled as error:
            raise BuildFailed(tree) from error

    def _check_allowed(self, name: PackageName | None, shown: str) -> None:
        if name is not None and self._settings.options.build.forbids_build(name):
            from mauve.operations.build_errors import BuildsDisabled

            raise BuildsDisabled(shown)

    @staticmethod
    def _remove(folder: str) -> None:
        from mauve.filesystem.removal import remove

        remove(folder)

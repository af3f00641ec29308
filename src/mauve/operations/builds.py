"""Build sources with what this program has itself: its resolver and installer fill the build environments.

Specification: PEP 517, PEP 660.
"""

from __future__ import annotations

import os
import sys
from functools import cached_property
from typing import TYPE_CHECKING

from mauve.build.frontend import Builder, BuildKind
from mauve.build.settings import ConfigSettings
from mauve.build.source_tree import SourceTree
from mauve.cache.layout import CacheBucket
from mauve.config.environment import EnvVar, Variables
from mauve.config.settings.installation import InstallationSettings
from mauve.config.settings.resolution import Refresh
from mauve.distributions.resolution import ResolvedDistribution, Resolution
from mauve.distributions.sources import DirectorySource, EditableSource, PathSource, RegistrySource, UrlSource
from mauve.errors import ExitStatus, MauveError
from mauve.installer.prepare import BuiltWheel

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.config.settings.resolution import ResolutionSettings
    from mauve.operations.context import Services
    from mauve.operations.reporter import LockEvents
    from mauve.python.environment import Environment
    from mauve.python.interpreter import Interpreter
    from mauve.resolver.graph import ResolvedPackage
    from mauve.resolver.source import MetadataSource
    from mauve.standards.metadata import CoreMetadata
    from mauve.standards.names import PackageName
    from mauve.standards.requirements import Requirement
    from mauve.standards.versions import Version


class BuildsDisabled(MauveError):
    """A source would have to be built, and may not be."""

    status = ExitStatus.FAILURE

    def __init__(self, shown: str) -> None:
        """Name the source."""
        super().__init__(shown)
        self.shown = shown

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Building source distributions for `{self.shown}` is disabled"


class NothingToInstall(MauveError):
    """No file of a distribution can be installed by the interpreter."""

    def __init__(self, display: str) -> None:
        """Name the distribution."""
        super().__init__(display)
        self.display = display

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            f"Distribution `{self.display}` can't be installed because it doesn't have a source distribution or wheel "
            "for the current platform"
        )


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
    ) -> None:
        """Build for the interpreter that *interpreter* returns, which is asked when something has to be built."""
        self._services = services
        self._settings = settings
        self._interpreter = interpreter
        self._events = events
        self._outputs: list[str] = []

    def close(self) -> None:
        """Remove the wheels that were built; the cache has them unpacked."""
        for folder in self._outputs:
            self._remove(folder)
        self._outputs.clear()

    @cached_property
    def _builder(self) -> Builder:
        settings = self._settings
        variables = Variables(self._services.environment)
        self._services.cache.initialise()
        return Builder(
            environments=self,
            interpreter=self._interpreter(),
            directory=self._services.cache.path(CacheBucket.BUILDS),
            variables=self._services.environment,
            tool=os.path.abspath(sys.argv[0]),
            settings=ConfigSettings(settings.config_settings, settings.config_settings_packages),
            show_output=not variables.boolean(EnvVar.HIDE_BUILD_OUTPUT),
        )

    @cached_property
    def _source(self) -> MetadataSource:
        return self._services.metadata_source(self._settings, builder=self)

    # --- metadata

    def build_metadata(self, archive: str, name: PackageName, version: Version) -> bytes:
        """Return the METADATA of the source in *archive*."""
        from mauve.build.archive import unpack_source

        shown = f"{name}=={version}"
        self._check_allowed(name, shown)
        folder = self._scratch()
        try:
            tree = SourceTree(
                root=unpack_source(archive, folder), shown=shown, name=name, version=str(version), is_remote=True
            )
            self._events.building(shown)
            metadata = self._builder.build_metadata(tree)
            self._events.built(shown)
        finally:
            self._remove(folder)
        return metadata

    def tree_metadata(self, root: str) -> CoreMetadata:
        """Return the metadata of the source tree in the folder *root*."""
        from mauve.installer.origin import file_url
        from mauve.standards.metadata import parse_metadata

        shown = f"{os.path.basename(root)} @ {file_url(root)}"
        return parse_metadata(self._builder.build_metadata(SourceTree(root=root, shown=shown)))

    # --- wheels

    async def build(self, distribution: ResolvedDistribution) -> BuiltWheel:
        """Return the wheel of *distribution*, built in a thread."""
        from anyio.to_thread import run_sync

        return await run_sync(self._build, distribution)

    def _build(self, distribution: ResolvedDistribution) -> BuiltWheel:
        from mauve.build.archive import unpack_source
        from mauve.installer.cached import describe

        shown = describe(distribution)
        self._check_allowed(distribution.name, shown)
        source = distribution.source
        kind = BuildKind.EDITABLE if isinstance(source, EditableSource) else BuildKind.WHEEL
        folder = self._scratch()
        remote = False
        if isinstance(source, EditableSource | DirectorySource):
            root = source.path
        elif isinstance(source, RegistrySource | UrlSource | PathSource) and distribution.sdist is not None:
            remote = isinstance(source, RegistrySource | UrlSource)
            archive = source.path if isinstance(source, PathSource) else self._fetch(distribution)
            root = unpack_source(archive, folder)
        else:
            self._remove(folder)
            raise NothingToInstall(shown)
        tree = SourceTree(
            root=root,
            shown=shown,
            name=distribution.name,
            version=None if distribution.version is None else str(distribution.version),
            is_remote=remote,
        )
        output = self._scratch()
        try:
            self._events.building(shown)
            name = self._builder.build(tree, kind, output)
            self._events.built(shown)
        except BaseException:
            self._remove(output)
            raise
        finally:
            self._remove(folder)
        self._outputs.append(output)
        return BuiltWheel(path=os.path.join(output, name))

    def _fetch(self, distribution: ResolvedDistribution) -> str:
        """Return the path of the downloaded archive of *distribution*."""
        from mauve.distributions.index import Index
        from mauve.filesystem.file_urls import file_path
        from mauve.metadata.sdist_metadata import SdistMetadataFetcher

        sdist = distribution.sdist
        if sdist is None:
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

        return self._services.network(self._settings.indexes).run(download)

    # --- build environments

    def resolve(self, requirements: tuple[Requirement, ...], tree: SourceTree, building: tuple[str, ...]) -> Resolution:
        """Return what satisfies *requirements* for the running interpreter."""
        del tree, building
        from mauve.operations.specific import resolve_for_interpreter

        return resolve_for_interpreter(requirements, self._interpreter(), self._settings, self._source)

    def install(self, resolution: Resolution, environment: Environment, building: tuple[str, ...]) -> None:
        """Put *resolution* into *environment*."""
        del building
        from mauve.operations.install import InstallRequest, install_resolution

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
            _Quiet(),
        )

    def _check_allowed(self, name: PackageName, shown: str) -> None:
        if self._settings.options.build.forbids_build(name):
            raise BuildsDisabled(shown)

    def _scratch(self) -> str:
        import tempfile

        folder = self._services.cache.path(CacheBucket.BUILDS)
        os.makedirs(folder, exist_ok=True)
        return tempfile.mkdtemp(prefix="source-", dir=folder)

    @staticmethod
    def _remove(folder: str) -> None:
        from mauve.filesystem.removal import remove

        remove(folder)


class _Quiet:
    """An installation nobody watches."""

    def preparing(self, total: int) -> _Quiet:
        del total
        return self

    def started(self, name: PackageName, size: int | None) -> None:
        """Ignore it."""

    def advanced(self, name: PackageName, count: int) -> None:
        """Ignore it."""

    def prepared(self, *_: object) -> None:
        """Ignore it."""

    def uninstalled_all(self, number: int, seconds: float) -> None:
        """Ignore it."""

    def installing(self, total: int) -> None:
        """Ignore it."""

    def installed_one(self, name: str) -> None:
        """Ignore it."""

    def installed_all(self, number: int, seconds: float) -> None:
        """Ignore it."""

    def compiled(self, number: int, seconds: float) -> None:
        """Ignore it."""

    def checked(self, number: int, seconds: float) -> None:
        """Ignore it."""

    def warning(self, message: str) -> None:
        """Ignore it."""


def registry_display(package: ResolvedPackage) -> str:
    """Return how messages name a package with its index."""
    source = package.source
    location = source.location if isinstance(source, RegistrySource) else ""
    return f"{package.name}=={package.version} @ registry+{location}"

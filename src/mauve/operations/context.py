"""The services of one run, each built when it is first needed and once."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property, partial
from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.cache.layout import Cache, CacheBucket
from mauve.config.default_index import default_index_url
from mauve.config.environment import EnvVar, Variables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from mauve.config.settings.everywhere import EverywhereSettings
    from mauve.config.settings.resolution import Refresh, ResolutionSettings
    from mauve.distributions.index import IndexLocations
    from mauve.git.repository import GitReporter, Repositories
    from mauve.installer.partner import Partners
    from mauve.installer.plan import RemoteDistribution
    from mauve.installer.prepare import Builder, PrepareReporter
    from mauve.installer.states import LocalStates
    from mauve.installer.store import WheelStore
    from mauve.installer.wheel import CachedWheel
    from mauve.metadata.direct import DirectReader
    from mauve.metadata.kept import KeptRecords
    from mauve.metadata.sdist_metadata import SdistBuilder
    from mauve.metadata.worker import MetadataWorker
    from mauve.network.cache_policy import CacheUse
    from mauve.network.client import Client
    from mauve.network.settings import NetworkSettings
    from mauve.network.statistics import Statistics
    from mauve.network.thread import NetworkThread
    from mauve.python.discovery import Discovery
    from mauve.python.probe import InterpreterReader
    from mauve.resolver.graph import ResolutionGraph
    from mauve.resolver.manifest import Manifest


class Resolved(Struct, frozen=True):
    """A resolution, and what it is of."""

    manifest: Manifest
    graph: ResolutionGraph


class Services:
    """Builds what operations use: cache, discovery of interpreters, clients.

    Attributes:
        settings: shared by every command.
        directory: the working directory.
        resolved: the last resolution of this run.
        project_directory: where the project was looked for; the working directory unless another one was named.
        environment: the variables of this process, for those that are started and for discovery.
    """

    def __init__(self, settings: EverywhereSettings, directory: str, environment: Mapping[str, str]) -> None:
        """Build nothing yet."""
        self.settings = settings
        self.directory = directory
        self.project_directory = directory
        self.environment = environment
        self.resolved: Resolved | None = None
        self._network: NetworkThread | None = None
        self._repositories: Repositories | None = None
        self._partners: list[Partners] = []
        self._started_at = int(time.time())

    @cached_property
    def cache(self) -> Cache:
        """Return the cache, whose folder need not exist; a temporary one is removed at exit."""
        root = self.settings.cache.root
        if root is not None:
            return Cache(root)
        import atexit
        import tempfile

        from mauve.filesystem.removal import remove

        temporary = tempfile.mkdtemp(prefix="mauve-cache-")
        atexit.register(remove, temporary)
        return Cache(temporary, is_temporary=True)

    @cached_property
    def interpreters(self) -> InterpreterReader:
        """Return the reader of interpreters; nothing is remembered in a temporary cache."""
        from mauve.python.probe import InterpreterReader

        self.cache.initialise()
        folder = None if self.cache.is_temporary else self.cache.path(CacheBucket.INTERPRETERS)
        return InterpreterReader(folder, self.environment)

    @cached_property
    def discovery(self) -> Discovery:
        """Return the discovery of interpreters."""
        from mauve.python.discovery import Discovery, PythonPreference
        from mauve.python.downloads import DownloadPolicy
        from mauve.python.variables import python_variables

        return Discovery(
            variables=python_variables(self.environment),
            directory=self.directory,
            reader=self.interpreters,
            preference=PythonPreference(self.settings.python.preference),
            downloads=DownloadPolicy(self.settings.python.downloads),
            offline=self.settings.network.offline,
        )

    @property
    def user_directory(self) -> str | None:
        """Return the folder of the user's configuration, which need not exist."""
        from mauve.config.files import user_folder

        return user_folder(self.environment)

    @contextmanager
    def alone_with(self, root: str) -> Iterator[None]:
        """Keep other processes from editing the project at *root* within the block, where locks can be had.

        Of two that add something at once, one would take back what the other one wrote.
        """
        from binascii import crc32

        from mauve.filesystem.locks import LockTimeout, file_lock

        name = f"edit-{crc32(os.fsencode(os.path.realpath(root))):08x}.lock"
        with ExitStack() as stack:
            if not self.cache.is_temporary:
                with suppress(LockTimeout, OSError):  # where locks do not work, as without one
                    path = self.cache.path(CacheBucket.INTERPRETERS, name)
                    stack.enter_context(file_lock(path, timeout=300.0))
            yield

    @cached_property
    def reference_variables(self) -> Mapping[str, str]:
        """Return what `${NAME}` stands for in URLs of requirements."""
        return {"PROJECT_ROOT": self.directory, **self.environment}

    # --- the network

    @cached_property
    def statistics(self) -> Statistics:
        """Return the counts of this run."""
        from mauve.network.statistics import Statistics

        return Statistics()

    def network(self, indexes: IndexLocations, *, keyring: bool = False) -> NetworkThread:
        """Return the network thread, which is not started until something has to be fetched; one for the run."""
        if self._network is None:
            from mauve.network.thread import NetworkThread

            self._network = NetworkThread(self._network_settings(indexes, keyring=keyring), self.statistics)
        return self._network

    def expect_network(self, modules: Iterable[str] = ()) -> None:
        """Take note that something will surely be fetched, for what is done in *modules*.

        What the network takes, and they, are loaded if there is nothing else to do.
        """
        if not self.settings.network.offline:
            from mauve.network.thread import load_client

            self.interpreters.meanwhile = partial(load_client, modules)

    def _network_settings(self, indexes: IndexLocations, *, keyring: bool) -> NetworkSettings:
        from mauve import __version__
        from mauve.config.settings.everywhere import index_logins
        from mauve.network.settings import Credentials, IndexAccess, NetworkSettings, ProxySettings, TlsSettings
        from mauve.network.urls import split_credentials

        said = self.settings.network
        access: list[IndexAccess] = []
        for login in index_logins(indexes, Variables(self.environment)):
            url, credentials = split_credentials(login.url)
            if login.username is not None or login.password is not None:
                credentials = Credentials(login.username or "", login.password)
            access.append(IndexAccess(url=url, policy=login.policy, credentials=credentials))
        return NetworkSettings(
            offline=said.offline,
            connect_timeout=said.connect_timeout,
            read_timeout=said.read_timeout,
            retries=said.retries,
            concurrent_downloads=self.settings.concurrency.downloads,
            user_agent=f"mauve/{__version__}",
            tls=TlsSettings(
                certificate_file=said.tls.file,
                certificate_directories=said.tls.directories,
                system_certificates=said.tls.system,
                client_certificate=said.tls.client,
                insecure_hosts=said.tls.insecure_hosts,
            ),
            proxies=ProxySettings(
                http=said.proxies.http,
                https=said.proxies.https,
                everything=said.proxies.everything,
                exceptions=said.proxies.exceptions,
            ),
            indexes=tuple(access),
            netrc=said.netrc,
            keyring=keyring,
            credential_store=said.credential_store,
        )

    def metadata_source(
        self,
        settings: ResolutionSettings,
        builder: SdistBuilder | None = None,
        direct: Callable[[], DirectReader] | None = None,
    ) -> MetadataWorker:
        """Return what answers the resolver's questions with these indexes."""
        from mauve.metadata.worker import MetadataWorker

        return MetadataWorker(
            cache=self.cache,
            locations=settings.indexes,
            network=self.network(settings.indexes, keyring=settings.keyring),
            use=self.cache_use(settings.refresh),
            builder=builder,
            direct=direct,
        )

    def cache_use(self, refresh: Refresh) -> CacheUse:
        """Return how far stored answers are good enough."""
        from mauve.network.cache_policy import CacheUse

        return CacheUse(
            started_at=self._started_at,
            offline=self.settings.network.offline,
            refresh_all=refresh.everything,
            refresh_packages=refresh.packages,
        )

    def repositories(self, reporter: GitReporter) -> Repositories:
        """Return the repositories of the cache, one for the run: a reference is looked up once."""
        if self._repositories is None:
            from mauve.git.repository import Repositories

            self._repositories = Repositories(
                self.cache.path(CacheBucket.GIT),
                variables=self.environment,
                reporter=reporter,
                offline=self.settings.network.offline,
            )
        return self._repositories

    @cached_property
    def kept_records(self) -> KeptRecords:
        """Return the metadata that is kept of what is not on an index."""
        from mauve.metadata.kept import KeptRecords

        return KeptRecords(self.cache)

    # --- wheels

    @cached_property
    def wheels(self) -> WheelStore:
        """Return the unpacked wheels of the cache."""
        from mauve.installer.store import WheelStore

        return WheelStore(self.cache.path(CacheBucket.WHEELS))

    @cached_property
    def source_states(self) -> LocalStates:
        """Return the states of local sources."""
        from mauve.installer.states import LocalStates

        return LocalStates(self.environment)

    @property
    def writes_installer_metadata(self) -> bool:
        """Return whether installed distributions record who installed them and from where."""
        return self.settings.installer_metadata

    @property
    def checks_wheel_filenames(self) -> bool:
        """Return whether a wheel's metadata must agree with its file name."""
        return not Variables(self.environment).boolean(EnvVar.SKIP_WHEEL_FILENAME_CHECK)

    @property
    def bytecode_timeout(self) -> float | None:
        """Return the seconds that compiling one file may take."""
        seconds = Variables(self.environment).number(EnvVar.COMPILE_BYTECODE_TIMEOUT)
        return 60.0 if seconds is None else float(seconds) or None

    def discard(self, wheel: CachedWheel) -> None:
        """Remove a damaged wheel from the cache."""
        self.wheels.discard(wheel.name, os.path.basename(wheel.entry))

    def partners(self, sizes: list[int | None]) -> Partners:
        """Return processes that help with archives of *sizes*."""
        from mauve.installer.partner import Partners

        partners = Partners()
        self._partners.append(partners)
        partners.start(sizes, self.wheels, self.settings.concurrency.installs - 1)
        return partners

    def prepare(
        self,
        remote: tuple[RemoteDistribution, ...],
        builder: Builder,
        reporter: PrepareReporter,
        partners: Partners | None = None,
    ) -> tuple[CachedWheel, ...]:
        """Download, build and unpack, with the help of *partners*; the calling thread waits."""
        from mauve.installer.prepare import Preparer

        if self._network is None:
            raise RuntimeError("wheels are prepared after the network is known")
        concurrency = self.settings.concurrency
        self.cache.initialise()

        async def work(client: Client) -> tuple[CachedWheel, ...]:
            preparer = Preparer(
                self.wheels,
                client,
                builder,
                self.source_states,
                reporter=reporter,
                partners=partners,
                unpackers=concurrency.installs,
                builders=concurrency.builds,
            )
            return await preparer.prepare(remote)

        return self._network.run(work)

    def close(self) -> None:
        """Leave nothing under way, and no child behind; this process ends soon, or becomes another program."""
        if self._network is not None:
            self._network.leave()
        for partners in self._partners:
            partners.reap()

    def default_index_url(self) -> str:
        """Return the URL of the default index, kept in the cache after it was first looked up."""
        path = os.path.join(self.cache.path(CacheBucket.VERDICTS), "default-index")
        try:
            with open(path, encoding="utf-8") as file:
                known = file.read()
        except OSError:
            known = ""
        if known.startswith("https://"):
            return known
        url = default_index_url()
        if not self.cache.is_temporary:
            from mauve.filesystem.atomic import write_atomically

            try:
                write_atomically(path, url)
            except OSError:
                # Only the next look-up is slower.
                return url
        return url

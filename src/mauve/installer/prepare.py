"""Get wheels into the cache: download, check, unpack; or have them built.

Everything waits at once in one task group. Downloads are limited by the client, unpacking by the number of processors:
it happens in threads, since inflating and writing files let other threads run.
"""

from __future__ import annotations

import os
from collections import deque
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct

from mauve.distributions.errors import DistributionError
from mauve.errors import ExitStatus, MauveError
from mauve.installer.cached import build_origin, describe, make_cached, sha256_of, wheel_origin, wheel_path
from mauve.installer.manifest import Manifest, MissingRecord
from mauve.installer.origin import local_path
from mauve.installer.partner import Partners, UnpackTask
from mauve.installer.spool import Memory, Spool, map_file
from mauve.installer.store import PLAIN_BUILD, Pointed
from mauve.installer.team import Crew
from mauve.installer.validators import read_validator, validator_of, write_validator
from mauve.network.claims import claimed
from mauve.standards.hashes import HashAlgorithm, HashDigest, new_hash, strongest

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Mapping

    from anyio import CapacityLimiter

    from mauve.distributions.files import Wheel
    from mauve.distributions.resolution import ResolvedDistribution
    from mauve.installer.archive import Buffer, Member
    from mauve.installer.partner import Partner
    from mauve.installer.plan import RemoteDistribution
    from mauve.installer.ports import SourceStates
    from mauve.installer.store import WheelStore
    from mauve.installer.team import Team
    from mauve.installer.wheel import CachedWheel
    from mauve.standards.names import PackageName


_BEGIN_AT_ONCE: Final = 3
"""Wheels in a round of the event loop: the first arrive while there are still requests to be sent."""


class Sink(Protocol):
    """Where a download goes."""

    def write(self, part: bytes) -> None:
        """Take the next piece."""
        ...

    def restart(self) -> None:
        """Forget all pieces: the download begins again."""
        ...


class FileFetcher(Protocol):
    """Downloads files (`mauve.network.client.Client`); used from one event loop, many files at once."""

    async def fetch_file(
        self,
        url: str,
        hashes: tuple[HashDigest, ...],
        sink: Sink,
        *,
        name: str | None = None,
        heard: Callable[[Mapping[str, str]], None] | None = None,
    ) -> tuple[HashDigest, ...]:
        """Write the file at *url* to *sink*, check it against *hashes* if there are any, return what was computed.

        *heard* is called with the headers of the answer.
        """
        ...

    async def is_unchanged(self, url: str, headers: Mapping[str, str]) -> bool:
        """Return whether the server answers the question in *headers* with "not modified"; the body is not read."""
        ...

    @property
    def is_offline(self) -> bool:
        """Return whether nothing may be asked."""
        ...


class BuiltWheel(Struct, frozen=True, kw_only=True):
    """A wheel that was built.

    Attributes:
        path: of the file; the builder may remove it after `prepare` is done.
        build_info: content of `uv_build.json`.
    """

    path: str
    build_info: bytes = PLAIN_BUILD


class Builder(Protocol):
    """Builds wheels; used from one event loop, several at once."""

    async def build(self, distribution: ResolvedDistribution) -> BuiltWheel:
        """Return the wheel of *distribution*: an sdist, a repository or a source tree, editable if its source is."""
        ...

    def build_info(self, name: PackageName) -> bytes:
        """Return the content of `uv_build.json` for a wheel of *name* that is built now."""
        ...

    def check(self, distribution: ResolvedDistribution, wheel: CachedWheel) -> None:
        """Raise a `MauveError` if *wheel*, which was built of *distribution* before, must not be installed."""
        ...

    def is_isolated(self, name: PackageName) -> bool:
        """Return whether *name* is built in an environment of its own, and not in the one that is installed into."""
        ...


class PrepareReporter(Protocol):
    """Hears about progress, from the event loop's thread."""

    def started(self, name: PackageName, size: int | None) -> None:
        """A download of *size* bytes begins."""
        ...

    def advanced(self, name: PackageName, count: int) -> None:
        """So many more bytes arrived; negative when a download begins again."""
        ...

    def prepared(self, name: PackageName) -> None:
        """The wheel is ready."""
        ...


class FailedToPrepare(DistributionError):
    """A wheel could not be made ready; the cause says why.

    Attributes:
        action: what was attempted: `download`, `read`.
        distribution: that of the wheel.
    """

    def __init__(self, action: str, distribution: ResolvedDistribution) -> None:
        """Name the distribution."""
        super().__init__(distribution.name, action, distribution)
        self.action = action
        self.distribution = distribution

    def __str__(self) -> str:
        """Return the message."""
        return f"Failed to {self.action} `{describe(self.distribution)}`"


class PreparationBroke(FailedToPrepare):
    """The same, where the cause is the system or the server and not the wheel."""

    status = ExitStatus.ERROR


class FailedToExtract(MauveError):
    """The archive of a wheel cannot be unpacked; the cause says why.

    Attributes:
        filename: of the wheel.
    """

    def __init__(self, filename: str) -> None:
        """Name the file."""
        super().__init__(f"Failed to extract archive: {filename}")
        self.filename = filename


class UnexpectedHash(MauveError):
    """A local wheel is not the one that is required."""

    status = ExitStatus.FAILURE

    def __init__(self, display: str, expected: tuple[HashDigest, ...], computed: tuple[HashDigest, ...]) -> None:
        """Show both sides."""
        super().__init__(display, expected, computed)
        self.display = display
        self.expected = expected
        self.computed = computed

    def __str__(self) -> str:
        """Return uv's paragraphs."""
        expected = "\n".join([f"  {digest}" for digest in self.expected])
        computed = "\n".join([f"  {digest}" for digest in self.computed])
        return f"Hash mismatch for `{self.display}`\n\nExpected:\n{expected}\n\nComputed:\n{computed}"


class Preparer:
    """Prepares wheels within one event loop.

    Args:
        store: where they are unpacked.
        fetcher: downloads them.
        builder: builds those without wheels.
        states: tells what is recorded about local sources.
        reporter: hears about progress.
        partners: processes that unpack, too.
        unpackers: most archives unpacked at the same time.
        builders: most wheels built at the same time.
    """

    def __init__(
        self,
        store: WheelStore,
        fetcher: FileFetcher,
        builder: Builder,
        states: SourceStates,
        *,
        reporter: PrepareReporter | None = None,
        partners: Partners | None = None,
        unpackers: int | None = None,
        builders: int | None = None,
    ) -> None:
        """Make a preparer; nothing begins yet."""
        self._store = store
        self._fetcher = fetcher
        self._builder = builder
        self._states = states
        self._reporter = reporter
        self._partners = Partners() if partners is None else partners
        self._unpackers = unpackers or os.cpu_count() or 1
        self._builders = builders or os.cpu_count() or 1
        self._memory = Memory()

    async def prepare(self, remote: Iterable[RemoteDistribution]) -> tuple[CachedWheel, ...]:
        """Return the wheels for *remote*, in its order, unpacked in the cache.

        Raises:
            MauveError: of the first one that failed; the others are given up, what they finished stays in the cache.
        """
        import anyio

        from mauve.network.turns import Turns

        wanted = tuple(remote)
        done: dict[int, CachedWheel] = {}
        failures: list[BaseException] = []
        builds = anyio.CapacityLimiter(self._builders)

        turns = Turns(_BEGIN_AT_ONCE)

        async def one(place: int) -> None:
            try:
                await turns.take()
                done[place] = await self._prepare(wanted[place], crew, builds)
            except Exception as error:  # noqa: BLE001  # reported below; a group of one would hide it from the caller
                failures.append(error)
                group.cancel_scope.cancel()

        async with self._listening(), anyio.create_task_group() as group:
            crew = Crew(self._unpackers, group, tuple(self._partners))
            # The largest come early, since they decide when everything is there; between them the smallest, since
            # those who unpack have nothing to do yet.
            order = deque(sorted(range(len(wanted)), key=lambda place: _size(wanted[place])))
            while order:
                group.start_soon(one, order.popleft())
                order.reverse()
        if failures:
            raise failures[0]
        return tuple([done[place] for place in range(len(wanted))])

    @asynccontextmanager
    async def _listening(self) -> AsyncGenerator[None]:
        """Hear what the partners have done, within the block."""
        if not self._partners:
            yield
            return
        import asyncio

        loop = asyncio.get_running_loop()

        def hear(partner: Partner) -> None:
            partner.hear()
            if not partner.is_alive:
                loop.remove_reader(partner.descriptor)

        for partner in self._partners:
            loop.add_reader(partner.descriptor, hear, partner)
        try:
            yield
        finally:
            for partner in self._partners:
                loop.remove_reader(partner.descriptor)

    async def _prepare(self, remote: RemoteDistribution, crew: Crew, builds: CapacityLimiter) -> CachedWheel:
        distribution, wheel = remote.distribution, remote.wheel
        if remote.known is not None:
            cached = remote.known
            if cached.only_read:
                read = Pointed(
                    cached.filename, cached.manifest.sha256, cached.cache_info or b"", cached.build_info or b""
                )
                self._store.point(distribution.name, build_origin(distribution), read)
        elif wheel is None:
            cached = await self._build(distribution, crew, builds)
        else:
            path = wheel_path(distribution, wheel)
            if path is None:
                cached = await self._download(remote, wheel, crew)
            else:
                cached = await self._read(distribution, wheel, path, crew)
        if self._reporter is not None:
            self._reporter.prepared(distribution.name)
        return cached

    async def _download(self, remote: RemoteDistribution, wheel: Wheel, crew: Crew) -> CachedWheel:
        distribution, file = remote.distribution, wheel.file
        name = distribution.name
        digest = sha256_of(file.hashes or distribution.hashes)
        if digest is None:
            return await self._download_now(distribution, wheel, crew)
        known = self._store.find(name, digest) if remote.is_refreshed else None
        if known is not None and await self._is_still_there(distribution, file.url, self._store.entry(name, digest)):
            return make_cached(self._store, distribution, file.filename, known)
        async with claimed(self._store.claim(name, digest)):
            # Downloaded by somebody else meanwhile: what has this digest is what would come.
            meanwhile = None if known is not None else self._store.find(name, digest)
            if meanwhile is not None:
                return make_cached(self._store, distribution, file.filename, meanwhile)
            return await self._download_now(distribution, wheel, crew)

    async def _is_still_there(self, distribution: ResolvedDistribution, url: str, entry: str) -> bool:
        """Return whether the wheel in *entry*, which is asked for anew, need not be downloaded again."""
        validator = read_validator(entry, url)
        if validator is None or self._fetcher.is_offline:
            return True
        try:
            # Without a condition an answer is enough: another file would be refused for its digest.
            return await self._fetcher.is_unchanged(url, validator.headers()) or not validator.is_conditional
        except MauveError as error:
            raise failed_download(distribution, error) from error

    async def _download_now(self, distribution: ResolvedDistribution, wheel: Wheel, crew: Crew) -> CachedWheel:
        name, display, file = distribution.name, describe(distribution), wheel.file
        hashes = file.hashes or distribution.hashes
        async with self._memory.room(file.size) as limit:
            if self._reporter is not None:
                self._reporter.started(name, file.size)
            with Spool(self._store.scratch(), name, limit, self._reporter, self._partners.arena) as spool:
                heard: list[Mapping[str, str]] = []
                try:
                    computed = await self._fetcher.fetch_file(file.url, hashes, spool, name=display, heard=heard.append)
                except MauveError as error:
                    raise failed_download(distribution, error) from error
                except OSError as error:
                    raise PreparationBroke("download", distribution) from _unusable(error, spool.path)
                manifest = await self._unpack_shared(distribution, spool, computed, file.filename, crew)
        validator = validator_of(file.url, heard[-1]) if heard else None
        if validator is not None:
            write_validator(self._store.entry(name, manifest.sha256), validator)
        if sha256_of(hashes) is None:
            self._store.point(name, wheel_origin(wheel, None), Pointed(file.filename, manifest.sha256))
        return make_cached(self._store, distribution, file.filename, manifest)

    async def _unpack_shared(
        self,
        distribution: ResolvedDistribution,
        spool: Spool,
        computed: tuple[HashDigest, ...],
        filename: str,
        crew: Crew,
    ) -> Manifest:
        """Have *spool* unpacked by who is free."""
        content = spool.shared
        digest = sha256_of(computed)
        async with crew.turn(spool.size) as partner:
            if partner is not None and content is not None and digest is not None:
                task = UnpackTask(content, distribution.name, _with_sha256(b"", computed))
                if await crew.ask(partner, task):
                    manifest = self._store.find(distribution.name, digest)
                    if manifest is not None:
                        return manifest
            with crew.team(spool.size, content) as team:
                return await crew.run(self._unpack, distribution, spool, computed, filename, team)

    def _unpack(
        self,
        distribution: ResolvedDistribution,
        spool: Spool,
        computed: tuple[HashDigest, ...],
        filename: str,
        team: Team[Member] | None,
    ) -> Manifest:
        try:
            content = spool.content()
            return self._store.add(distribution.name, content, _with_sha256(content, computed), team)
        except OSError as error:
            raise PreparationBroke("download", distribution) from _unusable(error, self._store.scratch())
        except MissingRecord as error:
            raise PreparationBroke("download", distribution) from error
        except MauveError as error:
            raise FailedToPrepare("download", distribution) from _extracting(filename, error)

    async def _read(self, distribution: ResolvedDistribution, wheel: Wheel, path: str, crew: Crew) -> CachedWheel:
        stamp = self._states.state(path)
        hashes = wheel.file.hashes or distribution.hashes
        manifest = await crew.run(self._take, distribution, path, hashes)
        filename = wheel.file.filename
        self._store.point(distribution.name, wheel_origin(wheel, path), Pointed(filename, manifest.sha256, stamp))
        return make_cached(self._store, distribution, filename, manifest, cache_info=stamp or None)

    async def _build(self, distribution: ResolvedDistribution, crew: Crew, builds: CapacityLimiter) -> CachedWheel:
        path = local_path(distribution.source)
        # Taken before the build: what changes while it runs must be built again.
        stamp = b"" if path is None else self._states.state(path)
        async with builds:
            built = await self._builder.build(distribution)
        manifest = await crew.run(self._take, distribution, built.path, ())
        filename = os.path.basename(built.path)
        pointed = Pointed(filename, manifest.sha256, stamp, built.build_info)
        self._store.point(distribution.name, build_origin(distribution), pointed)
        return make_cached(
            self._store, distribution, filename, manifest, cache_info=stamp or None, build_info=built.build_info
        )

    def _take(self, distribution: ResolvedDistribution, path: str, hashes: tuple[HashDigest, ...]) -> Manifest:
        """Unpack the local wheel at *path*, unless the cache has it."""
        display = describe(distribution)
        try:
            with open(path, "rb", buffering=0) as file:
                raw = map_file(file.fileno())
            computed = _digests(raw, hashes)
            best = strongest(hashes)
            if best is not None and not any(each in hashes for each in computed if each.algorithm is best.algorithm):
                raise UnexpectedHash(display, hashes, computed)
            digests = _with_sha256(raw, computed)
            known = self._store.find(distribution.name, digests[0].partition(":")[2])
            return known or self._store.add(distribution.name, raw, digests)
        except OSError as error:
            raise PreparationBroke("read", distribution) from _unusable(error, path)
        except MauveError as error:
            raise FailedToPrepare("read", distribution) from error


def _digests(raw: Buffer, hashes: tuple[HashDigest, ...]) -> tuple[HashDigest, ...]:
    computed: list[HashDigest] = []
    for algorithm in sorted({digest.algorithm for digest in hashes} or {HashAlgorithm.SHA256}):
        digest = new_hash(algorithm)
        digest.update(raw)
        computed.append(HashDigest(algorithm, digest.hexdigest()))
    return tuple(computed)


def _with_sha256(raw: Buffer, computed: tuple[HashDigest, ...]) -> tuple[str, ...]:
    """Return the digests as text, SHA-256, which is added if it was not computed, first."""
    if sha256_of(computed) is None:
        computed = (*computed, *_digests(raw, ()))
    first_last = sorted(computed, key=lambda digest: digest.algorithm is not HashAlgorithm.SHA256)
    return tuple([str(digest) for digest in first_last])


def _size(remote: RemoteDistribution) -> int:
    """Return the size of the download; builds come first."""
    return 1 << 60 if remote.wheel is None else remote.wheel.file.size or 0


def failed_download(distribution: ResolvedDistribution, error: MauveError, action: str = "download") -> FailedToPrepare:
    """Return that the *action* on *distribution* failed for *error*, which decides how that is counted."""
    failed = FailedToPrepare if error.status is ExitStatus.FAILURE else PreparationBroke
    return failed(action, distribution)


def _extracting(filename: str, error: MauveError) -> MauveError:
    failed = FailedToExtract(filename)
    failed.__cause__ = error
    return failed


def _unusable(error: OSError, path: str) -> MauveError:
    from mauve.installer.wheel import UnusableFile

    return UnusableFile("open file" if error.errno == 2 else "write to", str(error.filename or path), error)
